# 响应时间与危险源模型命令的帮助。
help-drill-reach = 计算若干分钟内到达的用地、道路和人口。
help-drill-nearest = 查找最先到达的资源、时间和路线；最先到达者超时则退出码为 1。
help-drill-nearest-at = 需要救援的位置，东,北。
help-drill-nearest-number = 数量。
help-drill-nearest-limit = 最先到达者的时限，分钟；0 不判断。
help-drill-coverage = 查找按时到达与未到达的目标；有未到达时退出码为 1。
help-drill-coverage-goals = 目标图层；不写则为建筑。
help-drill-coverage-goal-sort = 仅此类型的目标。
help-drill-coverage-limit = 时限，分钟；0 按规则。
help-drill-coverage-listed = 列出：unreached 未到达、all 全部、districts 按片区。
help-drill-coverage-districts = 片区图层；不写则为全部。
help-drill-coverage-pack = 规则包；不写则为全部。
help-drill-times = 列出每个资源到每个危险源或其他目标的分钟数。
help-drill-times-goals = 终点图层；不写则为危险源。
help-drill-times-goal-sort = 仅此类型的终点。
help-drill-times-longest = 超过这些分钟的不列；0 全列。
