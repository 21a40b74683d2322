# 整幅画面的样式。
menu-looks = 画面样式(&K)
look-attributes = 按属性
look-white = 灰模
look-realistic = 真实
look-night = 夜景
look-blueprint = 蓝图
scene-plain-facades = 此图形驱动无法绘制立面，墙面不绘窗户。
