# 进度条旁说明正在做什么。
progress-in-parts = 正在生成可分块读取的副本
progress-reading = 正在读取
progress-working = 正在处理
progress-sample = 正在生成地形、建筑和管线
progress-unpacking = 正在解压
progress-drawing = 正在绘制
progress-pipes-near = 正在比较管线
progress-pipes-cover = 正在比较管线与地面
