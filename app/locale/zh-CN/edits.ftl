# 编辑步骤的名称，用于“撤销：……”和历史列表。
edit-add-layer = 添加图层“{ $name }”
edit-remove-layer = 移除图层“{ $name }”
edit-move-layer = 移动图层“{ $name }”
edit-look-name = 图层改名为“{ $name }”
edit-look-show = 显示“{ $name }”
edit-look-hide = 隐藏“{ $name }”
edit-look-opacity = 更改“{ $name }”的不透明度
edit-look-style = 更改“{ $name }”的样式
edit-set-height = 将建筑 { $building } 的高度设为 { $metres } m
edit-save-view = 保存视图“{ $name }”
edit-remove-view = 移除视图“{ $name }”
edit-set-info = 更改项目设置
edit-set-frame = 将坐标系设为 { $crs }
edit-add-measurement = 量测“{ $name }”
edit-remove-measurement = 移除量测“{ $name }”
edit-change-measurement = 更改量测“{ $name }”
edit-import = 导入“{ $name }”
