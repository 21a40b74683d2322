# 规划管线。
pipes-page-plan = 规划
action-pipes-plan = 规划管线(&N)
    .tip = 绘制规划管线，高程按覆土或坡度确定；绘制时即提示冲突
pipes-plan-layer = 规划管线
pipes-plan-class = 类别
pipes-plan-width = 规格
pipes-plan-number = 名称
pipes-plan-way = 高程
pipes-plan-way-cover = 随地面
pipes-plan-way-slope = 等坡
pipes-plan-cover = 覆土
pipes-plan-slope = 坡度
pipes-plan-go = 冲突
pipes-plan-begin = 请设定管线并绘制。绘制时即提示其与地下管线、建筑、树木的冲突，并按严重程度和费用列于此处。
pipes-plan-count = 共 { $count } 处冲突：碰撞 { $collision }，严重 { $high }；迁改现状管线约需 { $cost } 元。
pipes-plan-soil = 管沟土方 { $soil }，长 { $length }。
pipes-plan-draw = 绘制
    .hint = 逐点单击，自动捕捉检查井和管线（按住 Alt 不捕捉）；双击或按回车结束。
pipes-plan-level = 高程 { $level } m，深 { $depth } m
pipes-plan-finding = { $check } { $with_ }：{ $actual } / 需 { $required } { $unit }{ $certainty ->
    [possible] （可能）
   *[certain] {""}
}
pipes-plan-keep = 新结果
pipes-plan-keep-tip = 保留此结果；下一次另存一份
pipes-plan-zoom = 缩放至全部
pipes-plan-export = 导出…
edit-draw-pipe = 绘制规划管线 { $name }
analysis-pipe-conflicts = 规划管线冲突
    .tip = 规划管线对全部：按严重程度排列，说明谁避让及迁改费用
column-severity = 严重程度
column-yields = 避让方
column-why = 原因
column-moved = 改线长度
column-cost = 费用
column-planned = 规划管段
column-collision = 碰撞
column-high = 严重冲突
column-middle = 一般冲突
column-low = 可能的冲突
cell-collision = 碰撞
cell-high = 严重
cell-middle = 一般
cell-low = 轻微
cell-object = 本管线
cell-other = 对方
pipe-why-gravity = 压力管让重力管
pipe-why-planned = 规划让现状
pipe-why-smaller = 小管让大管
pipe-why-thing = 现有设施不动
note-pipe-conflicts-costs = 费用取自规则包“pipe-costs”的数量级，请换成本地价格。
note-pipe-conflicts-soil = 土方为自然方，未计松散：各管沟单独计算，含工作面和 0.1 m 垫层，边坡 1:{ $slope }。
note-pipe-conflicts-no-trench = { $count } 段规划管线不在地面以下，未计管沟。
pipe-conflicts-soil = 管沟土方（自然方）
pipe-conflicts-trench = 管沟长度
ask-pipe-conflicts-slope = 管沟边坡 1 :
pipes-plan-done = 已规划管线 { $length } m，共 { $count } 段

# 命令帮助。
help-pipes-plan = 在项目或方案中加入一条规划管线。

    排水管在每一点设检查井。不写 --slope 时管线处处保持覆土。
help-pipes-plan-points = 管线各点：'X,Y X,Y ...'。
help-pipes-plan-line-class = 管类或子类：water、sewage、natural-gas、WS 等。
help-pipes-plan-size = 规格，毫米：300 或 800x600。
help-pipes-plan-cover = 地面至管顶，米。
help-pipes-plan-slope = 自起点的坡度，千分之几；不写则随地面。
help-pipes-plan-level = 起点高程：排水为管底，其他为管顶。
help-pipes-plan-number = 名称。
help-pipes-plan-material = 材质。
help-pipes-plan-pressure = 压力，MPa。
help-pipes-plan-layer = 所入图层；没有则新建。
help-pipes-plan-scheme = 所入方案；不写则为现状。
help-pipes-conflicts = 按严重程度和费用列出规划管线与全部地下管线的冲突。

    逐条说明谁避让、为何避让，以及按规则包 pipe-costs 迁改现状管线的费用，并给出规划管线的管沟土方。违反已核对的规则时以 1 结束。
help-pipes-conflicts-rules = 规则包，如 gb50289-2016；不写用全部。
help-pipes-conflicts-layer = 管线图层；不写表示全部。
help-pipes-conflicts-trench-slope = 管沟边坡：每米高度向外放坡多少米。
column-new-buildings = 新建建筑
