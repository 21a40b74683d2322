# Errors of symbols of users.
error-symbol-name = 符号需要名称，且不能与其他符号同名（“{ $name }”）。
    .hint = 请另起一个名称
error-symbol-many = 一个项目最多保存 { $count } 个自有符号。
    .hint = 请删除无人使用的符号
error-symbol-none = 项目中没有符号“{ $word }”。
    .hint = 项目自有符号：{ $names }；没有时请先由 SVG 或 GLB 文件添加
