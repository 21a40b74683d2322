# Help of the command line: drills, networks of pipes, and what many commands share.
help-any-save = 以此名称把成果保存在项目中。
help-any-out = 写出成果：.csv、.xlsx、.json、.geojson、.gpkg；可重复。

# Drills
help-drill-any-name = 方案的名称或编号。
help-drill-any-view = 命名视图；不写则为方案涉及的地点。
help-drill-any-size = 宽 x 高，像素。
help-drill-any-fire = 在某一秒下发的导调：编号=秒。
help-drill-any-places = 消防站或其他资源的图层。
help-drill-any-sort = 仅此类型，如 fire-station 或 hydrant。
help-drill-any-turnout = 出动前的分钟数。
help-drill-any-vehicle = car 汽车、engine 消防车（不走窄路和限高路）或 foot 步行。
help-drill-any-factor = 平常速度的倍数，如开警灯时 1.2。
help-drill-any-against = 单行道可逆行。
help-drill-any-roads = 道路图层；不写则为全部。
help-drill-any-closed = 封闭道路的一圈坐标、线或矩形“西,南,东,北”。
help-drill-any-closed-layer = 其面和线封闭道路的图层。
help-drill-any-closed-by = 以其范围封闭道路的已存分析，如某一灾害的影响范围。
help-drill-any-layer = 建筑图层；不写则为全部。
help-drill-any-all-states = 全部计入，包括已出动、停用和不在有效期内的。
help-drill-any-when = 日期或时刻，如 2026-06-30T18:00；不写则为项目时刻。
help-drill-any-junction = 每经过一个三岔及以上路口耗费的秒数。
help-drill-list = 列出项目中的方案，全部或符合条件的：类型、级别、时长、环节数、角色数。
help-drill-list-find = 方案文字中出现的词，顺序不限。
help-drill-list-kind = 仅此类型，如 gas-leak。
help-drill-list-grade = 仅此级别：I、II、III、IV。
help-drill-list-region = 仅此范围：西,南,东,北 或一圈坐标“东,北 东,北 东,北”。
help-drill-list-since = 不早于此日，如 2026-06-21。
help-drill-list-until = 不晚于此日。
help-drill-import = 从文件读入方案；其中不完好的部分会说明并略去。
help-drill-import-file = 由 drill export 写出的方案（.json）。
help-drill-export =
    按扩展名把方案写入文件。

    以 .json 写出方案本身，用于保存、传送或编辑；.geojson、.czml、.kml 为随时间移动的力量和区域；.xml 为 CAP 1.2 消息，
    状态始终为 Exercise（演练）；.xlsx 为资源清单。
help-drill-export-file = 要写入的文件（.json、.geojson、.czml、.kml、.xml、.xlsx）。
help-drill-export-at = CAP 消息：写出方案第几秒的区域。
help-drill-check = 指出方案中的问题；按现状无法推演时退出码为 1。
help-drill-play = 列出方案的时间表，或某一秒谁在何处、正在进行什么。
help-drill-play-at = 方案的第几秒；不写则列出整个时间表。
help-drill-copy = 以新名称复制方案。
help-drill-copy-new = 副本的名称。
help-drill-remove = 删除方案及其版本和演练记录。
help-drill-picture = 绘制方案某一秒的城市。
help-drill-picture-out = 要写入的 PNG 文件。
help-drill-picture-at = 方案的第几秒。
help-drill-film = 逐帧制作推演影片，每次结果相同。
help-drill-film-out = MP4 文件，或存放 PNG 的文件夹。
help-drill-film-speed = 影片每秒对应方案的秒数。
help-drill-film-fps = 每秒帧数。
help-drill-film-start = 方案的起始秒。
help-drill-film-end = 结束秒；0 为到最后。
help-drill-script = 编写演练脚本：情景、人员、关键时刻、每一环节的台词。
help-drill-script-out = 要写入的文件：.pdf、.docx、.xlsx；可重复。
help-drill-script-pictures = 绘制关键时刻的图片。
help-drill-form = 编写评估表：目标和环节，留有填写处。
help-drill-form-out = 要写入的文件：.pdf、.docx、.xlsx；可重复。
help-drill-reach-at = 地点，东,北；可重复。
help-drill-reach-minutes = 时间（分钟），用空格分隔。

# Hazards
help-drill-hazard-any-at = 位置，东,北。
help-drill-hazard-any-hazard = 用危险源的名称或编号代替 --at。
help-drill-hazard-any-fuel = petrol 汽油、diesel 柴油、lpg 液化石油气、lng 液化天然气或 methanol 甲醇。
help-drill-hazard-any-wind = 风速，米每秒。
help-drill-hazard-any-wind-from = 风的来向，自坐标北顺时针的度数。
help-drill-hazard-any-times = 分钟数，用空格分隔。
help-drill-hazard-any-listed = 列出：zones 各分区，或 places 其中的地点。
help-drill-hazard-plume-substance =
    chlorine 氯、ammonia 氨、hydrogen-sulphide 硫化氢、sulphur-dioxide 二氧化硫、hydrogen-chloride 氯化氢、
    carbon-monoxide 一氧化碳或 methane 甲烷。
