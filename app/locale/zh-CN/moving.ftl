# 在城市中移动：镜头路径、故事、影片、地点、视窗。
edit-save-path = 保存镜头路径“{ $name }”
edit-remove-path = 删除镜头路径“{ $name }”
edit-save-story = 保存故事“{ $name }”
edit-remove-story = 删除故事“{ $name }”
