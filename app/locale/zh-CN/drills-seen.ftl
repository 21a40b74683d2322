# 场景中的演练：画面字幕、图例。
drill-caption-more = { $title }（另有 { $count } 项）
drill-caption-waits = 已等待 { $time }：{ $title }
drill-caption-exercise = 实演
drill-caption-replay = 回放
action-drills-captions = 画面字幕(&T)
    .tip = 在画面上显示时间、正在进行的环节、谁说什么以及下一环节
drills-captions = 字幕
    .tip = 在画面上显示时间、正在进行的环节、谁说什么以及下一环节，与影片相同
