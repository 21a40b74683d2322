# Remarks of an import.
note-crs-overridden = The file says { $told }; { $used } was used as asked.
note-crs-proposed = The project takes { $crs }; the file is in { $file }, around { $place }.
note-axes-swapped = North stands before east in the file (first: { $first }); the axes were swapped.
note-outside-area = { $share } % of the coordinates lie outside the area of { $crs }.
note-far-from-project = The data lies { $km } km from the project's; check its coordinate system if that is not meant.
note-imported-before = The project already has this file as '{ $name }'; it is there twice now.
note-height-absurd = { $count } values of '{ $field }' are no heights and count as missing (such as { $value }; first: { $first }).
note-heights-against-floors = '{ $field }' makes storeys of { $storey } m with '{ $floors }': perhaps it holds levels above the sea, or counts another unit. If so, choose other fields with --height-field or --height-unit.
note-heights-tall = Half of the heights in '{ $field }' are above { $median } m: perhaps it holds levels above the sea, or counts another unit.
note-base-field = Ground levels were taken from the field '{ $field }'.
note-height-step-surfaces = extent of the surfaces
note-height-step-field = field { $field }
note-height-step-floors = { $roof ->
        [none] { $field } x { $storey } m
       *[other] { $field } x { $storey } m + { $roof }
    }
note-height-step-solid = extent of 3D coordinates
note-height-step-default = default { $metres } m
note-solid-footprints = { $count } features are made of upright faces; their outline from above became the footprint (first: { $first }).
note-parts = { $count } parts belong to { $parents } buildings.
note-parts-without-parent = { $count } parts have no building they belong to (first: { $first }).
note-outlines-undrawn = { $count } outlines are not drawn because their parts cover them; of { $cut } more only the rest beside the parts is drawn ({ $rests } objects).
note-raster-coarser = The raster was made { $factor } times coarser to fit the memory or the asked resolution.
note-terrain-size = { $columns } x { $rows } heights, one every { $step } m, from { $low } to { $high } m.
note-heights-absurd = { $count } cells hold values that are no heights and count as unknown.
note-zero-collar = { $count } cells along the border hold 0 and count as unknown.
note-heights-converted = Heights were converted from { $unit } to metres.
note-heights-taken-as-metres = The coordinate system counts in { $unit }; heights were taken as metres. If they are feet, import with --height-unit ft.
note-first-bands = The picture has { $count } bands; the first three became red, green and blue.
note-stretched = Brightness was stretched: { $low } became black and { $high } white.
note-imagery-size = { $columns } x { $rows } pixels of { $step } m.

progress-looking = Looking at the file
progress-repairing = Checking and repairing shapes
progress-duplicates = Looking for duplicates
progress-tiles = Joining what tiles have cut
progress-heights = Settling heights
progress-parts = Bringing parts to their buildings
progress-transforming = Carrying into the project's coordinates
progress-building = Building the layer
progress-done = Done
note-heights-unused = The numbers in '{ $field }' cannot be heights in metres (such as { $value }), and the field was not used; --height-field with --height-unit cm or mm takes them, if that is meant.
note-coordinates-scaled = { $unit ->
        [mm] The coordinates fit the system in millimetres; they were turned into metres.
        [cm] The coordinates fit the system in centimetres; they were turned into metres.
       *[km] The coordinates fit the system in kilometres; they were turned into metres.
    }
note-shift-undone = The shift of { $system } was taken back; places are right to about a metre.
note-height-step-extruded = corners of extruded shapes
note-tops-above-sea = { $count } shapes are extruded to levels above the sea; how high they are above the ground is only known with a terrain (first: { $first }). Import the terrain first.
note-far-apart = { $count } shapes lie up to { $km } km from all others (objects { $ids }); perhaps their coordinates are wrong.
