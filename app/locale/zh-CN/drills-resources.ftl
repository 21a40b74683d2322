# 资源统计、危险源分级、标绘符号。
analysis-drill-resources = 资源与危险源统计
    .tip = 按片区、类型和状态统计；按 GB 18218 给出危险源级别
ask-drill-resources-listed = 列出
ask-drill-resources-zones = 片区
choice-sorts = 各片区的类型
choice-hazards = 危险源及级别
column-kind = 类别
column-ready = 待命
column-committed = 已出动
column-out-of-service = 停用
column-quantity = 数量
column-capacity = 容量
column-resources = 资源
column-hazards = 危险源
column-levels = 已分级
column-substance = 物质
column-amount-tonnes = 存量（t）
column-r-value = R 值
column-hazard-level = 级别
cell-kind-resources = 资源
cell-kind-hazards = 危险源
cell-sort-slope = 边坡
cell-sort-high-rise = 高层建筑
cell-sort-other = 其他
answers-marks-drill-hazard-levels = 危险源级别
note-drill-r-value = R = α·β·q/Q，按注明的一种物质计算，α 按 500 m 内人口。临界量与校正系数凭记忆录入，未与 GB 18218-2018 核对，级别只作警告。
