# Ground: terrain from points and contours, large rasters, profiles and earthwork.
note-ground-from-field = Heights of the ground were taken from the field { $field } ({ $unit }).
note-ground-from-corners = Heights of the ground were taken from the coordinates themselves.
note-heights-differ-at-place = { $count } places carry several heights; their mean counts.
note-ground-interpolated = { $points } points became { $columns } x { $rows } heights, one every { $step } m, from { $low } to { $high } m (usual interval { $interval } m).
note-terrain-stays-in-file = The heights stay in their file and are read where they are looked at; { $columns } x { $rows } of them are kept as overview.
note-picture-stays-in-file = The picture stays in its file and is read where it is looked at; { $columns } x { $rows } pixels of it are kept as overview.
scene-picture-gone = The file of a picture cannot be read any more; its overview is shown.

# Profiles and earthwork
profile-station = Station, m
profile-height = Height, m
action-measure-profile = Prof&ile of the ground
    .tip = Read the ground along a line: plot, rise and fall, slopes
action-measure-cutfill = &Cut and fill
    .tip = Reckon ground to be cut and filled for a level platform
measure-profile = Profile
measure-cutfill = Cut and fill
measure-how-profile = Click the points of the line; double click or Enter ends it. The plot appears below.
measure-how-cutfill = Click the corners of the platform; double click or Enter ends it. Level and side slopes are set below.
value-min = Lowest ground
value-max = Highest ground
value-mean = Mean ground
value-start = Ground at the start
value-end = Ground at the end
value-gain = Rise
value-loss = Fall
value-mean-slope = Mean slope
value-steepest-up = Steepest uphill
value-steepest-down = Steepest downhill
value-unknown-length = Length with unknown ground
value-unknown-area = Area with unknown ground
value-level = Level of the platform
value-cut = Cut
value-fill = Fill
value-balance = Cut less fill
value-cut-area = Area of cut
value-fill-area = Area of fill
value-deepest-cut = Deepest cut
value-highest-fill = Highest fill
value-mean-ground = Mean ground under the platform
value-side-slope = Side slope, 1:
value-slope-area = Area of side slopes
measure-short-gain = up
measure-short-loss = down
measure-short-mean-slope = slope
measure-short-fill = fill
measure-short-level = level
ground-plot = Plot of the profile
ground-save-plot = Save plot…
ground-save-table = Save stations…
ground-as-lines = As layer of lines
ground-level = Level, m
ground-slope = Side slope, 1:
ground-apply = Measure with these
ground-balance = Level where cut and fill are equal
ground-as-areas = Show in 3D
files-plot = Picture (*.png)
files-stations = Tables (*.xlsx *.csv)
edit-ground-again = Change { $name }

# Vertical exaggeration
menu-exaggeration = Ve&rtical exaggeration
project-exaggeration = Vertical exaggeration

# Colours of the ground and contour lines
compass-n = N
compass-ne = NE
compass-e = E
compass-se = SE
compass-s = S
compass-sw = SW
compass-w = W
compass-nw = NW
style-ground-tint = Colours
style-ground-tint-none = one colour
style-ground-tint-height = by height
style-ground-tint-slope = by slope
style-ground-tint-aspect = by aspect
style-ground-contours = Contour lines every
style-ground-contours-none = none
ground-contour-lines = Contour lines as a layer
ground-contour-lines-tip = Trace the lines at the full resolution of the terrain; they can be exported and labelled
ground-contour-name = Contours { $interval } m
ground-contour-job = Contour lines
progress-contours = tracing contour lines
cli-contours = { $count } contour lines every { $interval } m, from { $low } to { $high } m

# Heights of shapes
import-heights = Heights in shapes
import-heights-usual = as usual for the kind
import-heights-absolute = above datum
import-heights-relative = above the ground
import-heights-ground = left out, lies on the ground
style-heights = Heights of corners
style-heights-ground = left out
style-heights-absolute = above datum
style-heights-relative = above the ground
