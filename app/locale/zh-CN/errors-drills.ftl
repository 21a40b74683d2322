# Errors of plans of drills.
error-drill-no-such-step = 方案中没有步骤“{ $id }”。
    .hint = 请从 { $count } 个步骤中选择
error-drill-no-such-role = 方案中没有角色“{ $id }”。
    .hint = 请从 { $count } 个角色中选择
error-drill-no-such-unit = 方案中没有力量“{ $id }”。
    .hint = 请从 { $count } 个力量中选择
error-drill-no-such-plan = 没有编号为 { $id } 的方案。
error-drill-no-such-name = 没有名为“{ $name }”的方案。
    .hint = 可选：{ $names }
error-drill-name = 两个方案不能同名，名称也不能为空。
    .hint = 请换一个名称
error-drill-not-a-plan = 文件中没有演练方案。
    .hint = 请选择 Citystage 写出的文件，或含有步骤列表的文件
error-drill-too-large = 不读取超过 { $most } MB 的方案。
    .hint = 请检查该文件是否为方案
error-drill-newer = 该方案由更新版本的 Citystage 写出（格式 { $version }）。
    .hint = 请升级 Citystage
error-drill-log-write = 无法写入演练记录：{ $reason }。
    .hint = 请腾出磁盘空间或换一个文件夹
error-drill-fire = “{ $text }”不是方案的插入事件及其时刻。
    .hint = 请写成 编号=秒，编号可选：{ $ids }
error-drill-film = 影片每秒 1 至 60 帧，速度 0.1 至 600 倍，开始须早于结束。
    .hint = 可以用每秒 10 帧、60 倍速
