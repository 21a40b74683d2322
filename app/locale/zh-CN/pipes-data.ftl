# 管线数据的导入与质量检查。
note-pipes-size-in-metres = 字段“{ $field }”中的管径按米读取，因为没有一个达到 10。
note-pipes-boxes = { $count } 个双数字断面作为矩形断面；第一个数按{ $first ->
    [width] 宽
   *[height] 高
}读取。
note-pipes-nodes-made = 在没有点的管线起点、终点和交汇处新建了 { $count } 个节点。
note-pipes-assumed-levels = { $total } 条管段中有 { $count } 条的一端或两端高程按规则假定，并已标记为“假定”。
note-pipes-assumed-sizes = { $total } 条管段中有 { $count } 条的管径按规则假定，并已标记为“假定”。
note-pipes-assumed-classes = { $total } 条管段中有 { $count } 条未说明类别，按“其他、不明”处理，并已标记为“假定”。可用 --class 指定类别。
note-epanet-clock = { $count } 处如“6 AM”的时刻按“6:00 AM”读取；文件本身不变。
note-epanet-late = “{ $text }”按下午的时刻读取；文件本身不变。
note-epanet-quality = 以“{ $unit }”为单位的化学水质按 mg/L 读取；文件本身不变。
note-epanet-units = 模型单位：{ $units }。全部换算为米；EPANET 文件没有埋深，埋深按规则假定。
note-swmm-units = 模型流量单位：{ $units }；长度{ $metric ->
    [true] 为米
   *[false] 为英尺，已换算为米
}。
note-swmm-sections = { $count } 个既非圆形也非矩形的断面按其高和宽画成矩形。
note-pipes-put = 模型中心放在东 { $east }、北 { $north }；其坐标一个单位为 { $unit } 米。
note-pipes-coordinates-times = 坐标是管长所示的 { $factor } 倍，已除以该数；用 --factor 1 保留原值。
note-pipes-schematic = 按坐标算的长度是模型所记长度的 { $ratio } 倍：其平面图可能只是示意，或单位不同。
reason-unknown-node = 起点或终点所指的点不在文件中或没有位置
reason-no-coordinates = 没有坐标的点
reason-number-repeated = 第二次出现的编号
reason-row-unreadable = 无法读取的行
reason-point-repeated = 同一位置重复列出的点
reason-number-of-two-points = 两个位置共用的点号；管段连到第一个
reason-number-missing = 没有点号的点
reason-run-to-itself = 起点与终点相同的管段
note-pipes-sheets = 点读自 { $points }，线读自 { $lines }。
note-pipes-sheets-left = { $count } 张表既不是点表也不是线表，未导入：{ $names }。
note-pipes-x-is-north = 按测量习惯，“{ $x }”为北坐标，“{ $y }”为东坐标。

# Columns of the object table.
column-pipe-role = 类型
column-pipe-class = 管线类别
column-pipe-subclass = 管线小类
column-pipe-form = 断面形式
column-pipe-level-of = 高程所指
column-pipe-status = 状态
column-pipe-assumed = 假定项
column-pipe-width = 宽（m）
column-pipe-height = 断面高（m）
column-pipe-wall = 壁厚（m）
column-pipe-start-level = 起点高程（m）
column-pipe-end-level = 终点高程（m）
column-pipe-start-node = 起点
column-pipe-end-node = 终点

