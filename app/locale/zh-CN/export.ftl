# 为其他软件导出城市：命令、对话框、说明。
progress-exporting = 正在写城市
cli-exporting = { $file }
export-wrote = 已写入 { $path }：建筑 { $objects } 个，{ $models ->
        [0] {""}
       *[other] 模型 { $models } 个，
    }{ $trees ->
        [0] {""}
       *[other] 树木 { $trees } 棵，
    }文件 { $files } 个，{ $megabytes } MB
export-note-heights-unchanged = 高程按 WGS 84 椭球面以上的高度写出。若用于带地形的地球，请用 --height-offset 给出项目高程基准高出椭球面的米数。
export-note-no-crs-code = 坐标系没有 EPSG 代码，文件中未注明坐标系。
export-note-no-textures = 模型以其贴图的平均颜色写出；此处的 CityJSON 不含贴图。
export-left-of = { $layer }（{ $count }）
export-left-kind-not-written = 文件只含建筑、模型和树木，未写入：{ $what }。
export-left-layer-hidden = 图层已隐藏，未写入：{ $what }。
export-left-condition-not-met = 不满足条件，未写入：{ $what }。
export-left-under-model = 已由模型代替，未写入：{ $what }。
export-left-parts-instead = 轮廓由其建筑部件代替：{ $what }。
export-left-no-faces = 没有任何面具有面积，未写入：{ $what }。
job-exporting = 正在写 { $name }
action-export-city = 导出城市(&Y)…
    .tip = 将建筑、模型和树木写成 3D Tiles、GLB 或 CityJSON
dialog-export-city = 导出城市
    .lead = 将建筑、手工模型和树木及其颜色、属性写给其他软件。
export-format = 格式
export-format-3dtiles = 3D Tiles 1.1
export-format-glb = GLB（glTF 2.0）
export-format-cityjson = CityJSON 2.0
export-about-3dtiles = 一个瓦片文件夹，位于地球上的真实位置，供 Cesium、游戏引擎和网络地图使用。建筑数量不限；模型带贴图。
export-about-glb = 一个文件，封闭实体和带贴图的模型，单位为米，使用局部原点，供 Blender、三维打印和演示使用。
export-about-cityjson = 一个文件，含建筑、建筑部件、表面和模型的形体，使用项目坐标，供地理信息系统和城市模型使用。
export-which = 内容
export-which-visible = 全部可见的
export-which-selected = 已选中的
export-where = 仅满足条件
export-where-example = height > 50 且 用途 = 办公
export-height-offset = 基准高出椭球面
export-height-offset-help = 项目高程零点高出 WGS 84 椭球面的米数（海拔高程即为大地水准面高）。取 0 时零高程位于椭球面上。
files-export-3dtiles = 瓦片文件夹
files-export-glb = 导出 GLB
files-export-cityjson = 导出 CityJSON
files-filter-glb = GLB (*.glb)
files-filter-cityjson = CityJSON (*.json *.jsonl)
help-export = 将建筑、手工模型和树木写成 3D Tiles、GLB 或 CityJSON，或将量测、某图层的对象写成表格；表头带单位，注明坐标系。
help-export-out = 要写入的表格：.csv、.xlsx；量测也可用 .geojson。
help-export-tiles = 3D Tiles 1.1 瓦片的文件夹。
help-export-glb = GLB 文件：单位为米，y 轴向上，局部原点。
help-export-cityjson = CityJSON 2.0 文件（.json）或文本序列（.jsonl）。
help-export-layer = 要写的图层：表格可为任意图层，其他格式为建筑、模型或树木图层。
help-export-where = 仅写满足条件的对象，如 'height > 50'。
help-export-ids = 仅写某一图层的这些对象：17,18,40。
help-export-height-offset = 3D Tiles：项目高程基准高出 WGS 84 椭球面的米数。
help-export-overwrite = 替换同名的旧导出。
error-cli-export-nothing = 没有说明要写什么。
    .hint = 写明表格，或添加 --3dtiles 文件夹、--glb 文件 或 --cityjson 文件
error-cli-export-ids = “{ $text }”不是建筑编号。
    .hint = 请写整数并用逗号隔开，如 17,18,40
error-job-export-file = “{ $name }”没有说明要写什么。
    .hint = 以 .glb、.city.json、.city.jsonl 结尾，或写“文件夹/tileset.json”
error-export-ids-of-several = 建筑编号属于某一个图层，但选了 { $count } 个图层。
    .hint = 用 --layer 指明图层
error-export-nothing-chosen = 没有选中任何建筑或模型。
    .hint = 检查条件，或选择其他图层
error-export-not-buildings = 图层“{ $name }”不含建筑、模型或树木。
    .hint = 请选择建筑、模型或树木图层
error-export-no-buildings = 没有可见的建筑或模型图层。
    .hint = 导入建筑、显示其图层，或用 --layer 指明
error-export-nothing-drawn = 所选内容均不绘制。
    .hint = 请选择代替轮廓的建筑部件
error-export-folder = 文件夹 { $folder } 不存在。
    .hint = 先建立文件夹，或写到别处
error-export-foreign-folder = 该处已有其他内容，不会被删除。
    .hint = 请换一个名称
error-export-exists = 该处已有同名导出。
    .hint = 换一个名称，或用 --overwrite 替换
error-export-no-room = 磁盘空间不足，未写入任何内容。
    .hint = 腾出空间，或写到其他磁盘
error-export-write = 无法写入：{ $reason }。
    .hint = 检查文件夹权限，或写到别处
error-export-too-large = { $count } 个建筑和模型超出一个 GLB 文件的 4 GiB 上限。
    .hint = 减少所选建筑，或导出 3D Tiles
error-export-glb-suffix = GLB 文件不能命名为“{ $name }”。
    .hint = 文件名请以 .glb 结尾
error-export-cityjson-suffix = CityJSON 不能写成“{ $suffix }”。
    .hint = 请用 .json，文本序列用 .jsonl
error-cli-export-one-layer = 一张表格只写一个图层的对象。
    .hint = 只写一个图层，或每个图层各运行一次
