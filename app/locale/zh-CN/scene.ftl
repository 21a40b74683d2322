# 画面本身要说的话。
scene-plain-shading = 本机的显卡驱动无法编译城市着色程序，建筑将以单一颜色绘制，选中和按属性着色不会显示。
scene-no-shadows = 本机的显卡驱动无法编译阴影着色程序，画面将不显示阴影。
scene-no-chinese-font = 这台电脑上没有中文字体，因此不写地名。请安装思源黑体（Noto Sans CJK），或用环境变量 CITYSTAGE_FONT 指定字体文件。
