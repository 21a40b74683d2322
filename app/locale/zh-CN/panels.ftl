# 面板：属性、样式、属性表。

# 属性面板
inspector-selection = 选中对象
inspector-style = 样式
inspector-source = 图层
selection-empty = 尚未选中对象。请在画面中单击对象，或在属性表中选择行。
selection-facts = 概要
selection-attributes = 属性
selection-layers = 选中对象所在图层
selection-in-layer = { $name }（{ $count }）
selection-one = { $kind } { $id }
selection-several = { $count } 个对象
selection-height = 高度
selection-height-tip = 输入新的高度并按回车；可以撤销
selection-heights-differ = 高度不一
values-copy = 复制
values-copy-value = 复制值
summary-sum = 合计
summary-mean = 平均
summary-min = 最小
summary-max = 最大
summary-empty = 无值
summary-range = { $low } 至 { $high }
summary-different = { $count } 种值
fact-middle = 中心（东，北）
fact-min-height = 底面离地高度
fact-floors-assumed = { $floors }（由高度推算）
fact-roof = 屋顶
roof-flat = 平屋顶
roof-gable = 双坡屋顶
roof-hip = 四坡屋顶
roof-shed = 单坡屋顶
roof-pyramid = 攒尖屋顶
fact-part-of = 所属建筑
fact-volume-all = 体积合计
fact-all = { $name }合计
height-from-field = 文件中的字段
height-from-floors = 层数
height-from-default = 假定值，文件未说明
height-from-surfaces = 精细表面
height-from-edited = 手工输入
type-integer = 整数
type-number = 数值
type-text = 文本
type-flag = 是否
type-date = 日期
type-other = 其他

# 计算得出的列
column-id = 对象号
column-height = 高度 (m)
column-height-from = 高度来源
column-state-now = 当前状态
column-area = 面积 (m²)
column-length = 长度 (m)
column-border = 周长 (m)

# 图层
source-empty = 请在图层列表中选择一个图层。
source-kind = 类型
source-objects = 对象数
source-size = 东西 × 南北
source-file = 文件
source-in-file = 文件中的图层
source-crs = 坐标系
source-encoding = 文字编码
source-heights = 高度
source-defaulted = 采用假定高度
source-report = 导入报告…

# 样式
style-empty = 请在图层列表中选择要修改外观的图层。
style-colour = 颜色
style-outline = 轮廓线
style-outlined = 绘制轮廓线
style-line-width = 线宽
style-width-m = 地面宽度
style-width-pixels = 按线宽
style-width-field = 宽度字段
style-point-size = 点大小
style-lift = 离地高度
style-opacity = 不透明度
style-label-field = 标注
style-label-size = 字号
style-label-colour = 文字颜色
style-label-own-colour = 标注使用单独的颜色
style-label-rank = 优先级
style-label-by-size = 大的对象优先
style-label-metres = 显示距离
style-label-any-distance = 不限
style-label-behind = 遮挡
style-label-behind-on = 被建筑挡住时也显示
style-no-field = 无
style-colouring = 按属性着色
colouring-mode = 着色方式
colouring-mode-none = 单一颜色
colouring-mode-categories = 分类
colouring-mode-ranges = 数值分段
colouring-field = 字段
colouring-steps = 类别数
colouring-method = 分段方法
colouring-method-quantiles = 等数量
colouring-method-equal = 等间距
colouring-palette = 色带
colouring-legend = 图例
colouring-legend-tip = 单击色块更改颜色；双击或按 F2 修改名称和分界值；按 Delete 删除一行
colouring-label = 名称
colouring-limit = 上限
colouring-count = 对象数
colouring-other = 其他
colouring-colour = 此行的颜色
colouring-remove = 删除此行
palette-plain = 清晰
palette-soft = 柔和
palette-strong = 鲜明
palette-sand = 沙色至紫
palette-blue = 蓝
palette-green = 绿
palette-grey = 灰
palette-cold-warm = 冷至暖
palette-own = 自定义

# 属性表
attributes-layer = 属性表的图层
attributes-filter = 筛选
attributes-filter-example = 筛选：任意文字，或 层数 > 10 且 用途 = 住宅
attributes-filter-tip = 输入任意文字，查找任一列中含有该文字的行。
    比较：= != > >= < <=，~（包含），属于 (a, b)，为空，不为空；
    用 且、或、非 和括号连接。含空格的名称请加引号。
    按回车选中筛选结果。
attributes-counts = 显示 { $shown } / { $total } 行，已选 { $selected } 行
attributes-empty = 还没有带属性表的图层。请导入建筑、道路等矢量数据。
attributes-zoom = 缩放至选中对象
attributes-select-found = 选中显示的全部行
attributes-invert = 反选
attributes-only = 仅显示选中的行
attributes-copy = 复制行
attributes-export = 导出行…
attributes-columns = 列
attributes-all-columns = 显示全部列
attributes-copied = 已复制 { $count } 行。
attributes-exported = 已将 { $count } 行写入 { $name }。
files-table-file = 导出表格
files-xlsx = Excel 工作簿 (*.xlsx)
files-csv = 文本表格 (*.csv)
files-geojson = GeoJSON (*.geojson)
job-table = 正在写入 { $name }

# 编辑
edit-set-heights = 将 { $count } 栋建筑的高度设为 { $metres } m

# 工具
action-tool-polygon = 多边形选择(&Y)
    .tip = 依次单击各角点圈选对象，双击结束；Shift 加选，Ctrl 减选
