# 筛选与样式的错误。
error-filter-unfinished = 筛选条件在“{ $read }”之后没有写完。
    .hint = 写成完整的比较，例如 层数 > 10
error-filter-syntax = 筛选条件在“{ $part }”处无法理解。
    .hint = 写成比较，例如 层数 > 10 且 用途 = 住宅
error-filter-field = 没有名为“{ $field }”的字段。
    .hint = 可用的字段：{ $fields }
error-filter-number = “{ $text }”不是数字，而字段“{ $field }”是数值字段。
    .hint = 与数字比较，例如 10 或 3.5
error-filter-flag = 字段“{ $field }”只有是和否两个值。
    .hint = 写成 { $field } = 是
error-style-limit = 分界值 { $limit } 必须介于 { $low } 与 { $high } 之间。
    .hint = 请先修改相邻的分界值
error-style-not-a-number = “{ $text }”不是数字。
    .hint = 分界值写成 24 或 3.5 这样的数字
