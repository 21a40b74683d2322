# 命令行帮助。英文原文在代码中；此处只有其他语言的文字，键为 help-命令、help-命令-参数、help-any-参数。
help-main = 三维城市可视化与规划：导入、浏览、量测、出图，无需服务器。
help-main-epilog = 不带命令时打开窗口。每个命令都有示例，如 citystage import --help
help-main-version = 显示版本后退出。
help-main-lang = 界面语言，可写在命令之前或之后：en、zh-CN。
help-any-help = 显示本帮助后退出。
help-any-install-completion = 为当前命令行安装自动补全。
help-any-show-completion = 显示自动补全脚本，供复制或自定义安装。
help-any-project = 项目文件（.gpkg）。
help-any-as-json = 以 JSON 输出。
help-any-camera = 经度,纬度,高程,方位角,俯仰角[,视场角]：角度以度为单位，高程为基准面以上的米数，方位角自坐标北起顺时针，俯仰角 0 为平视、-90 为垂直向下。
help-any-camera-crs = 相机前两个数的坐标系，如 EPSG:4547。
help-any-moment = 决定太阳位置的当地时间，如 2026-06-21T10:00。
help-any-colour-by = 图层:字段，可加 :ranges（分级）、:categories（分类）或分级界限，如 :24,50,100。

help-new = 新建一个空项目。
help-new-crs = 坐标系，如 EPSG:4547；不写则由第一次导入提出。
help-new-title = 标题，显示在图上。

help-info = 列出项目内容：坐标系、图层、视图、量测。

help-import = 将文件导入为图层，并报告保留、修复和跳过的要素。
help-import-files = 要导入的文件、文件夹或压缩包。
help-import-kind = 图层类型：buildings 建筑、roads 道路、water 水系、greenery 绿地、districts 地块、control-lines 控制线、rail 轨道、trees 树木、places 地点、resources 应急资源、hazards 危险源、features 要素、terrain 地形、imagery 影像。不写则由文件判断。
help-import-name = 新图层的名称。
help-import-layer = 多图层文件中的图层；'*' 表示所有合适的图层。
help-import-encoding = 文字编码：GBK、GB18030、UTF-8、Big5 等。
help-import-crs = 文件未注明时的坐标系：EPSG:… 或 WKT；国内地图服务的经纬度写 GCJ-02 或 BD-09。
help-import-height-field = 高度字段。
help-import-floors-field = 层数字段。
help-import-min-height-field = 悬空部分底部高度的字段。
help-import-base-field = 建筑所在地面高程的字段。
help-import-height-unit = 高度单位：m、ft、cm 或 mm。
help-import-storey-height = 每层高度，米。
help-import-default-height = 没有高度的建筑采用的高度，米。
help-import-min-area = 面积小于此值的多边形不导入，平方米。
help-import-keep-duplicates = 保留与前面重复的要素。
help-import-nodata = 栅格中表示“未知”的值。
help-import-resolution = 项目中栅格的像元大小，米。
help-import-lines = 控制线：six-lines 或 national（按名称归类），已保存模板的名称，或模板文件（.toml）。
help-import-field = 应急资源与危险源：哪个字段表示什么，写 含义=字段；全部取一个值写 含义:值，如 name=HYDRANT_ID、sort:hydrant；可重复。含义有 sort、name、state、quantity、unit、capacity、contact、owner、place、valid_from、valid_to、substance、amount_t。
help-import-word = 文件中的词及其表示的类别或状态，如 ACT=ready；可重复。
help-import-line-fields = 控制线：文件的哪些字段存放什么，如 class=Layer,setback_m=退让,document=文号。
help-import-swap-axes = 交换东、北坐标；不写则自动判断。
help-import-create = 项目不存在时新建。

help-views = 列出项目的命名视图，保存一个视图，或删除若干视图。
help-views-save = 以此名称保存视图。
help-views-remove = 删除此视图。
help-views-hide = 在该视图中关闭的图层。
help-views-note = 备注，写在图的下方。

help-layers = 自上而下列出项目的图层，或更改其外观。
help-layers-show = 显示此图层（名称、标识或类型）。
help-layers-hide = 隐藏此图层（名称、标识或类型）。
help-layers-rename = 旧名=新名。
help-layers-remove = 移除此图层。
help-layers-colour = 图层=#rrggbb。
help-layers-opacity = 图层=0.0 至 1.0。
help-layers-label-by = 图层:字段，注记在每个对象旁；“图层:”表示不注记。

