# Reports on paper: what every report says.
paper-page = 第
paper-of = 页，共
paper-end = { " " }页
paper-basis = 本报告依据
paper-inputs = 所用数据
paper-input = 数据
paper-hash = 内容哈希
paper-packs = 规则包
paper-pack = 规则包
paper-verified = 与标准核对情况
paper-contents = 目录
paper-program = 程序
paper-project = 项目
paper-date = 日期
paper-author = 编制
paper-name = 姓名
paper-signature = 签名盖章
paper-figure = 图
paper-table = 表
paper-pack-verified = 全部 { $total } 条规则已核对
paper-pack-unverified = { $total } 条规则中 { $verified } 条已核对，其余只作提示

# 分布图。
pipes-map-title = 地下管线分布图
pipes-map-legend = 图例
pipes-map-rest = 其他
pipes-map-note-north = 指北针为坐标北。排水井：点号，地面高程/井底高程。
pipes-map-note-assumed = { $count } 个对象的规格或标高为假定值。
