# 管线的错误。
error-pipes-arrays = 管线图层的各列不相符。
error-pipes-size = { $total } 条管线中有 { $count } 条的尺寸小于零；第一条：{ $first }。
    .hint = 请检查尺寸字段及其单位
