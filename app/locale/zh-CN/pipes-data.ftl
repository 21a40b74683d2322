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
