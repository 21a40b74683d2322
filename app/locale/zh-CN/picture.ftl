# 图面文字；{count} 等由绘图时填入。
picture-legend = 图例
picture-more = …… 另有 {"{"}count{"}"} 项
picture-north = 北
picture-metres = m
picture-kilometres = km
picture-scale-centre = 比例尺适用于图面中心
picture-scale-everywhere = 比例尺适用于全图
picture-position = 视点 东 {"{"}east{"}"} 北 {"{"}north{"}"} 高 {"{"}height{"}"} m
picture-direction = 方位 {"{"}heading{"}"}°，俯仰 {"{"}pitch{"}"}°
picture-moment = 光照 {"{"}date{"}"} {"{"}time{"}"}
picture-exaggeration = 高度 × {"{"}factor{"}"}
picture-other = 其他
picture-height = 高度
picture-elevation = 高程
picture-slope = 坡度
picture-pipe-class = 类别
picture-aspect = 坡向
