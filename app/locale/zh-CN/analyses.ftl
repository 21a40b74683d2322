# Answers that are kept: names of analyses, parameters, columns, states.
kind-answers = 成果
status-pass = 满足
status-warning = 警告
status-fail = 不满足
status-none = 未评判

analysis-pipe-cover = 管线覆土
    .tip = 逐条管线核对覆土深度与规则

answers-marks-place = 位置
answers-asking = { $name }
answers-more-rows = 另有 { $count } 行；用 --out 写入文件，或用 --csv 全部打印
answers-none = 工程中没有保存的成果。
answers-holds = 仍然有效
answers-stale = 成果已过期。此后改变的有：{ $changes }
answers-all-hold = 所有成果仍然有效。
answers-again-line = { $name }：{ $before } -> { $after }，行数 { $rows }
answers-removed = 已移除 { $name }
answers-input-frame = 坐标系
answers-input-ground = 地形
answers-input-moment = 日期和时刻
answers-input-layer = 图层“{ $name }”
answers-input-rules = 规则 { $name }
answers-input-gone = 所分析的对象已不存在
answers-column-number = 编号
answers-column-name = 名称
answers-column-analysis = 分析
answers-column-status = 结论
answers-column-rows = 行数
answers-column-scheme = 方案
answers-column-stale = 此后改变
answers-column-created = 分析时间

edit-add-answer = 保存成果“{ $name }”
edit-again-answer = 重新分析“{ $name }”
edit-rename-answer = 将成果“{ $name }”改名为“{ $new }”
edit-note-answer = 备注成果“{ $name }”
edit-show-answers = 显示其他成果
edit-remove-answer = 移除成果“{ $name }”

note-answer-no-terrain = 工程没有地形：地面高程按 0 计。

column-object = 对象
column-layer = 图层
column-name = 名称
column-status = 结论
column-required = 要求
column-actual = 实际
column-shortfall = 相差
column-clause = 条款
column-pack = 规则包
column-verified = 规则已核
column-assumed = 假定
column-surface = 地面类别
column-level = 高程
column-runs = 管段
column-shallow = 覆土不足
column-east = 东坐标
column-north = 北坐标
column-ground = 地面高程

ask-layer = 图层
ask-layers = 图层
ask-pack = 规则
ask-step = 取点间距
ask-keep-all = 同时列出合格项
ask-scheme = 方案
