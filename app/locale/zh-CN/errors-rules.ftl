# 规则包的错误。
error-rules-unreadable = { $file } 不是可读取的规则包：{ $reason }。
    .hint = 与“citystage rules copy 规则包 文件”写出的文件对照
error-rules-invalid = { $file } 有 { $count } 处错误；第一处在 { $place }：{ $reason }。
    .hint = 与“citystage rules copy 规则包 文件”写出的文件对照
error-rules-no-pack = 没有名为“{ $name }”的规则包。
    .hint = 现有：{ $names }
error-rules-exists = { $file } 已经存在。
    .hint = 换一个名称