help-drill-hazard-plume-rate = 泄漏速率，千克每秒。
help-drill-hazard-plume-stability = 帕斯奎尔稳定度，A 至 F。
help-drill-hazard-plume-site = open 开阔或 urban 城区。
help-drill-hazard-plume-height = 泄漏口高度，米。
help-drill-hazard-plume-limits = 阈值，ppm；不写则用该气体的阈值。
help-drill-hazard-heat-pool = 燃烧面积，平方米。
help-drill-hazard-heat-power = 用兆瓦数代替燃料和面积。
help-drill-hazard-heat-share = 以辐射散出的热量比例。
help-drill-hazard-heat-limits = 热辐射强度，千瓦每平方米。
help-drill-hazard-blast-tnt = TNT 千克数；0 则由气体推算。
help-drill-hazard-blast-mass = 气云中气体的千克数。
help-drill-hazard-blast-share = 其能量进入爆炸的比例。
help-drill-hazard-blast-limits = 超压，千帕。
help-drill-hazard-flood-depth = 源头水深，米；0 则用 --level。
help-drill-hazard-flood-level = 水位高程；需 --depth 0。
help-drill-hazard-flood-radius = 考察半径，米。
help-drill-hazard-flood-spacing = 取样间距，米。
help-drill-hazard-flood-depths = 各分区的水深，米。
help-drill-hazard-flood-speed = 水流速度，米每秒。
help-drill-hazard-fire-gap = 无风时火能跨越的米数。
help-drill-hazard-fire-minutes = 由一栋蔓延到另一栋的分钟数。

# Networks of pipes
help-pipes-look = 设定管线在图片和窗口中的画法。
help-pipes-section-trees = 绘出树木及树坑。
help-pipes-trace =
    从某条管线或某个节点起追踪管网。

    流向取自排水坡度、水泵与止回阀、水源唯一通路或水力计算；无从判断时两个方向都追踪，并标为不确定。
help-pipes-trace-start = 管线或节点的编号，或其 id，如 #17。
help-pipes-trace-what = connected 连通、loops 环路、upstream 上游、downstream 下游、way 路径或 service 服务范围。
help-pipes-trace-to = 路径通向的节点。
help-pipes-trace-metres = 服务范围沿管线延伸多远；0 为所供的全部。
help-pipes-trace-closed = 关闭的阀门，用逗号分隔。
help-pipes-trace-layer = 管线图层，有多个时填写。
help-pipes-trace-hydraulics = 先计算水流，以确定流向。
help-pipes-burst =
    说明爆管的影响：按步行顺序应关的阀门，以及哪些用户停水。

    还列出阀门失灵时改关哪些、失去的消火栓，以及期间由何处供水。没有阀门可以止水时退出码为 1。
help-pipes-burst-at = 爆管位置：东,北；取最近的管线。
help-pipes-burst-run = 或写管段编号，或其 id，如 #17。
help-pipes-burst-seized = 无法关闭的阀门，用逗号分隔。
help-pipes-burst-closed = 已关闭的阀门，用逗号分隔。
help-pipes-burst-line-class = 该处管网的类别：water、gas 或 heat。
help-pipes-burst-layer = 管线图层，有多个时填写。
help-pipes-hydraulics =
    用 EPANET 引擎计算供水管网的水压和流量。

    由 EPANET 模型导入的图层按该模型计算；其他图层按管线属性和常用值计算，所用数值都会说明。管网不满足时退出码为 1。
help-pipes-hydraulics-hours = 计算时长，小时；0 按模型。
help-pipes-hydraulics-at-hour = 表格所列的时刻。
help-pipes-hydraulics-run = 爆管的管段：对比关阀前后。
help-pipes-hydraulics-seized = 无法关闭的阀门，用逗号分隔。
help-pipes-hydraulics-closed = 已关闭的阀门，用逗号分隔。
help-pipes-hydraulics-least = 视为足够的水压，米水柱。
help-pipes-hydraulics-layer = 管线图层，有多个时填写。
help-pipes-valves =
    给没有阀门的管网布置阀门；EPANET 模型就没有。

    按规则布置的阀门处处标为推定。
help-pipes-valves-rule = n：岔口的每条管线；n-1：除最粗的一条以外。
help-pipes-valves-file = 改用含 link、node 两列的表（.csv）。
help-pipes-valves-line-class = 布置阀门的管线类别。
help-pipes-valves-layer = 管线图层，有多个时填写。

# Others
help-views-rename = 旧名=新名。
