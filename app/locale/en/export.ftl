# Writing the city for other programs: command, dialog, remarks.
progress-exporting = Writing buildings
cli-exporting = { $file }
export-wrote = wrote { $path }: { $objects ->
        [one] one building
       *[other] { $objects } buildings
    }, { $files ->
        [one] one file
       *[other] { $files } files
    }, { $megabytes } MB
export-note-heights-unchanged = Heights were taken as heights above the WGS 84 ellipsoid. On a globe with terrain, give the height of the project's datum above it (--height-offset).
export-note-no-crs-code = The coordinate system has no EPSG code, so the file does not name it.
export-note-models-left-out = Buildings under hand-made models were left out; the models themselves are not written.
job-exporting = Writing { $name }
action-export-city = Export cit&y…
    .tip = Write the buildings as 3D Tiles, GLB or CityJSON
dialog-export-city = Export city
    .lead = Buildings with their colours, heights and attributes for other programs.
export-format = Format
export-format-3dtiles = 3D Tiles 1.1
export-format-glb = GLB (glTF 2.0)
export-format-cityjson = CityJSON 2.0
export-about-3dtiles = A folder of tiles that stands at its place on the earth, for Cesium, game engines and web maps. Any number of buildings.
export-about-glb = One file of closed solids in metres around a local origin, for Blender, 3D printing and presentations.
export-about-cityjson = One file with buildings, parts and surfaces in the project's coordinates, for GIS and city models.
export-which = Buildings
export-which-visible = All visible
export-which-selected = Selected
export-where = Only where
export-where-example = height > 50 and use = office
export-height-offset = Datum above ellipsoid
export-height-offset-help = How high the zero of the project's heights lies above the WGS 84 ellipsoid (the geoid's height for heights above sea level). 0 puts level 0 on the ellipsoid.
files-export-3dtiles = Folder for the tiles
files-export-glb = Export GLB
files-export-cityjson = Export CityJSON
files-filter-glb = GLB (*.glb)
files-filter-cityjson = CityJSON (*.json *.jsonl)
