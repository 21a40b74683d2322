# 场景（绘制与拾取）的错误。
error-scene-too-many-buildings = 一个图层最多能绘制 { $most } 栋建筑，而这里有 { $count } 栋。
    .hint = 把图层拆成几个
error-picture-size = 无法绘制 { $width } × { $height } 像素的图片。
    .hint = 每边取 { $smallest } 至 { $largest } 像素，合计不超过 { $millions } 百万像素
error-picture-write = 图片无法写入：{ $reason }。
    .hint = 换一个文件夹，或腾出一些空间
error-picture-read = 这不是 PNG 图片。
    .hint = 请选择由 Citystage 导出的图片文件
error-font-no-chinese = 这台电脑上没有中文字体；有 { $count } 处文字无法写出，第一处：“{ $first }”。
    .hint = 请安装思源黑体（Debian：apt-get install fonts-noto-cjk），或用环境变量 CITYSTAGE_FONT 指定字体文件
