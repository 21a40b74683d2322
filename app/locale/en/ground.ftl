# Ground: terrain from points and contours, large rasters, profiles and earthwork.
note-ground-from-field = Heights of the ground were taken from the field { $field } ({ $unit }).
note-ground-from-corners = Heights of the ground were taken from the coordinates themselves.
note-heights-differ-at-place = { $count } places carry several heights; their mean counts.
note-ground-interpolated = { $points } points became { $columns } x { $rows } heights, one every { $step } m, from { $low } to { $high } m (usual interval { $interval } m).
note-terrain-stays-in-file = The heights stay in their file and are read where they are looked at; { $columns } x { $rows } of them are kept as overview.
note-picture-stays-in-file = The picture stays in its file and is read where it is looked at; { $columns } x { $rows } pixels of it are kept as overview.
scene-picture-gone = The file of a picture cannot be read any more; its overview is shown.