# Findings of the quality check.
pipes-issue-zero-length = 零长度管段
pipes-issue-duplicate-run = 重复管段
pipes-issue-negative-depth = 埋深为负（管顶高于地面）
pipes-issue-above-ground = 管底高于地面
pipes-issue-too-deep = 埋深或井深过大，不合常理
pipes-issue-no-size = 管径填为 0
pipes-issue-absurd-size = 管径不合常理
pipes-issue-wrong-class = 类别代码错误或不明
pipes-issue-no-node = 管段端点没有管点
pipes-issue-duplicate-point = 同一位置有两个点
pipes-issue-duplicate-number = 编号重复
pipes-issue-dangling-end = 悬挂端点（差一点未接上）
pipes-issue-orphan-point = 孤立点
pipes-issue-missing-number = 缺编号
pipes-issue-against-slope = 流向与坡度相反
pipes-issue-smaller-downstream = 下游管径变小
pipes-quality-issue = 问题
pipes-quality-severity = 程度
pipes-quality-id = 对象
pipes-quality-other = 相关对象
pipes-quality-number = 编号
pipes-quality-east = 东坐标（m）
pipes-quality-north = 北坐标（m）
pipes-quality-level = 高程（m）
pipes-quality-value = 数值
pipes-quality-limit = 限值
pipes-quality-assumed = 含假定
pipes-quality-severity-error = 错误
pipes-quality-severity-look = 需核对
pipes-quality-none = { $name }：检查了 { $total } 个管段和管点，未发现问题。
pipes-quality-found = { $name }：检查了 { $total } 个管段和管点，发现 { $count } 处问题。
pipes-quality-more = 另有 { $count } 处；用 --out 全部写出。
progress-checking-pipes = 正在检查管网
pipes-fields-title = { $table ->
    [points] 点表：{ $name }
    [lines] 线表：{ $name }
   *[none] 既非点表也非线表：{ $name }
}
pipes-fields-key = 含义
pipes-fields-field = 字段
pipes-fields-unused = 以原名保留：{ $names }
pipes-fields-saved = 已写出模板 { $path }
pipes-levels-moved = { $name }：{ $count } 条假定高程的管段已按现有地面调整。
note-pipes-issue = 质量检查：{ $count } 处 { $issue ->
    [zero-length] 零长度管段
    [duplicate-run] 重复管段
    [negative-depth] 埋深为负（管顶高于地面）
    [above-ground] 管底高于地面
    [wrong-class] 类别代码错误或不明
    [no-node] 管段端点没有管点
    [duplicate-point] 同一位置有两个点
    [duplicate-number] 编号重复
    [dangling-end] 悬挂端点（差一点未接上）
    [orphan-point] 孤立点
    [missing-number] 缺编号
    [against-slope] 流向与坡度相反
   *[smaller-downstream] 下游管径变小
}；详见“citystage pipes quality”。
edit-pipes-levels = 按地面调整 { $name }

# The dialog, and what fields say.
dialog-import-pipes = 导入管线
    .lead = 管线探测成果表，或 EPANET、SWMM 模型。带 * 的字段必填，其余可留空。
action-import-pipes = 导入管线(&P)…
    .tip = 读取管线点表和线表，或 EPANET、SWMM 模型
pipes-points-file = 点表或模型
pipes-lines-file = 线表
pipes-choose-lines = 另选文件…
pipes-template = 字段模板
pipes-load-template = 载入…
pipes-save-template = 保存…
pipes-class = 未说明时的类别
pipes-class-told = 按文件
pipes-at = 中心位置（东, 北）
pipes-tab-points = 点表
pipes-tab-lines = 线表
pipes-fields-missing = 还需要：{ $names }
pipes-imported = { $name }：已导入 { $read } 行中的 { $kept } 行
job-importing-pipes = 正在导入 { $name }
files-tables = 表格 (*.xlsx *.xlsm *.csv *.txt *.tsv)
files-pipes = 管线 (*.xlsx *.xlsm *.csv *.txt *.tsv *.inp)
files-import-pipes = 选择管线成果表或模型
pipes-field-number = 编号
pipes-field-east = 东坐标
pipes-field-north = 北坐标
pipes-field-ground = 地面高程
pipes-field-depth = 埋深
pipes-field-bottom = 井底高程
pipes-field-chamber = 井室尺寸
pipes-field-feature = 特征
pipes-field-fixture = 附属物
pipes-field-class = 管线类别
pipes-field-material = 材质
pipes-field-date = 敷设日期
pipes-field-pressure-mpa = 压力（MPa）
pipes-field-voltage-kv = 电压（kV）
pipes-field-cables = 电缆根数
pipes-field-holes = 孔数
pipes-field-owner = 权属单位
pipes-field-road = 道路
pipes-field-burial = 埋设方式
pipes-field-quality = 探测精度
pipes-field-status = 状态
pipes-field-note = 备注
pipes-field-link = 照片或文档
pipes-field-contact = 联系方式
pipes-field-from-number = 起点点号
pipes-field-to-number = 终点点号
pipes-field-subclass = 小类
pipes-field-size = 管径或断面
pipes-field-width = 宽
pipes-field-height = 高
pipes-field-wall = 壁厚
pipes-field-form = 断面形式
pipes-field-start-depth = 起点埋深
pipes-field-end-depth = 终点埋深
pipes-field-start-level = 起点高程
pipes-field-end-level = 终点高程
pipes-field-flow = 流向

