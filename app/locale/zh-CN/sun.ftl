# 太阳与阴影：面板和说明。
panel-sun = 日照
sun-date = 日期
sun-year = 一年中的日期
sun-time = 时间
sun-day = 一天中的时刻
sun-run-day = 播放全天
sun-run-year = 播放全年
sun-shadows = 建筑和地形的真实阴影
sun-told = 太阳方位角 { $azimuth }°（自北起），高度角 { $elevation }°。1 米高的杆投下 { $length } 米的影子。
sun-below = 太阳在地平线以下 { $degrees }°，没有阴影。
sun-no-place = 项目有坐标系后才知道太阳的位置。
sun-keep = 设为项目时刻
