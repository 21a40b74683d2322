# 场景中的演练：画面字幕、图例。
drill-caption-more = { $title }（另有 { $count } 项）
drill-caption-waits = 已等待 { $time }：{ $title }
drill-caption-exercise = 实演
drill-caption-replay = 回放
action-drills-captions = 画面字幕(&M)
    .tip = 在画面上显示时间、正在进行的环节、谁说什么以及下一环节
drills-captions = 字幕
    .tip = 在画面上显示时间、正在进行的环节、谁说什么以及下一环节，与影片相同
picture-zones = 区域与线
picture-states = 力量状态
picture-closed = 封闭的道路
picture-detour = 绕行路线
picture-planned = 应在位置
drills-film-legend = 影片中显示图例：符号、区域、状态
help-drill-film-legend = 画面中显示符号、区域和力量状态的图例。
