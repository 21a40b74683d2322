# 管线面板：页面、查询、统计。
menu-pipes = 管线(&P)
panel-pipes = 管线
pipes-page-ask = 查询
action-pipes-ask = 查询管线(&A)
    .tip = 按位置、编号、地址或表达式查找管线，并查看其全部信息
draw-spot = 请在画面中单击一处。
draw-line = 请在画面中逐点单击；双击或按回车结束，退格键撤回上一点。
draw-area = 请在画面中沿区域逐点单击；双击或按回车闭合，退格键撤回上一点。
result-export = 导出表格
result-exported = 已将 { $count } 行写入 { $name }
