# 方案：现状城市之上的分支。
edit-scheme-new = 新建方案{ $name }
edit-scheme-activate = 显示方案{ $name }
edit-scheme-existing = 显示现状
edit-scheme-set = 修改方案{ $name }
edit-scheme-archive = 归档方案{ $name }
edit-scheme-restore = 恢复已归档方案{ $name }
edit-scheme-duplicate = 复制方案{ $name }
edit-scheme-remove = 删除方案{ $name }
edit-scheme-promote = 将方案{ $name }并入现状
edit-scheme-rebase = 更换方案{ $name }的上级
edit-scheme-merge = 将方案{ $name }合并到{ $into }
schemes-existing = 现状
schemes-status-draft = 草案
schemes-status-archived = 已归档
schemes-status-promoted = 已并入现状
