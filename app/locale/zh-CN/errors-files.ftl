# 读取文件的错误。
error-file-missing = 没有这个文件：{ $name }。
    .hint = 检查路径；如在网络驱动器上，检查是否已连接
error-file-empty = 文件 { $name } 是空的。
    .hint = 重新复制或下载
error-file-zeros = 文件 { $name } 的内容全是零：复制或下载没有成功。
    .hint = 重新复制或下载
error-file-unreadable = 无法打开文件 { $name }：{ $reason }。
    .hint = 检查是否有读取权限，是否被其他程序占用
error-file-unknown = { $name } 不是可以读取的文件；开头的内容不符合任何已知格式。
    .hint = 请给出 Shapefile、GeoPackage、GeoJSON、FlatGeobuf、GeoParquet、DXF、FileGDB、OSM、CityJSON、KML 或 CSV 文件
error-file-not-for-layers = { $what ->
        [dwg] { $name } 是 DWG 图纸，不能作为要素图层导入。
        [dgn] { $name } 是 MicroStation V8 图纸，不能作为要素图层导入。
        [ifc] { $name } 是 IFC 模型，不能作为要素图层导入。
        [step] { $name } 是零件模型（STEP、IGES），不能作为要素图层导入。
        [las] { $name } 是点云，不能作为要素图层导入。
        [cloud] { $name } 是这种格式的点云，不能作为要素图层导入。
        [raster] { $name } 是栅格，不能作为要素图层导入。
        [hdf] { $name } 是 HDF、NetCDF 或 GRIB 文件，不能作为要素图层导入。
        [gif] { $name } 是 GIF 图片，不能作为要素图层导入。
        [mesh] { $name } 是三维模型，不能作为要素图层导入。
        [tileset] { $name } 是 3D Tiles，不能作为要素图层导入。
        [oblique] { $name } 是倾斜摄影模型（OSGB、S3M、SLPK、3MX），不能作为要素图层导入。
        [mbtiles] { $name } 是地图切片，不能作为要素图层导入。
        [pdf] { $name } 是 PDF，不能作为要素图层导入。
        [svg] { $name } 是网页矢量图（SVG），不能作为要素图层导入。
        [rar] { $name } 是 RAR 压缩包，不能作为要素图层导入。
        [seven-zip] { $name } 是 7z 压缩包，不能作为要素图层导入。
        [mdb] { $name } 是个人地理数据库（MDB），不能作为要素图层导入。
        [office] { $name } 是旧版或加密的 Office 文件，不能作为要素图层导入。
        [spreadsheet] { $name } 是其他办公软件的表格，不能作为要素图层导入。
        [document] { $name } 是文字文档，不能作为要素图层导入。
        [html] { $name } 是网页，不是数据文件，不能作为要素图层导入。
        [script] { $name } 是脚本，不是数据文件，不能作为要素图层导入。
        [inp] { $name } 是管网模型（EPANET、SWMM），不能作为要素图层导入。
        [osc] { $name } 是 OSM 变更文件，不能作为要素图层导入。
        [o5m] { $name } 是 O5M 格式的 OSM 数据，不能作为要素图层导入。
        [gdb-table] { $name } 只是文件地理数据库的一部分，不能作为要素图层导入。
        [sql] { $name } 是数据库备份，不能作为要素图层导入。
        [lfs] { $name } 只是 Git LFS 的指针，不能作为要素图层导入。
        [gis-project] { $name } 是 GIS 软件的工程或样式文件，不能作为要素图层导入。
        [metadata] { $name } 是数据的说明文件，不能作为要素图层导入。
        [exchange] { $name } 是交换文件（VCT、E00、MapGIS），不能作为要素图层导入。
        [companion] { $name } 是其他文件的配套文件，不能作为要素图层导入。
        [arrow] { $name } 是 Arrow 文件，不能作为要素图层导入。
       *[other] { $what } 文件 { $name } 不能作为要素图层导入。
    }
    .hint = { $what ->
        [dwg] 在 CAD 软件中另存为 DXF 再导入
        [dgn] 在 CAD 软件中另存为 DXF 或 DGN V7 再导入
        [ifc] 转换为 GLB 后放置（IfcConvert house.ifc house.glb），或转换为 CityJSON，或把轮廓转换为 GeoPackage
        [step] 另存为 GLB 或 OBJ，作为模型放置
        [las] 用 .las 或 .laz 的文件名导入，作为点云查看
        [cloud] 另存为 LAS 或 LAZ（CloudCompare）再导入
        [raster] 作为地形或影像导入（--as terrain、--as imagery）
        [hdf] 把需要的图层另存为 GeoTIFF（gdal_translate）再导入
        [gif] 另存为 PNG，并把坐标文件放在旁边
        [mesh] 如在压缩包中先解压，再作为模型放置（--at 东,北），或导入建筑轮廓
        [tileset] 请直接指定 tileset.json，作为模型导入
        [oblique] 在原软件中导出为 3D Tiles（b3dm）或 OBJ
        [mbtiles] 请索取生成切片的原始数据
        [pdf] 请索取地图背后的数据：Shapefile、GeoPackage 或 DXF
        [svg] 请按地图坐标导出为 DXF
        [rar] 先解压，或改为 .zip
        [seven-zip] 先解压，或改为 .zip
        [mdb] 把图层导出为文件地理数据库或 GeoPackage
        [office] 另存为 .csv 或不加密的 .xlsx
        [spreadsheet] 另存为 .xlsx 或 .csv
        [document] 把其中的表格复制到电子表格，另存为 .xlsx
        [html] 可能保存的是出错页面，请重新下载数据
        [script] 只保留第一个 { "{" } 到最后一个 { "}" } 之间的内容，另存为 .geojson 再导入
        [inp] 作为管线导入（--as pipes）
        [osc] 用 osmium 把变更并入提取数据后再导入
        [o5m] 转换为 .osm.pbf（osmconvert、osmium）再导入
        [gdb-table] 请选择它所在的 .gdb 文件夹
        [sql] 先恢复数据库，再把表导出为 GeoPackage（ogr2ogr town.gpkg PG:dbname=town）
        [lfs] 数据本身没有下载：运行 git lfs pull，或直接下载该文件
        [gis-project] 它只记录数据的位置：请导入它所指的文件
        [metadata] 请导入它所说明的文件
        [exchange] 在原软件中转换为 Shapefile 或 GeoPackage
        [companion] 请指定它所属的文件，如 .shp
        [arrow] 另存为 GeoParquet
       *[other] 另存为 GeoPackage 或 Shapefile 再导入
    }