help-render = 将命名视图或相机所见绘成 PNG 图片，无需显示器。
help-render-out = 要写入的 PNG 文件。
help-render-view = 命名视图；不写视图和相机时显示全部。
help-render-size = 宽x高，像素，最大 16384。
help-render-title = 图名；'' 表示不要图名。
help-render-furniture = 图名、图例、指北针、比例尺、日期和坐标。
help-render-transparent = 背景透明。
help-render-hide = 本图中关闭的图层。
help-render-show = 本图中打开的图层。
help-render-shadows = 建筑和地形投下真实的阴影。

help-measure = 量测点、长度、面积、角度和建筑，各选项均可重复。未给高程的点落在地面上；长度同时给出坐标值和实地值。
help-measure-point = "x,y[,z]"：坐标与高程。
help-measure-distance = "x,y[,z] x,y[,z]"：两点之间。
help-measure-polyline = "x,y x,y x,y …"：沿折线。
help-measure-area = "x,y x,y x,y …"：多边形内。
help-measure-angle = "x,y x,y x,y"：第二点处的角度。
help-measure-building = 图层:编号：高度、体积和建筑面积。
help-measure-crs = 点的坐标系：EPSG:4326、city-grid 等；不写则为项目坐标系。
help-measure-save = 以此名称将量测保存在项目中。
help-measure-csv = 写成表格：.csv、.xlsx 或 .geojson。


help-run = 运行任务文件：出图、量测和表格，并写清单。无需显示器；已是最新的不再重做，可每晚运行。
help-run-job = 任务文件（.toml），各键见 docs/job-file.md。
help-run-out = 图片和表格的文件夹。
help-run-force = 全部重做。
help-run-check = 只检查任务文件。

help-sample = 写出示例城市：规划人员常用格式的文件，以及带视图的项目。
help-sample-folder = 存放文件和项目的文件夹。
help-sample-names = 图层、视图和图例所用的语言：zh-CN 或 en；不写则与程序语言相同。

help-pack = 将项目及其引用的栅格打成一个压缩包，便于移交。
help-pack-with-sources = 将导入的原始文件一并打包。
help-pack-out = 要写入的压缩包（.zip）。

help-open = 打开窗口；指明项目时载入该项目。
help-open-sample = 打开示例城市。
help-rules = 规则包：标准中的数值、条文、来源以及是否核对过。
help-rules-list = 列出规则包：随程序提供的和您自己的。
    您自己的规则包放在列表下方所示的文件夹里；编号相同的会取代原有的。
help-rules-show = 显示一个规则包的规则：数值、单位、适用条件、条文、依据。
help-rules-show-pack = 规则包的编号，见“citystage rules list”。
help-rules-show-key = 只显示以此开头的规则。
help-rules-check = 读取一个规则包，指出其中的错误。
help-rules-check-file = 规则包（.toml）。
help-rules-copy = 把一个规则包写成文件，作为您自己规则包的起点。
help-rules-copy-pack = 规则包的编号，见“citystage rules list”。
help-rules-copy-file = 要写入的文件（.toml）。
help-views-look = 画面风格：attributes、white、realistic、night 或 blueprint（也可写中文名，如 夜景）。
help-render-look = 画面风格：attributes、white、realistic、night 或 blueprint（也可写中文名，如 夜景）。
help-views-underground = 透视地下：地面透明的程度，0 至 1。
help-views-explode = 分层展开：相邻图层上下相距的米数，0 到 2000。
help-render-explode = 分层展开：相邻图层上下相距的米数，0 到 2000。
help-render-underground = 透视地下：地面透明的程度，0 至 1。
help-render-corner-shade = 角落阴影，与窗口中一致。
help-layers-built = 按实景绘制此图层：路面、路缘石、水波、树干。
help-layers-plain = 按地图样式绘制此图层。
help-layers-lamps = 图层=路灯间距（米），0 表示没有。
help-layers-traffic = 图层=left（靠左行驶）或 right（靠右行驶）。
help-layers-tunnels = 图层=hidden（不画）、dashed（虚线）或 portals（洞口）。
help-pipes-look-layer = 管线图层；不写表示全部。
help-pipes-look-mode = true：地下实体；symbols：地图符号。
help-pipes-look-colours = 按标准给各类管线着色：cjj61、apwa。
help-pipes-look-codes = 沿管线注记类别和规格。
help-pipes-look-arrows = 已知流向时画流向箭头。
help-pipes-look-errors = 画出测量误差带（CJJ 61）。
help-pipes-look-hide-class = 不画此类管线：water、drain、gas 等；'' 表示全部显示。

