# 按实景绘制的道路、水体、绿地与树木。
style-built = 实景样式
style-built-on = 路面、路缘、波纹、树干
style-built-tip = 道路绘出路面、车道和桥梁，水体绘出波纹，树木绘出树干；关闭则按地图样式绘制
style-lamps = 路灯间距
style-lamps-none = 无路灯
style-left-hand = 行车
style-left-hand-on = 靠左行驶
style-tunnels = 隧道
style-tunnels-hidden = 不显示
style-tunnels-dashed = 地面虚线
style-tunnels-portals = 洞口
