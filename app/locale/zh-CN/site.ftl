# 场地检查：步行距离、贴线率、防火间距、坡度。
analysis-service-radius = 服务半径
    .tip = 沿街道步行一定距离内的用地和建筑
analysis-street-wall = 贴线率
    .tip = 建筑立面沿建筑控制线的比例
analysis-fire-spacing = 防火间距
    .tip = 建筑之间的距离与规则对照
analysis-slope = 坡度坡向
    .tip = 地面按坡度分级，并给出坡向

ask-service-radius-points = 设施位置
ask-places = 设施图层
ask-service-radius-roads = 道路
ask-metres = 步行距离（300 500 1000 米）
ask-service-radius-minutes = 改用步行时间（5 10 15 分钟）
ask-street-wall-lines = 建筑控制线
ask-tolerance = 两侧容差
ask-street-wall-least = 不低于
ask-tower = 高层起算高度

site-within = 步行距离
site-length = 长度
site-line = 线
site-short = 间距不足
column-goals = 设施
column-median = 步行距离中位数
column-built = 贴线长度
column-ratio = 贴线率
column-first = 第一栋
column-second = 第二栋
column-gap = 间距
column-pairs = 邻近建筑对
column-attached = 毗连建筑对
column-facing-degrees = 坡向（°）

cell-high-rise = 高层
cell-low-rise = 低层、多层

answers-marks-service = 步行可达范围
answers-marks-service-places = 设施
answers-marks-street-wall = 贴线段
answers-marks-fire-spacing = 间距
answers-marks-slope = 坡度

progress-ways = 正在量算

note-service-how = 按 5 公里/小时沿街道步行，自建筑中心至最近设施；街道两侧一定范围内的用地计为可达。
note-street-wall-how = 垂直于控制线、在容差内有建筑基底处计为贴线；底部高于 3 米的部分不计。
note-fire-how = 取建筑基底间最短距离；相接的建筑计为毗连。耐火等级和防火墙未知，消防车道不在检查之列。

help-site = 场地：步行距离、贴线率、防火间距、坡度。
help-site-service = 求沿街道步行一定距离内的用地和建筑。
help-site-service-places = 学校、公园、车站等设施图层。
help-site-service-at = 设施位置，写作 x,y；可重复。
help-site-service-roads = 道路图层；不写时为全部。
help-site-service-layer = 计数的建筑图层。
help-site-service-metres = 步行距离，如“300 500 1000”；不写时取生活圈规定值。
help-site-service-minutes = 改用步行时间（5 公里/小时），如“5 10 15”。
help-site-street-wall = 量算建筑沿控制线的比例。不足时退出码为 1。
help-site-street-wall-lines = 立面应贴的控制线图层。
help-site-street-wall-layer = 建筑图层；不写时为全部可见的。
help-site-street-wall-tolerance = 控制线两侧容差，米。
help-site-street-wall-least = 应达到的百分比；0 为不评判。
help-site-fire = 建筑间距与防火规则对照。
help-site-fire-layer = 建筑图层；不写时为全部可见的。
help-site-fire-tower = 高层建筑起算高度，米。
help-site-fire-keep-all = 同时列出间距足够的建筑对。
help-site-fire-pack = 规则包；不写时为全部。
help-site-slope = 地面按坡度分级，并给出坡向。
help-site-slope-plots = 要计算的面图层。
help-site-slope-area = 西,南,东,北；不写时为全部地形。
help-site-slope-spacing = 取点间距，米。
