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
files-picture-file = Export picture
files-project = Citystage project (*.gpkg)
files-picture = PNG picture (*.png)
files-vector = Vector data (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gml *.kml *.sqlite)
files-raster = Terrain and imagery (*.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
files-all-data = All data (*.shp *.gpkg *.geojson *.json *.fgb *.parquet *.dxf *.gdb *.pbf *.csv *.zip *.gz *.gml *.kml *.sqlite *.tif *.tiff *.img *.asc *.vrt *.jp2 *.png *.jpg)
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
dialog-unsaved-more = They are lost if you do not save them.
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
import-needs-crs = Choose the coordinate system of { $name }.
import-report = Report
import-read = read
import-kept = kept
import-repaired = repaired
import-skipped = skipped
import-objects = objects
dialog-crs = Coordinate system of the file
dialog-layer-report = Import report
