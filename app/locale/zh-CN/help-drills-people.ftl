# 疏散、风险图与方案库命令的帮助。
help-drill-evacuate = 安排建筑内人员步行到避难场所：去向、用时、拥挤道路。
help-drill-evacuate-area = 西,南,东,北 或一圈坐标“东,北 东,北 东,北”；不写则为全部。
help-drill-evacuate-layer = 建筑图层；不写则为全部可见的。
help-drill-evacuate-shelters = 含避难场所的资源图层；不写则为全部。
help-drill-evacuate-roads = 道路图层；不写则为全部。
help-drill-evacuate-speed = 步行速度，千米每小时。
help-drill-evacuate-spread = 人员在这些分钟内陆续出发。
help-drill-evacuate-room = 未注明容量的场所可容人数。
help-drill-evacuate-show = 表格内容：groups 分组、streets 道路、curve 曲线。
help-drill-evacuate-pack = 规则包；不写则为全部。
help-drill-risk = 按网格或片区绘制红、橙、黄、蓝风险图。
help-drill-risk-area = 西,南,东,北 或一圈坐标；不写则为全部。
help-drill-risk-cell = 网格边长，米。
help-drill-risk-districts = 以片区图层代替网格。
help-drill-risk-hazards = 危险源图层；不写则为全部。
help-drill-risk-layer = 建筑图层；不写则为全部可见的。
help-drill-risk-pack = 规则包；不写则为全部。