# Classes of pipes.
pipe-class-water = 给水
pipe-class-drain = 排水
pipe-class-gas = 燃气
pipe-class-heat = 热力
pipe-class-power = 电力
pipe-class-telecom = 通信
pipe-class-industry = 工业
pipe-class-other = 其他
pipe-class-raw = 原水
pipe-class-trunk = 输水
pipe-class-grey = 中水
pipe-class-mains = 配水
pipe-class-drinking = 直饮水
pipe-class-fire = 消防水
pipe-class-irrigation = 绿化水
pipe-class-recirculated = 循环水
pipe-class-storm = 雨水
pipe-class-sewage = 污水
pipe-class-combined = 雨污合流
pipe-class-town-gas = 煤气
pipe-class-lpg = 液化气
pipe-class-natural-gas = 天然气
pipe-class-hot-water = 热水
pipe-class-steam = 蒸汽
pipe-class-supply = 供电
pipe-class-lighting = 路灯
pipe-class-signals = 交通信号
pipe-class-tram = 电车
pipe-class-advertising = 广告
pipe-class-telephone = 电话
pipe-class-television = 有线电视
pipe-class-data = 信息网络
pipe-class-broadcast = 广播
pipe-class-hydrogen = 氢气
pipe-class-oxygen = 氧气
pipe-class-acetylene = 乙炔
pipe-class-ethylene = 乙烯
pipe-class-benzene = 苯
pipe-class-chlorine = 氯气
pipe-class-nitrogen = 氮气
pipe-class-carbon-dioxide = 二氧化碳
pipe-class-ammonia = 氨气
pipe-class-toluene = 甲苯
pipe-class-tunnel = 综合管廊
pipe-class-unknown = 不明管线

# 综合管廊。
pipes-tunnel-tunnel-number = 管廊
pipes-tunnel-compartment = 舱室
pipes-tunnel-racks = 支架层数
pipes-tunnel-rack = 支架
pipes-tunnel-pipe = 管线
pipes-tunnel-pipe-number = 编号
pipes-tunnel-problem = 问题
pipes-tunnel-no-tunnel = 所指管廊不存在
pipes-tunnel-no-compartment = 所指舱室不存在
pipes-tunnel-no-rack = 所指支架不存在
pipes-field-compartments = 管廊舱室
pipes-field-tunnel = 所属管廊
pipes-field-compartment = 所在舱室
pipes-field-rack = 支架

# 命令的帮助。
help-pipes = 地下管线：导入、检查、统计、剖面、追踪、开挖。
help-pipes-import = 导入管线，并报告保留、修复、假定和跳过的内容。
help-pipes-import-project = 项目文件（.gpkg）。
help-pipes-import-files = 要导入的文件：点表、线表、图形文件、EPANET 或 SWMM 模型。
help-pipes-import-name = 新图层的名称。
help-pipes-import-layer = 多图层文件中的图层；“*”为全部适合的图层。
help-pipes-import-encoding = 文字编码：GBK、GB18030、UTF-8、Big5 等。
help-pipes-import-crs = 文件未说明时的坐标系：EPSG:... 或 WKT。
help-pipes-import-line-class = 未说明类别者的类别：water、sewage、WS 等。
help-pipes-import-lines = 线表文件（FILE 为点表时）。
help-pipes-import-map-file = 字段模板（.toml），见“pipes fields”。
help-pipes-import-at = 无坐标系模型的中心位置：东,北。
help-pipes-import-unit = 模型坐标一个单位的米数。
help-pipes-import-factor = 先乘到模型坐标上的系数。
help-pipes-import-create = 项目不存在时新建。
help-pipes-import-as-json = 以 JSON 输出报告。
help-pipes-quality = 检查探测管线的数据质量：孤立点、重复点、重复管段、零长度管段、悬挂端点、负埋深、管底高于地面、不合常理的埋深和管径、流向与坡度相反、下游管径变小、缺编号和重复编号、类别错误。不改动数据。
help-pipes-quality-project = 项目文件（.gpkg）。
help-pipes-quality-layer = 管线图层；不写则检查全部。
help-pipes-quality-snap = 悬挂端点与其他对象的捕捉距离，米。
help-pipes-quality-deepest = 可信的最大埋深或井深，米。
help-pipes-quality-widest = 可信的最大管径，米；箱涵和排管为其两倍，综合管廊为三倍。
help-pipes-quality-out = 要写出的表：.csv 或 .xlsx。
help-pipes-quality-as-json = 以 JSON 输出结果。
help-pipes-fields = 显示成果表的各字段按什么读取，并可写成模板供修改。
help-pipes-fields-files = 成果表：.xlsx、.csv。
help-pipes-fields-map-file = 要试用的字段模板。
help-pipes-fields-save-map = 要写出的字段模板（.toml）。
help-pipes-fields-encoding = 文字编码：GBK、GB18030、UTF-8 等。
help-pipes-levels = 把假定高程的管线调整到现有地形之下。
help-pipes-levels-project = 项目文件（.gpkg）。
help-pipes-levels-layer = 管线图层；不写则为全部。
help-pipes-tunnels = 列出综合管廊的舱室、支架和廊内管线。
help-pipes-tunnels-project = 项目文件（.gpkg）。
help-pipes-tunnels-layer = 管线图层；不写则为全部。
help-pipes-tunnels-as-json = 以 JSON 输出结果。
