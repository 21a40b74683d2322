# What an edit does; completes "Undo: ..." and the lines of the history.
edit-add-layer = Add layer { $name }
edit-remove-layer = Remove layer { $name }
edit-move-layer = Move layer { $name }
edit-look-name = Rename layer to { $name }
edit-look-show = Show { $name }
edit-look-hide = Hide { $name }
edit-look-opacity = Change opacity of { $name }
edit-look-style = Change style of { $name }
edit-set-height = Set height of building { $building } to { $metres } m
edit-save-view = Save view { $name }
edit-remove-view = Remove view { $name }
edit-set-info = Change project settings
edit-set-frame = Set coordinate system to { $crs }
edit-add-measurement = Measure { $name }
edit-remove-measurement = Remove measurement { $name }
edit-change-measurement = Change measurement { $name }
edit-import = Import { $name }
