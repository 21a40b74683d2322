# Writing the city for other programs: command, dialog, remarks.
progress-exporting = Writing the city
cli-exporting = { $file }
export-wrote = wrote { $path }: { $objects ->
        [one] one building
       *[other] { $objects } buildings
    }{ $models ->
        [0] {""}
        [one] , one model
       *[other] , { $models } models
    }{ $trees ->
        [0] {""}
        [one] , one tree
       *[other] , { $trees } trees
    }, { $files ->
        [one] one file
       *[other] { $files } files
    }, { $megabytes } MB
export-note-heights-unchanged = Heights were taken as heights above the WGS 84 ellipsoid. On a globe with terrain, give the height of the project's datum above it (--height-offset).
export-note-no-crs-code = The coordinate system has no EPSG code, so the file does not name it.
export-note-no-textures = Models are in the mean colours of their pictures; CityJSON here holds no pictures.
export-left-of = { $layer } ({ $count })
export-left-kind-not-written = Not in the file, which holds buildings, models and trees: { $what }.
export-left-layer-hidden = Not in the file, because the layer is hidden: { $what }.
export-left-condition-not-met = Not in the file, because the condition does not hold: { $what }.
export-left-under-model = Not in the file, because models stand in their place: { $what }.
export-left-parts-instead = Outlines whose parts are written in their place: { $what }.
export-left-no-faces = Not in the file, because no face has an area: { $what }.
job-exporting = Writing { $name }
action-export-city = Export cit&y…
    .tip = Write buildings, models and trees as 3D Tiles, GLB or CityJSON
dialog-export-city = Export city
    .lead = Buildings, hand-made models and trees with their colours and attributes for other programs.
export-format = Format
export-format-3dtiles = 3D Tiles 1.1
export-format-glb = GLB (glTF 2.0)
export-format-cityjson = CityJSON 2.0
export-about-3dtiles = A folder of tiles that stands at its place on the earth, for Cesium, game engines and web maps. Any number of buildings; models with their textures.
export-about-glb = One file of closed solids, and models with their textures, in metres around a local origin, for Blender, 3D printing and presentations.
export-about-cityjson = One file with buildings, parts, surfaces and the forms of models in the project's coordinates, for GIS and city models.
export-which = What
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
