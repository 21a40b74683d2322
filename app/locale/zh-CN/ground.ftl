# 地形：由点和等高线生成、大栅格、剖面与土方。
note-ground-from-field = 地面高程取自字段 { $field }（{ $unit }）。
note-ground-from-corners = 地面高程取自坐标本身。
note-heights-differ-at-place = 有 { $count } 处带有多个高程，取其平均值。
note-ground-interpolated = 由 { $points } 个点生成 { $columns } × { $rows } 个高程，间距 { $step } 米，高程 { $low } 至 { $high } 米（常见等高距 { $interval } 米）。
note-terrain-stays-in-file = 高程留在原文件中，查看到哪里读到哪里；保留 { $columns } × { $rows } 个作为概览。
note-picture-stays-in-file = 影像留在原文件中，查看到哪里读到哪里；保留 { $columns } × { $rows } 像素作为概览。
scene-picture-gone = 影像文件已无法读取，只显示概览。
