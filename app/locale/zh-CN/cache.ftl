# 缓存：设置页、命令行、提示。
cache-info = { $folder }：{ $entries } 项，{ $size }，上限 { $most }
cache-cleared = 已从 { $folder } 删除 { $entries } 项（{ $size }）
settings-cache = 缓存
settings-cache-lead = 读取和计算过的内容保存在这里，下次打开文件和项目会更快。删除缓存不会丢失任何数据。
settings-cache-size = 上限
settings-cache-off = 不用缓存
settings-cache-folder = 文件夹
settings-cache-usual = 默认位置
settings-cache-choose = 选择…
settings-cache-fixed = 文件夹由环境变量 CITYSTAGE_CACHE 指定。
settings-cache-holds = { $folder } 中有 { $size }。
settings-cache-clear = 清空缓存
note-store-rebuilt = 缓存中的一个文件与写入时不符（{ $reason }），已重新生成。
note-store-full = 缓存所在磁盘已满（{ $folder }），程序继续运行，但不再保存缓存。请清空缓存，或在设置中另选文件夹。
note-store-not-writable = 缓存文件夹无法写入（{ $folder }：{ $reason }），程序在没有缓存的情况下继续运行。请在设置中或用 CITYSTAGE_CACHE 另选文件夹。
help-cache = 读取和计算过的内容，供下次快速使用；删除不会丢失数据。
help-cache-info = 显示缓存的位置、已用大小和上限。
    环境变量 CITYSTAGE_CACHE 可另指位置；窗口的设置中可指定位置和大小。
help-cache-info-as-json = 以 JSON 输出结果。
help-cache-clear = 清空缓存。文件和项目下次会重新读取。