help-any-scheme = 要查看的方案；existing（现状）表示现有城市。
help-schemes = 方案：现状之上的命名分支，只保存与现状不同之处。
help-schemes-list = 列出项目的方案：改动内容、作者与状态。
help-schemes-new = 新建方案并设为当前方案，此后的编辑都记入其中。
help-schemes-new-name = 新方案的名称。
help-schemes-new-parent = 作为上级的方案；existing 表示现状。
help-schemes-new-note = 备注。
help-schemes-new-author = 作者；不写则取项目的作者。
help-schemes-activate = 切换当前方案，或回到现状。
help-schemes-activate-name = 方案名称；existing 表示现状。
help-schemes-show = 逐层列出一个方案的改动。
help-schemes-show-name = 方案名称。
help-schemes-set = 重命名方案、修改备注或更换上级。
help-schemes-set-name = 方案名称。
help-schemes-set-rename = 新名称。
help-schemes-set-note = 新备注。
help-schemes-set-parent = 以另一方案为上级，外观保持不变。
help-schemes-copy = 建立一个改动相同的方案。
help-schemes-copy-name = 方案名称。
help-schemes-copy-new-name = 副本的名称。
help-schemes-merge = 把一个方案的改动并入另一个方案，并列出冲突。
help-schemes-merge-into = 接受改动的方案。
help-schemes-merge-name = 提供改动的方案，其本身不变。
help-schemes-merge-prefer = 两方都改动同一对象时以谁为准：ours（本方）或 theirs（对方）。
help-schemes-merge-dry-run = 只列出冲突。
help-schemes-promote = 把方案并入现状；以它为上级的方案改以现状为上级。
help-schemes-promote-name = 方案名称。
help-schemes-archive = 归档方案：仍可查看和比较，但不能编辑。
help-schemes-archive-name = 方案名称。
help-schemes-restore = 从归档中恢复方案。
help-schemes-restore-name = 方案名称。
help-schemes-remove = 删除没有下级的方案。
help-schemes-remove-name = 方案名称。
help-schemes-import = 在一个范围内拆除建筑，并把文件中的建筑加入方案；没有该方案时新建。
help-schemes-import-name = 方案名称。
help-schemes-import-file = 含新建筑的文件。
help-schemes-import-area = 拆除范围：按项目坐标系给出角点 X,Y X,Y X,Y。
help-schemes-import-clear = 拆除新建筑轮廓所压占的建筑。
help-schemes-import-layer = 建筑图层；不写则取最下面的一个。
help-schemes-import-crs = 文件未注明坐标系时采用的坐标系。
help-schemes-import-height-field = 地面以上高度的字段。
help-compare = 比较方案：列出指标与差值；给出 --out 时以相同视点出图。已保存答案（视线、天际线、日照）中的问题会对各方案同样提问，并统计平视视图的天际线和地面阴影。
help-compare-schemes = 要比较的方案，以逗号分隔；第一个作为基准。
help-compare-out = 存放图、拼图和表格的文件夹。
help-compare-views = 命名视图，以逗号分隔；all 表示全部。
help-compare-size = 每张图的大小，宽x高像素。
help-compare-shadows = 绘制真实阴影。
help-compare-sunlight = 统计日照减少的窗户，耗时较长。
help-report = 生成方案比较规划报告：纸质文件与工作簿。
help-report-schemes = 方案，以逗号分隔；第一个作为基准。只写一个时与现状比较。
help-report-out = 要写入的文件：.pdf、.docx、.xlsx、.png；可重复。
help-report-views = 命名视图，以逗号分隔；all 表示方案有差别的全部视图。
help-report-day = 日期，如 2026-01-20，或 dahan（大寒日）、dongzhi（冬至日）；不写时按规则。
help-report-zone = 日照规则的气候区。
help-report-city = 日照规则的城市规模。
help-report-sunlight = 包含日照说明。
help-report-look-from = 视点：东,北 或 东,北,高程；可重复。
help-report-look-to = 所看之处：东,北,高程；不写时为用地。
help-report-width = 由此所见的水平视角，度。
help-report-size = 每张图的大小，宽x高像素。
help-report-shadows = 图中绘制真实阴影。
help-report-title = 标题。
help-report-author = 编制人。
help-report-date = 文件上的日期；不写时为今天。
help-report-language = 文件的语言：en、zh-CN。
help-sunlight-save = 以此名称把成果保存在项目中。
help-sunlight-out = 写出成果：.csv、.xlsx、.json、.geojson、.gpkg；可重复。
help-sunlight-facades-save = 以此名称把成果保存在项目中。
help-sunlight-facades-out = 写出成果：.csv、.xlsx、.json、.geojson、.gpkg；可重复。
help-sunlight-ground-save = 以此名称把成果保存在项目中。
help-sunlight-ground-out = 写出成果：.csv、.xlsx、.json、.geojson、.gpkg；可重复。
help-skyline-save = 以此名称把成果保存在项目中。
help-skyline-out = 写出成果：.csv、.xlsx、.json、.geojson、.gpkg；可重复。
help-drill = 演练：时间轴上的方案、其中的问题，以及每一时刻所见。
