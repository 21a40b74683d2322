# 导入错误。
error-import-no-crs = 文件没有说明坐标系；{ $looks ->
        [degrees] 坐标看起来是经纬度（{ $first }）
        [zone] 坐标看起来是带有带号的高斯—克吕格坐标（{ $first }）
        [metric] 坐标看起来是不带带号的投影坐标（{ $first }）
        [mercator] 坐标看起来是网络地图的墨卡托坐标（{ $first }）
        [project] 坐标正好落在项目数据附近（{ $first }）
        [local] 坐标可能属于城市坐标网（{ $first }）
        [empty] 也没有坐标
       *[unknown] 坐标看起来是地方坐标系的米或英尺（{ $first }）
    }。
    .hint = { $looks ->
        [empty] 请用 --crs 指定，如 --crs EPSG:4547
        [unknown] 请向数据提供者询问，并用 --crs 指定，如 --crs EPSG:4547
        [metric] 请查明坐标系和中央子午线，再用 --crs 指定；中央子午线 { $meridian }° 对应 { $proposals }（依次为 CGCS2000、西安 1980、北京 1954）
        [zone] 请查明坐标系，再用 --crs 指定：{ $proposals }（依次为 CGCS2000、西安 1980、北京 1954）
        [degrees] 如果正确，请用 --crs { $proposal } 导入；{ $swapped ->
            [True] 纬度在前，再加 --swap-axes
           *[other] 如果纬度在前，再加 --swap-axes
        }
       *[other] 如果正确，请用 --crs { $proposal } 导入（可能的坐标系：{ $proposals }）
    }
error-import-crs-wrong = 这些坐标不可能属于 { $crs }；第一个是 { $first }。
    .hint = { $looks ->
        [empty] 请用 --crs 指定，如 --crs EPSG:4547
        [unknown] 请向数据提供者询问，并用 --crs 指定，如 --crs EPSG:4547
        [metric] 请查明坐标系和中央子午线，再用 --crs 指定；中央子午线 { $meridian }° 对应 { $proposals }（依次为 CGCS2000、西安 1980、北京 1954）
        [zone] 请查明坐标系，再用 --crs 指定：{ $proposals }（依次为 CGCS2000、西安 1980、北京 1954）
        [degrees] 如果正确，请用 --crs { $proposal } 导入；{ $swapped ->
            [True] 纬度在前，再加 --swap-axes
           *[other] 如果纬度在前，再加 --swap-axes
        }
       *[other] 如果正确，请用 --crs { $proposal } 导入（可能的坐标系：{ $proposals }）
    }
error-import-elsewhere = 数据位于经度 { $longitude }、纬度 { $latitude } 附近，远在项目坐标系 { $crs } 的范围之外。
    .hint = 请检查文件的坐标系（--crs）；如果没有错，请为这些数据另建项目
error-import-geocentric = 文件的坐标是地心坐标（{ $name }）。
    .hint = 请先转换为投影坐标或经纬度
error-import-no-place = 文件没有坐标，无法据此选择项目的坐标系。
    .hint = 请先指定项目坐标系，如 --crs EPSG:4547
error-import-choose-layer = 文件包含 { $count } 个图层。
    .hint = 用 --layer 选择一个，或用 --layer '*' 选择全部：{ $layers }
error-import-no-fitting-layer = { $count } 个图层中没有适合“{ $kind }”的几何类型。
    .hint = 现有图层：{ $layers }
error-import-not-for-shapes = 点、线、面文件不能导入为“{ $kind }”。
    .hint = 请导入为 buildings、roads、water、greenery、districts 或 features
error-import-empty = 文件中没有要素。
    .hint = 检查是否选对了文件或图层
error-import-nothing-kept = { $read } 个要素都不能作为“{ $kinds }”导入：{ $why }。
    .hint = 请按其他类型导入，或选择其他图层
error-height-option = { $option } 为 { $metres } 米，应在 0 与 1000 米之间。
    .hint = 不指定 { $option } 时使用默认值
error-height-no-such-field = 没有可取高度的字段“{ $field }”。
    .hint = 现有字段：{ $fields }
error-height-no-numbers = 字段“{ $field }”中没有数字。
    .hint = 用 --height-field 指定其他字段，或不指定
error-import-resolution = --resolution 为 { $metres }，应大于 0 米。
    .hint = 不指定 --resolution 时保持文件原有的像元大小
error-raster-mixed = 其中有 { $heights } 个高程栅格和 { $pictures } 个影像。
    .hint = 请逐个导入，或用 --as terrain、--as imagery 指定
error-raster-colours = 该栅格是影像颜色，不是高程（{ $first }）。
    .hint = 请用 --as imagery 导入，或选择存放高程的文件
error-raster-none = 其中没有栅格文件。
    .hint = 请指定含有 GeoTIFF、ASC 或 HGT 文件的文件夹
error-raster-no-place = 影像没有说明它在地球上的位置。
    .hint = 请将坐标文件（.tfw、.jgw、.pgw）放在旁边，或使用 GeoTIFF
error-raster-unreadable = 栅格无法读取：{ $reason }。
    .hint = 检查文件是否完整；支持 GeoTIFF、ASC、HGT 和 IMG
error-raster-several-crs = { $count } 个栅格使用了 { $systems } 种坐标系。
    .hint = 请逐个导入
error-raster-no-heights = 栅格中没有可用的高程。
    .hint = 用 --nodata 检查其未知值，并检查单位
error-raster-clear = 影像的所有像素都被遮盖。
    .hint = 用 --nodata 检查其未知值
error-raster-closed-format = { $format } 影像需要商业许可的读取库，本程序不含。
    .hint = 请用原软件或 gdal_translate 另存为 GeoTIFF
error-raster-hgt-name = .hgt 文件只靠文件名说明位置，如 N30E114.hgt。
    .hint = 请恢复下载时的文件名
error-raster-words = 格网中有 { $count } 处本应是数字却是文字，如“{ $first }”。
    .hint = 改为表示未知的数值（NODATA_value，如 -9999）再导入
