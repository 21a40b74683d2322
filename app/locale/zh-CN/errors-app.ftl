# 命令行、任务文件和 Python 接口的错误。
error-api-no-such-option = 导入没有选项“{ $option }”。
    .hint = 可用选项：{ $options }
error-argument-building = “{ $text }”没有指明一栋建筑。
    .hint = 写作 图层:编号，例如 建筑:17
error-argument-camera = 相机有五个数，带视场角时为六个；“{ $text }”有 { $count } 个。
    .hint = 写作 经度,纬度,高程,方位角,俯仰角，例如 114.10,30.52,600,20,-35
error-argument-colour-by = “{ $text }”没有指明图层和字段。
    .hint = 写作 图层:字段，例如 建筑:height:ranges
error-argument-empty-project = 项目中没有可看的内容。
    .hint = 先导入一个文件
error-argument-limits = “{ $text }”不是分级界限。
    .hint = 写 1 至 20 个递增的数，例如 24,50,100
error-argument-number = “{ $text }”中的“{ $part }”不是数字。
    .hint = 小数用点，数与数之间用逗号，例如 120.5,30
error-argument-pitch = 俯仰角不能是 { $pitch } 度。
    .hint = 0 为平视，-90 为垂直向下
error-argument-point = “{ $text }”不是点：它有 { $count } 个数。
    .hint = 点写作 x,y 或 x,y,z，点与点之间用空格
error-argument-points = “{ $text }”有 { $count } 个点，需要 { $needed } 个。
    .hint = 点写作 x,y 或 x,y,z，点与点之间用空格
error-argument-size = “{ $text }”不是 16x16 至 { $largest } 的图片尺寸。
    .hint = 写作 宽x高，单位像素，例如 1920x1080
error-cli-side = “{ $text }”不是道路的一侧。
    .hint = 写 left（左）或 right（右）
error-cli-height-unit = “{ $unit }”不是高度单位。
    .hint = 写 m、ft、cm 或 mm
error-cli-language = 没有“{ $chosen }”的文字。
    .hint = 可选：{ $names }
error-cli-no-display = 没有可以打开窗口的显示器。
    .hint = 可不用显示器出图：citystage render --help、citystage run --help
error-cli-no-folder = 文件夹 { $folder } 不存在。
    .hint = 请先新建该文件夹，或另选一个
error-cli-project-name = 项目文件名应以 .gpkg 结尾。
    .hint = 例如 { $name }
error-cli-nothing-to-measure = 没有指明要量测什么。
    .hint = 请给出 --distance、--area、--polyline、--point、--angle 或 --building
error-cli-one-name = 一个名称不能用于 { $count } 个文件。
    .hint = 逐个导入，或不写 --name
error-cli-metres = “{ $text }”不是以米计的数。
    .hint = 请写 0 到 1000 之间的数，例如 30
error-cli-opacity = “{ $text }”不是不透明度。
    .hint = 写 0（透明）到 1（不透明）之间的数
error-cli-pair = “{ $text }”不是 名称=值。
    .hint = 写图层、等号和值，例如 建筑=#d9d4c7
error-cli-project-or-sample = 窗口要么打开一个项目，要么打开示例，不能同时打开两者。
    .hint = 去掉其中一个
error-cli-view-or-camera = 一张图要么用视图，要么用相机，不能两者都用。
    .hint = 去掉 --view 或 --camera
error-job-building = 要量测的建筑需要“layer”和“object”。
    .hint = 写 layer = "建筑" 和 object = 17
error-job-choice = “{ $key }”不能是“{ $value }”。
    .hint = 可写：{ $allowed }
error-job-missing = { $table } 缺少键“{ $key }”。
    .hint = 写 { $key } = ...
error-job-missing-file = 无法读取任务文件：{ $reason }。
    .hint = 检查文件名；任务文件是 UTF-8 编码的 TOML 文本
error-job-no-project = 任务中没有项目。
    .hint = 写 [project]，下一行写 file = "city.gpkg"
error-job-no-such-project = 任务中没有项目“{ $project }”。
    .hint = 任务中的项目：{ $projects }
error-job-no-views = 项目“{ $project }”没有命名视图。
    .hint = 用 citystage views 项目.gpkg --save 名称 保存一个
error-job-nothing = 任务没有要做的事。
    .hint = 添加 [[picture]]、[[table]]、[[film]]、[[export]]、[[section]]、[[profile]]、[[analysis]]、[[map]]、[[permit]]、[[repair_sheet]]、[[pipe_report]]、[[symbols]] 或 [[drill]]
error-job-outside = “{ $name }”在输出文件夹之外。
    .hint = 只写文件名，需要时可带输出文件夹之下的子文件夹
error-job-picture-eye = 一张图只能有“view”“views”“camera”之一。
    .hint = 每种写一个 [[picture]]
error-job-picture-suffix = 图片不能写成“{ $suffix }”。
    .hint = 文件名以 .png 结尾
error-job-placeholder = “{ $name }”中有未知的占位符“{ $placeholder }”。
    .hint = 可用：{ $allowed }
error-job-points = 这种量测需要 { $needed } 个点，而不是 { $count } 个。
    .hint = 写 points = "x,y x,y" 或 points = [[x, y], [x, y]]
error-job-project-source = 任务中的项目只能有一个来源：“file”、“sample = true”或 [[project.import]]。
    .hint = 三者留一
error-job-project-twice = 任务中有两个名为“{ $name }”的项目。
    .hint = 给其中一个写上不同的“name”
error-job-same-output = 有两项输出会写到同一个文件“{ $file }”。
    .hint = 在“file”中加入 {"{"}project{"}"}、{"{"}view{"}"}、{"{"}width{"}"} 或 {"{"}n{"}"}，或换个名称
error-job-syntax = 这不是 TOML：{ $reason }。
    .hint = 文字放在引号中，列表放在方括号中，表的名称写作 [名称]
error-job-table-layer = 图层表格需要 what = "layer" 和图层名称。
    .hint = 写 what = "layer" 和 layer = "建筑"
error-job-unknown-key = { $table } 没有键“{ $key }”。
    .hint = { $guess ->
        [no] 可用的键：{ $keys }
       *[other] 是不是“{ $guess }”？可用的键：{ $keys }
    }
error-job-value = “{ $value }”不适合“{ $key }”：{ $reason }。
    .hint = 各键可写的内容见 docs/job-file.md
error-job-write = 无法写入文件：{ $reason }。
    .hint = 检查文件夹权限和磁盘空间
error-project-exists = 文件已存在。
    .hint = 换一个名称，或先移走该文件
error-style-no-such-field = 样式没有“{ $field }”一项。
    .hint = 可用：{ $fields }
error-tables-layer-suffix = 图层表格不能写成“{ $suffix }”。
    .hint = 请用 .csv 或 .xlsx
error-tables-too-long = “{ $name }”有 { $count } 个对象，而一张工作表最多容纳 { $most } 个。
    .hint = 请用 .csv
