# 画面精细程度。

action-corner-shade = 转角阴影(&C)
    .tip = 视图静止后，在墙脚和楼间加深明暗
