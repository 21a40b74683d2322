# 地形：由点和等高线生成、大栅格、剖面与土方。
note-ground-from-field = 地面高程取自字段 { $field }（{ $unit }）。
note-ground-from-corners = 地面高程取自坐标本身。
note-heights-differ-at-place = 有 { $count } 处带有多个高程，取其平均值。
note-ground-interpolated = 由 { $points } 个点生成 { $columns } × { $rows } 个高程，间距 { $step } 米，高程 { $low } 至 { $high } 米（常见等高距 { $interval } 米）。
note-terrain-stays-in-file = 高程留在原文件中，查看到哪里读到哪里；保留 { $columns } × { $rows } 个作为概览。
note-picture-stays-in-file = 影像留在原文件中，查看到哪里读到哪里；保留 { $columns } × { $rows } 像素作为概览。
scene-picture-gone = 影像文件已无法读取，只显示概览。

# 剖面与土方
profile-station = 里程，米
profile-height = 高程，米
action-measure-profile = 地面剖面(&I)
    .tip = 沿线读取地面：剖面图、升降和坡度
action-measure-cutfill = 填挖方(&C)
    .tip = 计算平整场地的挖方和填方
measure-profile = 地面剖面
measure-cutfill = 填挖方
measure-how-profile = 依次单击线上各点，双击或回车结束。剖面图显示在下方。
measure-how-cutfill = 依次单击场地各角点，双击或回车结束。设计标高和边坡在下方设置。
value-min = 最低地面
value-max = 最高地面
value-mean = 平均地面
value-start = 起点地面
value-end = 终点地面
value-gain = 累计上升
value-loss = 累计下降
value-mean-slope = 平均坡度
value-steepest-up = 最陡上坡
value-steepest-down = 最陡下坡
value-unknown-length = 地面未知的长度
value-unknown-area = 地面未知的面积
value-level = 设计标高
value-cut = 挖方
value-fill = 填方
value-balance = 挖方减填方
value-cut-area = 挖方面积
value-fill-area = 填方面积
value-deepest-cut = 最大挖深
value-highest-fill = 最大填高
value-mean-ground = 场地平均地面
value-side-slope = 边坡 1:
value-slope-area = 边坡面积
measure-short-gain = 升
measure-short-loss = 降
measure-short-mean-slope = 坡度
measure-short-fill = 填方
measure-short-level = 标高
ground-plot = 剖面图
ground-save-plot = 保存剖面图…
ground-save-table = 保存里程表…
ground-as-lines = 生成线图层
ground-level = 设计标高，米
ground-slope = 边坡 1:
ground-apply = 按此计算
ground-balance = 填挖平衡的标高
ground-as-areas = 在三维中显示
files-plot = 图片 (*.png)
files-stations = 表格 (*.xlsx *.csv)
edit-ground-again = 修改{ $name }

help-import-method = 由高程点和等高线生成地面的方法：linear、smooth、plain。
help-profile = 沿线读取地面：高程、升降、坡度；给出数值、剖面图和表格。
help-profile-line = "x,y x,y …"：线的各点。
help-profile-layer = 图层:编号：改用某图层中的一条线。
help-profile-crs = 点的坐标系：EPSG:4326、city-grid 等；不写则为项目坐标系。
help-profile-spacing = 里程间距，米；不写则为地形格网的一半。
help-profile-out = 写出剖面图：.png。
help-profile-size = 剖面图大小：宽x高。
help-profile-csv = 写出各里程：.csv 或 .xlsx。
help-profile-save = 以此名称将剖面保存在项目中。
help-profile-as-layer = 以此名称保存为线图层。
help-cutfill = 计算平整场地的挖方和填方。体积为自然方，不计松散和压实。不写 --level 时取填挖平衡的标高。
help-cutfill-area = "x,y x,y x,y …"：场地的角点。
help-cutfill-layer = 图层:编号：改用某图层中的一个面。
help-cutfill-level = 设计标高，米；不写则填挖相等。
help-cutfill-slope = 边坡：每升高一米向外的米数；0 为直立。
help-cutfill-crs = 点的坐标系：EPSG:4326、city-grid 等；不写则为项目坐标系。
help-cutfill-csv = 写成表格：.csv、.xlsx 或 .geojson。
help-cutfill-save = 以此名称将结果保存在项目中。
help-cutfill-as-layer = 以此名称将填挖区域保存为着色图层。

# Vertical exaggeration
menu-exaggeration = 竖向夸大(&R)
project-exaggeration = 竖向夸大倍数

# 地形着色与等高线
compass-n = 北
compass-ne = 东北
compass-e = 东
compass-se = 东南
compass-s = 南
compass-sw = 西南
compass-w = 西
compass-nw = 西北
style-ground-tint = 着色
style-ground-tint-none = 单色
style-ground-tint-height = 按高程
style-ground-tint-slope = 按坡度
style-ground-tint-aspect = 按坡向
style-ground-contours = 等高距
style-ground-contours-none = 不显示
ground-contour-lines = 生成等高线图层
ground-contour-lines-tip = 按地形的完整分辨率追踪等高线，可导出和注记
ground-contour-name = 等高线 { $interval } m
ground-contour-job = 等高线
progress-contours = 正在追踪等高线
cli-contours = { $count } 条等高线，等高距 { $interval } m，高程 { $low } 至 { $high } m

# 图形自带的高度
import-heights = 图形中的高度
import-heights-usual = 按图层类型
import-heights-absolute = 绝对高程
import-heights-relative = 相对地面
import-heights-ground = 忽略（贴地）
style-heights = 顶点高度
style-heights-ground = 忽略（贴地）
style-heights-absolute = 绝对高程
style-heights-relative = 相对地面

# 等高线与高度选项的帮助
help-contours = 按完整分辨率追踪地形的等高线，每五条标记为计曲线。文件中每个顶点都带高程。
help-contours-interval = 等高距，米。
help-contours-out = 写成文件：.gpkg、.geojson、.shp 或 .dxf。
help-contours-as-layer = 以此名称保存为线图层。
help-contours-show = 在项目画面的地形上绘制。
help-contours-as-json = 以 JSON 输出数值。
help-layers-contours = 地形=米数：等高距，0 为不显示。
help-render-contours = 地形=米数：等高距，0 为不显示。
help-render-exaggeration = 竖向夸大倍数，0.5 到 10。
help-import-heights = 顶点高度或建筑基底高程的含义：absolute（绝对高程）、relative（相对地面）或 ground（忽略）。