error-file-not-a-file = { $name } 不是文件，而是管道或设备。
    .hint = 请先把数据另存为文件
error-file-companions-missing = 缺少配套文件：{ $missing }。
    .hint = 请把 .tab、.dat、.map、.id 全部放在同一文件夹
error-file-rows-differ = 属性表 { $name } 有 { $rows } 行，而图形有 { $shapes } 个，两者不配套。
    .hint = 请重新获取 { $name }；或移走它，只导入图形
error-file-no-layers = 文件 { $name } 中没有图层。
    .hint = 请检查是否选对了文件，或重新导出
error-file-no-cityjson-header = { $name } 缺少第一行，其中说明比例和位置。
    .hint = 请重新导出，或把 CityJSON 类型的那一行放回开头
error-file-damaged = 文件 { $name } 已损坏、被截断，或不是其名称所示的格式：{ $reason }。
    .hint = 重新复制或下载，或在原软件中打开并另存
error-file-truncated = 文件 { $name } 不完整：{ $total } 个要素中只有 { $count } 个。
    .hint = 重新复制或下载
error-file-cut-off = 文件 { $name } 中途结束，只有 { $count } 个完整要素。
    .hint = 重新复制或下载
error-file-shorter = 文件 { $name } 被截断：{ $size } 字节中只有 { $there } 字节。
    .hint = 重新复制或下载
