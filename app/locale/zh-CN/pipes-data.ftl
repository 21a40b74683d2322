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
