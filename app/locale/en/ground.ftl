# Ground: terrain from points and contours, large rasters, profiles and earthwork.
note-ground-from-field = Heights of the ground were taken from the field { $field } ({ $unit }).
note-ground-from-corners = Heights of the ground were taken from the coordinates themselves.
note-heights-differ-at-place = { $count } places carry several heights; their mean counts.
note-ground-interpolated = { $points } points became { $columns } x { $rows } heights, one every { $step } m, from { $low } to { $high } m (usual interval { $interval } m).
