# Dialogs of the window.

# Buttons
button-close = Close
button-cancel = Cancel
button-create = Create
button-save = Save
button-discard = Discard changes
button-discard-edits = Discard
button-restore = Restore
button-back = Back
button-next = Next
button-import = Import
button-export = Export…
button-apply = Apply
button-ok = OK

# File dialogs
files-open-file = Open project
files-save-file = Save project
files-import-file = Import files
files-import-folder = Import folder
files-picture-file = Export picture
files-project = Citystage project (*.gpkg)
files-picture = PNG picture (*.png)
files-vector = Vector data (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gml *.kml *.sqlite)
files-raster = Terrain and imagery (*.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
files-all-data = All data (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gz *.gml *.kml *.sqlite *.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg *.glb *.gltf *.obj *.stl *.ply *.dae)
files-all = All files (*)

# New project
dialog-new-project = New project
    .lead = Everything in a project is kept in one coordinate system in metres.
new-project-title = Title
new-project-title-example = Riverside New District, regulatory plan
new-project-crs = Coordinate system
new-project-later = Let the first imported file propose it
new-project-now = Choose it now

# Coordinate systems
crs-search = Type a code, a name or a place: 4547, CGCS2000 114E, Shanghai…
crs-list = Coordinate systems
crs-none = No coordinate system chosen yet.
crs-chosen = { $name }. { $place }
crs-not-metric = { $name } is not in metres; choose a projected system.

# Questions
dialog-unsaved = Unsaved changes
dialog-unsaved-ask = Save the changes to { $name }?
dialog-overwrite = File changed
dialog-overwrite-ask = Another program changed { $name } since it was opened here.
dialog-overwrite-more = Changed there: { $layers }. Saving over it loses those changes.
button-save-as = Save under another name
button-overwrite = Save over it
dialog-unsaved-more = They are lost if you do not save them.
dialog-in-use = Project in use
dialog-in-use-ask = { $name } is open already. Open a copy?
dialog-in-use-more = { $told } A copy shows everything; what you change in it is saved under another name.
button-open-copy = Open a copy
dialog-recovery = Restore edits
dialog-recovery-ask = Citystage did not end properly. Restore the unsaved edits of { $name }?
dialog-recovery-more = They were kept in a journal beside your work. Discarding them cannot be undone.

# Import
button-done = Done
dialog-import = Import files
import-layers = Layers found
import-finding = Looking into the files…
import-working = Importing…
import-kind = Import as
import-name = Name of the layer
import-crs = Coordinate system
import-encoding = Text encoding
import-height = Height field
import-floors = Field of storeys
import-storey-height = Storey height
import-default-height = Height where nothing is told
import-preview = First rows
import-looking = Reading the first rows…
import-raster = A raster; it is carried into the project's coordinate system cell by cell.
import-found = found by looking
import-encoding-found = { $encoding } (found)
import-field-found = { $field } (found)
import-no-field = none
import-crs-told = { $crs }, from the file
import-crs-missing = The file does not say: choose one
import-crs-fits = { $crs }, would fit the numbers
import-crs-other = Another…
import-crs-shifted = { $system }: shifted degrees of Chinese map services
import-needs-crs = Choose the coordinate system of { $name }.
import-report = Report
import-read = read
import-kept = kept
import-repaired = repaired
import-skipped = skipped
import-objects = objects
import-summary = { $layers ->
        [one] Imported one layer
       *[other] Imported { $layers } layers
    }: { $kept } of { $read } features kept, { $skipped } skipped.
dialog-crs = Coordinate system of the file
dialog-layer-report = Import report

# Settings
dialog-settings = Settings
settings-look = Language and look
settings-import = Import
settings-habits = Habits
settings-language = Language
settings-theme = Appearance
settings-storey-height = Storey height
settings-default-height = Height where nothing is told
settings-navigation = Mouse
settings-navigation-gis = As in GIS
settings-navigation-cad = As in CAD
settings-navigation-tip = GIS: the left button moves the city when the program starts. CAD: it selects. In both the middle button moves, and the right button, or Shift and the middle button, turns.
settings-distance = Lengths told first
settings-distance-grid = Grid lengths (in the projection)
settings-distance-ground = Ground lengths (true)
settings-distance-tip = Both are always kept; this says which one stands first.
settings-undo = Memory of undo
settings-undo-tip = In large cities older steps keep only what they changed once undo takes more than that. None is lost; taking such a step back takes a little longer.

# Project settings
dialog-project-settings = Project settings
project-title = Title
project-author = Author
project-note = Remark
project-moment = Day and hour of the sun
project-crs = Coordinate system
project-crs-fixed = The system is fixed once the project holds layers.
project-datum = Height datum
project-datum-example = 1985 National Height Datum
project-has-grid = The city has its own grid
project-grid-dx = Shift east
project-grid-dy = Shift north
project-grid-turn = Turn

# Shortcuts and about
dialog-shortcuts = Keyboard and mouse
shortcuts-search = Search
shortcuts-mouse = Mouse in the picture
mouse-left = Left button
mouse-left-does = What the tool does; a click selects the object
mouse-shift-left = Shift or Ctrl + click
mouse-shift-left-does = Add to the selection; add or take away
mouse-right = Right button, drag
mouse-right-does = Turn around the place under the pointer
mouse-ctrl-right = Ctrl + right button, drag
mouse-ctrl-right-does = Turn the head where you are
mouse-right-click = Right click
mouse-right-click-does = Menu of the place
mouse-middle = Middle button, drag
mouse-middle-does = Move the city with the pointer
mouse-shift-middle = Shift + middle button, drag
mouse-shift-middle-does = Turn around the place under the pointer
mouse-wheel = Wheel
mouse-wheel-does = Nearer and farther, at the pointer
mouse-double = Double click
mouse-double-does = Bring the place to the middle, and nearer
mouse-arrows = Arrow keys, Page up, Page down
mouse-arrows-does = Left, right, ahead, back, higher, lower
mouse-shift-arrows = Shift + arrow keys
mouse-shift-arrows-does = Turn and tilt by 5 degrees
mouse-n = N
mouse-n-does = North up
mouse-escape = Escape
mouse-escape-does = Give up what was begun; select nothing
shortcuts-roam = While flying and walking
roam-ahead = W A S D
roam-ahead-does = ahead, left, back, right
roam-rise = E, Q
roam-rise-does = up and down (flying)
roam-fast = Shift
roam-fast-does = four times as fast
roam-look = left drag
roam-look-does = look around
shortcuts-draw = While drawing and measuring
draw-end = Enter, double click
draw-end-does = end the line or the area
draw-back = Backspace
draw-back-does = take the last point back
draw-digits = digits, then Enter
draw-digits-does = exact length of an edge, height or angle (buildings, control lines)
draw-alt = Alt
draw-alt-does = do not snap
draw-shift = Shift
draw-shift-does = square corners, whole steps (buildings, control lines)
draw-escape = Esc
draw-escape-does = give up what was begun
dialog-about = About Citystage
about-licence = Open source under the Apache License 2.0.
about-copy = Copy

# Picture export
dialog-picture = Export picture
dialog-drawing = Drawing the picture
export-view = View
export-view-current = The current view
export-size = Size
export-window = As the window
export-own = Own size
export-pixels = Pixels
export-title = Title
export-furniture = On the picture
export-legend = Legend
export-north = North arrow
export-scale-bar = Scale bar
export-date = Date and hour of the light
export-coordinates = Place of the eye
export-fine = Smoothing
export-fine-1 = None, fastest
export-fine-2 = Good
export-fine-3 = Fine
export-fine-4 = Finest, slowest
export-transparent = Transparent background
picture-written = The picture { $name } is written.
