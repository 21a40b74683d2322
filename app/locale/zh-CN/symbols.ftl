# 应急标绘符号：列表、图表、符号面板、自有符号。
symbols-column-code = 代码
symbols-column-chinese = 名称
symbols-column-english = 英文
symbols-column-initials = 拼音
symbols-column-told = 标准代码
symbols-nothing = 没有与“{ $words }”相符的符号。
symbols-added = 符号“{ $name }”已保存，代码为 { $code }。
symbols-removed = 符号“{ $name }”已删除。
symbols-favourites = 常用符号 { $count } 个：{ $codes }
edit-add-symbol = 添加符号“{ $name }”
edit-remove-symbol = 删除符号“{ $name }”
note-symbol-parts-removed = 图形中有 { $count } 处含有脚本或引用其他文件，已略去。
