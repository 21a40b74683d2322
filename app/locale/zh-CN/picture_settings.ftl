# 设置中关于画面的一页。

settings-picture = 画面
settings-fineness = 大型城市
settings-fineness-quick = 流畅优先
settings-fineness-usual = 均衡
settings-fineness-fine = 精细优先
settings-fineness-tip = 精细优先适合有独立显卡的电脑；流畅优先会把远处建筑画得更简单。
settings-surface = 显示方式
settings-surface-auto = 自动
settings-surface-card = 由显卡直接显示
settings-surface-image = 作为图像显示
settings-surface-tip = 没有显卡时，自动方式将画面作为图像显示。画面黑屏或闪烁时可换另一种方式。下次启动后生效。
settings-mesh-memory = 图形内存
settings-mesh-memory-tip = 每个画面中每个图层的上限。超出时先释放最久未显示的部分。
