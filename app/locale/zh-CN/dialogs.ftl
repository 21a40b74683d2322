# Dialogs of the window.

# Buttons
button-close = 关闭
button-cancel = 取消
button-create = 创建
button-save = 保存
button-discard = 放弃更改
button-discard-edits = 放弃
button-restore = 恢复
button-back = 上一步
button-next = 下一步
button-import = 导入
button-export = 导出…
button-apply = 应用
button-ok = 确定

# File dialogs
files-open-file = 打开项目
files-save-file = 保存项目
files-import-file = 导入文件
files-import-folder = 导入文件夹
files-picture-file = 导出图片
files-project = Citystage 项目 (*.gpkg)
files-picture = PNG 图片 (*.png)
files-vector = 矢量数据 (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gml *.kml *.sqlite)
files-raster = 地形与影像 (*.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
files-all-data = 所有数据 (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gz *.gml *.kml *.sqlite *.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg *.glb *.gltf *.obj *.stl *.ply *.dae)
files-all = 所有文件 (*)

# New project
dialog-new-project = 新建项目
    .lead = 项目中的所有数据采用同一个以米为单位的坐标系。
new-project-title = 标题
new-project-title-example = 例如：滨江新区控制性详细规划
new-project-crs = 坐标系
new-project-later = 由首个导入的文件推荐
new-project-now = 现在选择

# Coordinate systems
crs-search = 输入代码、名称或地区：4547、CGCS2000 114E、Shanghai…
crs-list = 坐标系列表
crs-none = 尚未选择坐标系。
crs-chosen = { $name }。{ $place }
crs-not-metric = { $name } 不以米为单位，请选择投影坐标系。

# Questions
dialog-unsaved = 未保存的更改
dialog-unsaved-ask = 是否保存对 { $name } 的更改？
dialog-overwrite = 文件已更改
dialog-overwrite-ask = { $name } 打开后被其他程序更改过。
dialog-overwrite-more = 被更改的内容：{ $layers }。覆盖保存将丢失这些更改。
button-save-as = 另存为其他名称
button-overwrite = 覆盖保存
dialog-unsaved-more = 如不保存，更改将会丢失。
dialog-in-use = 项目正在使用
dialog-in-use-ask = { $name } 已被打开。是否打开副本？
dialog-in-use-more = { $told }副本包含全部内容，您的更改将另存为其他文件。
button-open-copy = 打开副本
dialog-recovery = 恢复编辑
dialog-recovery-ask = Citystage 上次未正常退出。是否恢复 { $name } 未保存的编辑？
dialog-recovery-more = 这些编辑保存在日志中。放弃后无法找回。

# Import
button-done = 完成
dialog-import = 导入文件
import-layers = 找到的图层
import-finding = 正在查看文件…
import-working = 正在导入…
import-kind = 导入为
import-name = 图层名称
import-crs = 坐标系
import-encoding = 文字编码
import-height = 高度字段
import-floors = 层数字段
import-storey-height = 层高
import-default-height = 无高度信息时的高度
import-preview = 前几行
import-looking = 正在读取前几行…
import-raster = 栅格数据；将逐像元转换到项目坐标系。
import-found = 自动识别
import-encoding-found = { $encoding }（自动识别）
import-field-found = { $field }（自动识别）
import-no-field = 无
import-crs-told = { $crs }，来自文件
import-crs-missing = 文件未说明，请选择
import-crs-fits = { $crs }，与坐标数值相符
import-crs-other = 其他…
import-crs-shifted = { $system }（国内地图服务加偏的经纬度）
import-needs-crs = 请选择 { $name } 的坐标系。
import-report = 报告
import-read = 读取
import-kept = 保留
import-repaired = 修复
import-skipped = 跳过
import-objects = 对象
import-summary = 已导入 { $layers } 个图层：共 { $read } 个要素，保留 { $kept } 个，跳过 { $skipped } 个。
dialog-crs = 文件的坐标系
dialog-layer-report = 导入报告

# Settings
dialog-settings = 设置
settings-look = 语言与外观
settings-import = 导入
settings-habits = 操作习惯
settings-language = 语言
settings-theme = 外观
settings-storey-height = 层高
settings-default-height = 无高度信息时的高度
settings-navigation = 鼠标习惯
settings-navigation-gis = 类似 GIS
settings-navigation-cad = 类似 CAD
settings-navigation-tip = GIS：启动时左键为平移。CAD：启动时左键为选择。两种方式下中键均为平移，右键或 Shift+中键均为旋转。
settings-distance = 优先显示的长度
settings-distance-grid = 格网长度（投影面）
settings-distance-ground = 实地长度（地面）
settings-distance-tip = 两者都会保留，此处决定先显示哪一个。
settings-undo = 撤销占用内存
settings-undo-tip = 在大型城市中，撤销占用超过此值后，较早的步骤只保留所改动的内容。任何步骤都不会丢失，只是撤销这些步骤会稍慢一些。

# Project settings
dialog-project-settings = 项目设置
project-title = 标题
project-author = 编制单位
project-note = 备注
project-moment = 日照时刻
project-crs = 坐标系
project-crs-fixed = 项目含有图层后坐标系不可更改。
project-datum = 高程基准
project-datum-example = 1985 国家高程基准
project-has-grid = 使用城市独立坐标网
project-grid-dx = 东移
project-grid-dy = 北移
project-grid-turn = 旋转

# Shortcuts and about
dialog-shortcuts = 键盘与鼠标
shortcuts-search = 搜索
shortcuts-mouse = 画面中的鼠标操作
mouse-left = 左键
mouse-left-does = 执行当前工具；单击选择对象
mouse-shift-left = Shift 或 Ctrl + 单击
mouse-shift-left-does = 加选；加选或减选
mouse-right = 右键拖动
mouse-right-does = 绕光标处旋转
mouse-ctrl-right = Ctrl + 右键拖动
mouse-ctrl-right-does = 原地环顾
mouse-right-click = 右键单击
mouse-right-click-does = 打开该处的菜单
mouse-middle = 中键拖动
mouse-middle-does = 平移
mouse-shift-middle = Shift + 中键拖动
mouse-shift-middle-does = 绕光标处旋转
mouse-wheel = 滚轮
mouse-wheel-does = 以光标处为中心缩放
mouse-double = 双击
mouse-double-does = 将该处移至画面中央并靠近
mouse-arrows = 方向键、Page Up、Page Down
mouse-arrows-does = 左、右、前、后、升高、降低
mouse-shift-arrows = Shift + 方向键
mouse-shift-arrows-does = 以 5 度为步长旋转和俯仰
mouse-n = N
mouse-n-does = 上方为北
mouse-escape = Esc
mouse-escape-does = 取消当前操作；取消选择
shortcuts-roam = 飞行和步行时
roam-ahead = W A S D
roam-ahead-does = 前进、向左、后退、向右
roam-rise = E、Q
roam-rise-does = 升高、降低（飞行）
roam-fast = Shift
roam-fast-does = 四倍速度
roam-look = 左键拖动
roam-look-does = 环顾
shortcuts-draw = 绘制和量测时
draw-end = 回车、双击
draw-end-does = 结束折线或面
draw-back = Backspace
draw-back-does = 撤回上一点
draw-digits = 数字，然后回车
draw-digits-does = 准确的边长、高度或角度（建筑、控制线）
draw-alt = Alt
draw-alt-does = 不捕捉
draw-shift = Shift
draw-shift-does = 保持直角、取整步长（建筑、控制线）
draw-escape = Esc
draw-escape-does = 放弃已开始的操作
dialog-about = 关于 Citystage
about-licence = 开源软件，采用 Apache 2.0 许可证。
about-copy = 复制

# Picture export
dialog-picture = 导出图片
dialog-drawing = 正在绘制图片
export-view = 视图
export-view-current = 当前画面
export-size = 尺寸
export-window = 与窗口相同
export-own = 自定义
export-pixels = 像素
export-title = 标题
export-furniture = 图面要素
export-legend = 图例
export-north = 指北针
export-scale-bar = 比例尺
export-date = 日照日期和时刻
export-coordinates = 视点位置
export-fine = 平滑
export-fine-1 = 无，最快
export-fine-2 = 良好
export-fine-3 = 精细
export-fine-4 = 最精细，最慢
export-transparent = 透明背景
picture-written = 图片 { $name } 已导出。
