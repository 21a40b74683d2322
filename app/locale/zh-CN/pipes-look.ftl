# 管线的画法。
style-pipe-mode = 画法
style-pipe-mode-true = 地下真实管体
style-pipe-mode-symbols = 地面符号
style-pipe-palette = 配色标准
style-pipe-palette-cjj61 = CJJ 61（管线探测规程）
style-pipe-palette-apwa = APWA（美国标记色）
style-pipe-palette-own = 自定配色
style-pipe-codes = 代号
style-pipe-codes-on = 沿管注记类别与规格
style-pipe-arrows = 流向
style-pipe-arrows-on = 已知处画箭头
style-pipe-errors = 探测误差
style-pipe-errors-on = 误差带 0.10 h / 0.15 h（CJJ 61）
style-pipe-hidden = 类别
