# 打开、保存和打包项目：提示，以及进度条旁的说明。
note-project-migrated = 项目由较早的版本保存（数据表版本 { $version }）；保存后即更新到当前版本。
note-project-layer-changed = 其他程序修改了图层“{ $name }”：新增 { $added } 个对象，{ $unreadable } 行的几何无法读取，{ $unfit } 个值不合规而被替换。
note-project-layer-gone = 其他程序删除了图层“{ $name }”的数据表，该图层已不存在。
note-raster-missing = 找不到图层“{ $name }”的文件：{ $path }。暂以低分辨率预览代替；放回文件后重新打开项目即可。
note-raster-unreadable = 图层“{ $name }”的文件无法读取：{ $path }（{ $reason }）。暂以低分辨率预览代替。
note-raster-changed = 图层“{ $name }”的文件在项目保存后有改动：{ $path }。现按其当前内容显示。
progress-loading = 正在打开项目
progress-saving = 正在保存项目
progress-packing = 正在打包
