# 导入说明。
note-crs-overridden = 文件标明的坐标系是 { $told }；已按要求使用 { $used }。
note-crs-proposed = 项目采用 { $crs }；文件的坐标系是 { $file }，位于 { $place } 附近。
note-axes-swapped = 文件中北坐标在东坐标之前（第一个：{ $first }）；已交换坐标轴。
note-outside-area = { $share }% 的坐标位于 { $crs } 的适用范围之外。
note-far-from-project = 数据距项目已有数据 { $km } km；如非本意，请检查其坐标系。
note-imported-before = 项目中已有来自该文件的图层“{ $name }”，现在有两份。
note-height-absurd = 字段“{ $field }”中有 { $count } 个值不可能是高度，按缺失处理（如 { $value }；前几个：{ $first }）。
note-heights-against-floors = 按“{ $floors }”计算，“{ $field }”的层高为 { $storey } 米：它可能是海拔高程，或用了其他单位。如是，请用 --height-field 或 --height-unit 另行指定。
note-heights-tall = “{ $field }”中有一半高度超过 { $median } 米：它可能是海拔高程，或用了其他单位。
note-base-field = 地面标高取自字段“{ $field }”。
note-height-step-surfaces = 表面的高度范围
note-height-step-field = 字段 { $field }
note-height-step-floors = { $roof ->
        [none] { $field } × { $storey } 米
       *[other] { $field } × { $storey } 米 + { $roof }
    }
note-height-step-solid = 三维坐标的高度范围
note-height-step-default = 默认 { $metres } 米
note-solid-footprints = { $count } 个要素由立面构成；取其俯视轮廓作为基底（前几个：{ $first }）。
note-parts = { $count } 个部件属于 { $parents } 栋建筑。
note-parts-without-parent = { $count } 个部件没有所属建筑（前几个：{ $first }）。
note-outlines-undrawn = { $count } 个轮廓已被部件覆盖，不再绘制；另有 { $cut } 个只绘制部件以外的剩余部分（{ $rests } 个对象）。
note-raster-coarser = 为适应内存或所要求的分辨率，栅格粗化为 { $factor } 倍。
note-terrain-size = { $columns } × { $rows } 个高程点，间距 { $step } 米，高程 { $low } 至 { $high } 米。
note-heights-absurd = { $count } 个格网的值不可能是高程，按未知处理。
note-zero-collar = 边缘有 { $count } 个格网为 0，按未知处理。
note-heights-converted = 高程已由 { $unit } 换算为米。
note-heights-taken-as-metres = 坐标系以 { $unit } 为单位；高程按米处理。如果是英尺，请用 --height-unit ft 导入。
note-first-bands = 影像有 { $count } 个波段；前三个作为红、绿、蓝。
note-stretched = 已拉伸亮度：{ $low } 为黑，{ $high } 为白。
note-imagery-size = { $columns } × { $rows } 像素，每像素 { $step } 米。

progress-looking = 正在查看文件
progress-repairing = 正在检查和修复几何
progress-duplicates = 正在查找重复要素
progress-tiles = 正在合并被瓦片切开的部分
progress-heights = 正在确定高度
progress-parts = 正在归并建筑部件
progress-transforming = 正在转换到项目坐标系
progress-building = 正在生成图层
progress-done = 完成
note-heights-unused = “{ $field }”中的数不可能是以米计的高度（如 { $value }），未采用该字段；若单位是厘米或毫米，可用 --height-field 和 --height-unit cm 或 mm 指定。
note-coordinates-scaled = { $unit ->
        [mm] 坐标按毫米计才符合该坐标系，已换算为米。
        [cm] 坐标按厘米计才符合该坐标系，已换算为米。
       *[km] 坐标按千米计才符合该坐标系，已换算为米。
    }
note-shift-undone = 已消除 { $system } 加偏，位置误差约一米。
note-height-step-extruded = 拉伸图形的角点高度
note-tops-above-sea = { $count } 个图形拉伸到海拔高程；没有地形就无法知道其离地高度（前几个：{ $first }）。请先导入地形。
note-far-apart = 有 { $count } 个图形与其余图形相距最远 { $km } 千米（对象 { $ids }），其坐标可能有误。