error-file-texts-unreadable = { $name } 的字段名所用编码文件没有说明，无法读取。
    .hint = 在原软件中另存为 GeoPackage 或 Shapefile
error-file-encoding-unknown = 没有名为“{ $name }”的文字编码。
    .hint = 可选：{ $choices }
error-file-no-such-layer = 文件 { $name } 中没有图层“{ $layer }”。
    .hint = 现有图层：{ $layers }
error-file-no-geometry = 文件 { $name } 只有表格，没有位置：{ $layers }。
    .hint = 请给出含几何的文件，或含坐标列的 .csv 表格
error-file-no-coordinates = 表格 { $name } 没有说明位置的列。
    .hint = 把列命名为 lon 和 lat、x 和 y、经度和纬度，或 wkt；现有列：{ $columns }
error-file-no-shp = 缺少含几何的 .shp 文件（{ $name }）。
    .hint = 把 Shapefile 的全部文件（.shp、.shx、.dbf、.prj）放在同一文件夹
error-file-not-geojson = JSON 文件 { $name } 中没有地图要素。
    .hint = 请给出 GeoJSON 文件；其他 JSON 需先转换
error-file-not-cityjson = JSON 文件 { $name } 中没有城市对象。
    .hint = 请给出 1.0 至 2.0 版的 CityJSON 文件
error-file-nothing-inside = { $name } 中没有可作为要素图层导入的内容。
    .hint = 请给出含 Shapefile、GeoPackage、GeoJSON、DXF、FileGDB、OSM 或 CityJSON 的文件夹或压缩包
error-file-password = 压缩包 { $name } 的 { $total } 个文件中有 { $count } 个加了密码。
    .hint = 用密码解压后导入文件夹
error-file-damaged-archive = 压缩包 { $name } 已损坏或被截断：{ $reason ->
        [no-end] 结尾缺失
       *[other] { $reason }
    }。
    .hint = 重新复制或下载
error-file-archive-path = 压缩包试图写到自身文件夹之外（“{ $member }”）。
    .hint = 该压缩包制作有误或带有恶意，请勿使用
error-file-archive-bomb = 压缩包解压后过大（{ $what }）。
    .hint = 如果信任它，请自行解压后导入文件夹
error-file-no-room = 没有空间解压：需要 { $needed } GiB。
    .hint = 清理临时文件夹所在磁盘，或在别处解压
error-file-web-address = 这是网址；程序只读取本机上的文件。
    .hint = 先下载，再指定下载的文件
error-file-name-broken = 文件名或其文件夹名的编码与本机不同：{ $name }。
    .hint = 请重命名；它可能来自名称为中文的压缩包
error-file-overpass-bare = Overpass 的结果 { $name } 列出了 { $count } 个对象，却没有给出位置。
    .hint = 查询语句以 out geom; 结尾，重新保存结果
error-file-overpass-stopped = Overpass 没有返回结果：{ $reason }。
    .hint = 缩小范围，或加大 [timeout:]
error-file-service-error = 文件 { $name } 是地图服务的拒绝信息：{ $reason }。
    .hint = 重新请求服务（需要登录时先登录），再保存结果
error-file-service-description = 文件 { $name } 只是地图服务图层的说明，不含要素。
    .hint = 在图层地址后加上 { $query }，保存返回的结果
error-file-locked = 另一个程序正在写入 { $name }，文件被锁定。
    .hint = 在该程序（QGIS、ArcGIS、脚本）中保存并关闭文件，再试一次
error-file-formulas-open = 没有一行给出位置：{ $count } 个单元格的公式从未计算过（{ $first }）。
    .hint = 在 Excel、WPS 或 LibreOffice 中打开并保存表格，再导入
error-file-other-system = { $name } 的坐标系（{ $crs }）与其他分幅不同。
    .hint = 请单独导入
