# 导入报告。
report-layer = { $name }（{ $kind }），来自 { $source }
report-counts = 读取 { $read }，保留 { $kept }，修复 { $repaired }，跳过 { $skipped }；对象 { $objects } 个
report-repaired = 修复 { $count } 个：{ $reason }；首例：{ $first }
report-skipped = 跳过 { $count } 个：{ $reason }；首例：{ $first }
report-heights = 高度：{ $rule }
report-then = ；否则
report-defaulted = 其中 { $count } 个采用默认高度
report-crs = 坐标系：{ $crs }
report-encoding = 编码：{ $encoding }
report-extent = 范围：东 { $west } 至 { $east } m，北 { $south } 至 { $north } m
report-note = 说明：{ $text }
report-seconds = 用时 { $seconds } 秒
report-summary = { $name }：读取 { $read } 个要素，保留 { $kept } 个，修复 { $repaired } 个，跳过 { $skipped } 个
