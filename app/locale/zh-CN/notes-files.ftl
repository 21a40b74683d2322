# 文件读取说明。
note-encoding-guessed = 文字按 { $encoding } 读取（根据字符本身判断）；其他可能：{ $others }。
note-encoding-contradicts = 文件声明为 { $declared }，但文字实际是 { $encoding }，已按后者读取。
note-texts-broken = { $count } 种文字含有 { $encoding } 无法识别的字节（字段 { $field }：{ $in_field } 种），以 � 标出。
note-shx-missing = 缺少 { $name }.shx；已在临时副本中重建索引。
note-dbf-missing = 缺少 { $name }.dbf：要素没有属性。
note-prj-missing = 缺少 { $name }.prj：文件没有说明坐标系。
note-prj-unreadable = { $name } 中的坐标系 PROJ 无法识别。
note-crs-unreadable = 无法理解文件声明的坐标系：{ $reason }。
note-not-lonlat = 坐标不可能是经纬度（第一个角点 { $x }, { $y }），文件也没有说明坐标系。
note-height-datum = 高程基准：{ $name }。
note-tiles-joined = { $count } 个分块文件合并为一个图层。
note-texts-joined = 文件中首尾相接地存有 { $count } 个要素集合，已合并为一个图层。
note-tables-left-out = { $count } 个没有几何的表未读取，如“{ $first }”。
note-files-left-out = { $count } 个文件无法读取；第一个：{ $first }
note-reader-warnings = 读取时有 { $count } 条提示；第一条：{ $first }
note-lonlat-columns = “{ $longitude }”和“{ $latitude }”两列作为经度和纬度（WGS 84）。
note-columns-swapped = 文件中经纬度颠倒：“{ $east }”为东向，“{ $north }”为北向。
note-survey-order = 文件按测量习惯 X 为北、Y 为东：“{ $east }”为东向，“{ $north }”为北向。
note-shifted-coordinates = 字段“{ $field }”表明坐标经过地图服务加偏（GCJ-02、BD-09），位置可能偏差数百米；用 --crs GCJ-02 或 --crs BD-09 可消除偏移。
note-no-header = 表格没有列名；“{ $east }”作为东坐标，“{ $north }”作为北坐标。
note-ragged-rows = { $count } 行的单元格数与列数不符。
note-drawing-units = { $units ->
        [unitless] 图纸没有说明单位；坐标按原值读取。
        [mm] 图纸标明单位为毫米；坐标按原值读取。
        [cm] 图纸标明单位为厘米；坐标按原值读取。
        [m] 图纸标明单位为米；坐标按原值读取。
        [feet] 图纸标明单位为英尺；坐标按原值读取。
        [inches] 图纸标明单位为英寸；坐标按原值读取。
       *[other] 图纸标明单位为 { $units }；坐标按原值读取。
    }
note-no-end-mark = { $name } 没有结束标记，可能被截断。
note-drawing-mended = 图纸已损坏；能挽救的部分已读取（{ $reason }）。
note-hidden-entities = { $count } 个实体位于关闭或冻结的 CAD 图层（见 Visible 列）。
note-entities-left-out = { $count } 个实体的类型不能读取：{ $kinds }。
note-lod-used = 采用的细节层次（对象数）：{ $lods }。
note-faces-left-out = { $count } 个面少于三个角点，已略去。
note-outline-from-parts = { $count } 个自身没有形状的对象采用其部分的轮廓。
note-extension-objects = { $count } 个对象属于扩展类型，按普通对象读取：{ $kinds }。
note-rows-deleted = 属性表中有 { $count } 行已标记删除，连同图形一并舍去。
note-rows-without-shape = 属性表有 { $rows } 行，而图形只有 { $shapes } 个；多出的行没有图形。
note-rows-above-header = 略去列名上方的 { $count } 行（如标题）。
note-lines-unreadable = 文件中有 { $count } 行无法读取（最后一行可能因文件被截断），其中的对象缺失。
note-layers-left-out = 文件中另有 { $count } 个图层未读取：{ $names }；可用 --layer 或在导入向导中选取。
note-shx-broken = { $name }.shx 不完整；已在临时副本中重建索引。
note-dbf-broken = { $name }.dbf 是空的：要素没有属性。
note-quote-open = 有一个引号没有闭合；引号按普通字符读取。
note-links-unresolved = { $count } 个面的引用找不到对象，这些面缺失。
note-overpass-stopped = Overpass 未完整返回结果，数据有缺失：{ $reason }
note-overpass-centres = 有 { $count } 个对象只给出了中心点（out center），已作为点导入；用 out geom 可得到轮廓。
note-osm-ways-missing = 有 { $count } 个面缺少部分边线，未导入或不完整（第一个：{ $first }）；截取范围切过了它们。
note-answer-limited = { $total ->
        [0] 服务返回了 { $count } 个要素，并说明还有更多；请继续请求后面的分页。
       *[other] 服务返回了 { $total } 个要素中的 { $count } 个；请继续请求后面的分页。
    }
note-formulas-computed = 有 { $count } 个单元格的公式从未计算过，已在此算出结果。
note-formulas-open = 有 { $count } 个单元格的公式从未计算过，此处为空（第一个：{ $first }）；请在 Excel、WPS 或 LibreOffice 中打开并保存表格。
note-mid-missing = 缺少 { $name }.mid：要素没有属性。
