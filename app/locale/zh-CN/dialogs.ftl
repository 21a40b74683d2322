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
files-picture-file = 导出图片
files-project = Citystage 项目 (*.gpkg)
files-picture = PNG 图片 (*.png)
files-vector = 矢量数据 (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gml *.kml *.sqlite)
files-raster = 地形与影像 (*.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
files-all-data = 所有数据 (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gz *.gml *.kml *.sqlite *.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
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
dialog-unsaved-more = 如不保存，更改将会丢失。
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
import-needs-crs = 请选择 { $name } 的坐标系。
import-report = 报告
import-read = 读取
import-kept = 保留
import-repaired = 修复
import-skipped = 跳过
import-objects = 对象
dialog-crs = 文件的坐标系
dialog-layer-report = 导入报告
