# 场景（绘制与拾取）的错误。
error-scene-too-many-buildings = 一个图层最多能绘制 { $most } 栋建筑，而这里有 { $count } 栋。
    .hint = 把图层拆成几个
