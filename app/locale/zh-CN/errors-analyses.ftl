# Errors of analyses and of kept answers.
error-analysis-unknown = 没有名为“{ $kind }”的分析。
    .hint = 可选：{ $names }
error-analysis-param-unknown = “{ $analysis }”没有参数“{ $name }”。
    .hint = 它的参数有：{ $names }
error-analysis-param-value = “{ $value }”不适用于“{ $name }”。
    .hint = 允许：{ $allowed }
error-analysis-param-missing = 缺少“{ $name }”。
    .hint = 请给出它的值
error-analysis-no-layer = 工程中没有“{ $kind }”类图层。
    .hint = 请先导入
error-analysis-which-layer = “{ $kind }”类图层有 { $count } 个。
    .hint = 请指明其一：{ $names }
error-answers-no-such-id = 没有编号为 { $id } 的成果。
error-answers-name = 两项成果不能同名，名称也不能为空。
    .hint = 请换一个名称
error-answers-none-such = 没有成果“{ $which }”。
    .hint = 现有：{ $names }
