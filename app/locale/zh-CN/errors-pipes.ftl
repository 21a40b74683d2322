# 管线的错误。
error-pipes-arrays = 管线图层的各列不相符。
error-pipes-size = { $total } 条管线中有 { $count } 条的尺寸小于零；第一条：{ $first }。
    .hint = 请检查尺寸字段及其单位
error-pipes-no-node = 图层中没有节点 { $id }。
    .hint = 请选择检查井、阀门或其他节点
error-pipes-no-run = { $id } 不是连接两个节点的管段。
    .hint = 请选择管段；孤立的管段见质量检查
error-pipes-no-way = 节点 { $start } 与节点 { $end } 之间没有通路。
    .hint = 两者位于互不相连的管网中
error-pipes-no-valve = 节点 { $id } 不是阀门。
    .hint = 只能列出阀门
