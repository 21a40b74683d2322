# Errors of ways through streets.
error-routing-no-streets = 没有可以寻路的道路线。
    .hint = 请导入道路图层，或指定含有线的图层
error-routing-area = 封闭道路至少需要两个点。
    .hint = 请横穿道路画一条线，或围绕道路画一个区域
