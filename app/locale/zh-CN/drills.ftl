# 演练方案：类别、命令、方案中的问题、文件中不完好之处。
kind-drills = 演练
edit-add-plan = 保存方案“{ $name }”
edit-change-plan = 修改方案“{ $name }”
edit-remove-plan = 删除方案“{ $name }”
edit-keep-exercise = 保存演练记录“{ $name }”

drill-type-fire = 火灾
drill-type-gas-leak = 燃气泄漏
drill-type-chemical = 危险化学品
drill-type-flood = 内涝与洪水
drill-type-earthquake = 地震与避难
drill-type-traffic = 交通事故
drill-type-crowd = 大型活动
drill-type-power = 停电
drill-type-other = 其他
drill-grade-I = Ⅰ级（特别重大）
drill-grade-II = Ⅱ级（重大）
drill-grade-III = Ⅲ级（较大）
drill-grade-IV = Ⅳ级（一般）

drill-problem-step-without-role = “{ $step }”没有执行者：请选择角色。
drill-problem-unknown-role = “{ $step }”所用的角色“{ $role }”不在方案中。
drill-problem-unknown-phase = “{ $step }”所属的阶段“{ $phase }”不在方案中。
drill-problem-unknown-unit = “{ $step }”需要的力量“{ $unit }”不在方案中。
drill-problem-unknown-objective = “{ $step }”对应的目标“{ $objective }”不在方案中。
drill-problem-unknown-element = “{ $step }”含有未知类型的要素“{ $kind }”，不予绘制。
drill-problem-unknown-step = “{ $step }”所依赖的步骤“{ $other }”不在方案中，按其自身时刻排列。
drill-problem-circle = { $count ->
    [one] { $steps }：该步骤在等待自己。
   *[other] { $steps }：这 { $count } 个步骤互相等待，都无法开始。
  }
drill-problem-before-the-plan = “{ $step }”早于方案开始，改为从第 0 秒开始。
drill-problem-negative-length = “{ $step }”的时长小于零：请填写时长。
drill-problem-no-condition = “{ $step }”等待的条件没有写明。
drill-problem-no-steps = “{ $name }”还没有步骤。
drill-problem-two-places = “{ $unit }”同时出现在两处：{ $steps }。
drill-problem-too-few = “{ $unit }”需要 { $needed } 个，只有 { $count } 个：{ $steps }。
drill-problem-outside-city = “{ $what }”在城市范围之外 { $away_m } 米。
drill-problem-no-way = “{ $unit }”没有到达“{ $step }”的道路。
drill-problem-late = “{ $unit }”到达“{ $step }”晚 { $late_s } 秒；路程需 { $takes_s } 秒。

note-plan-cut = 文件 { $where } 中途截断；此前的内容均已读入。
note-plan-left-out = { $where } 无法读取，已略去：{ $value }。
note-plan-replaced = { $where } 的值“{ $value }”不合适，已采用通常值。
note-plan-unknown-field = 本版本不认识 { $where }，已略去。
note-plan-same-id = { $where } 与另一项编号相同（{ $id }），已略去。

drill-none = 工程中还没有演练方案。
drill-imported = 已读入方案“{ $name }”：{ $steps } 个步骤，{ $roles } 个角色。
drill-copied = 副本名为“{ $name }”。
drill-removed = 已删除方案“{ $name }”。
drill-sound = 方案“{ $name }”没有问题。
drill-grave = 错误
drill-light = 提示
drill-now = 在 { $time }：
drill-next = 接下来 { $time }：{ $title }
drill-column-id = 编号
drill-column-name = 名称
drill-column-type = 类型
drill-column-grade = 等级
drill-column-minutes = 分钟
drill-column-steps = 步骤
drill-column-roles = 角色
drill-column-injects = 插入事件
drill-column-version = 版本
drill-column-weight = 程度
drill-column-problem = 问题
drill-column-begins = 开始
drill-column-ends = 结束
drill-column-phase = 阶段
drill-column-role = 执行者
drill-column-title = 步骤
drill-column-place = 地点
drill-column-unit = 力量
drill-column-state = 状态
drill-column-east = 东坐标
drill-column-north = 北坐标
drill-column-heading = 方向
drill-column-step = 正在执行
