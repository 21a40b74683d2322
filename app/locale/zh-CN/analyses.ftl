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
answers-none = 项目中没有保存的成果。
answers-holds = 仍然有效
answers-stale = 成果已过期。此后改变的有：{ $changes }
answers-all-hold = 所有成果仍然有效。
answers-again-line = { $name }：{ $before } -> { $after }，行数 { $rows }
answers-shown = { $count ->
    [0] 场景中不显示任何成果的标注。
   *[other] 场景中显示：{ $names }
}
answers-removed = 已移除 { $name }
answers-input-frame = 坐标系
answers-input-ground = 地形
answers-input-moment = 日期和时刻
answers-input-in-service = 此时处于有效期内的资源
answers-input-zones = 封闭道路的范围
answers-input-layer = 图层“{ $name }”
answers-input-rules = 规则 { $name }
answers-input-scheme = 方案“{ $name }”
answers-input-file = 文件“{ $name }”
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

note-answer-no-terrain = 项目没有地形：地面高程按 0 计。

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

panel-answers = 成果
menu-analyses = 分析(&A)
analyses-group-planning = 规划(&P)
analyses-group-light = 日照(&L)
analyses-group-sight = 视线(&S)
analyses-group-pipes = 管线(&I)
analyses-group-drill = 演练(&D)
dialog-analysis = 分析
analysis-go = 开始分析
analysis-scheme-shown = 当前显示的状态
answers-empty = 分析的成果保存在这里。请从“分析”菜单开始。
answers-facts = 成果的指标
answers-is-stale = 已过期
answers-remark = 说明
answers-program = 程序
answers-again = 重新分析
answers-again-all = 重新分析所有过期成果
answers-form = 换参数再分析…
answers-show = 在场景中显示
answers-rename = 改名…
answers-note = 备注
answers-export = 导出…
answers-remove = 移除
answers-exported = 已写入 { $name }。
answers-files-xlsx = Excel (*.xlsx)
answers-files-csv = CSV (*.csv)
answers-files-geojson = GeoJSON (*.geojson)
answers-files-gpkg = GeoPackage (*.gpkg)
answers-files-json = JSON (*.json)
ask-nothing = 无
ask-all-packs = 全部规则包
ask-shape-point = x,y 或 x,y,z
ask-shape-points = x,y x,y ...
ask-shape-line = x,y x,y ...
ask-shape-area = x,y x,y x,y ...；留空为全部
ask-shape-draw = 在画面中绘制
ask-shape-selected = 取自所选对象
ask-shape-none-selected = 没有选中合适的对象。
answers-existing = 现状
