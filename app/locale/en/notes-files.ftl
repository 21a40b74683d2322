# Remarks of the file readers.
note-encoding-guessed = The texts were read as { $encoding }, judged by the characters themselves; other choices: { $others }.
note-encoding-contradicts = The file declares { $declared }, but its texts are { $encoding }; they were read as such.
note-texts-broken = { $count } different texts hold bytes that { $encoding } does not know (field { $field }: { $in_field }); they are marked with �.
note-shx-missing = { $name }.shx is missing; the index was rebuilt in a temporary copy.
note-dbf-missing = { $name }.dbf is missing: the features have no attributes.
note-prj-missing = { $name }.prj is missing: the file does not say its coordinate system.
note-prj-unreadable = { $name } names no coordinate system that PROJ knows.
note-crs-unreadable = The coordinate system that the file names is not understood: { $reason }.
note-not-lonlat = The coordinates cannot be degrees (first corner { $x }, { $y }), and the file names no coordinate system.
note-height-datum = Heights count from { $name }.
note-tiles-joined = { $count } tiles were read as one layer.
note-texts-joined = { $count } collections stand one behind the other in the file; they were read as one layer.
note-tables-left-out = { $count } tables without geometry were left out, such as '{ $first }'.
note-files-left-out = { $count } files could not be read; first: { $first }
note-reader-warnings = The reader had { $count } remarks; first: { $first }
note-lonlat-columns = The columns '{ $longitude }' and '{ $latitude }' were taken for longitude and latitude (WGS 84).
note-columns-swapped = Longitude and latitude are swapped in the file: '{ $east }' is east, '{ $north }' north.
note-survey-order = X is north and Y east in the file, as surveyors write it: '{ $east }' is east, '{ $north }' north.
note-shifted-coordinates = The field '{ $field }' says that the coordinates are shifted as map services do (GCJ-02, BD-09): places lie up to several hundred metres off; --crs GCJ-02 or --crs BD-09 takes the shift back.
note-no-header = The table has no names of columns; '{ $east }' was taken for east, '{ $north }' for north.
note-ragged-rows = { $count } rows have more or fewer cells than there are columns.
note-drawing-units = { $units ->
        [unitless] The drawing does not say its unit; its coordinates were taken as they are.
       *[other] The drawing says that its unit is { $units }; its coordinates were taken as they are.
    }
note-no-end-mark = { $name } has no end mark; perhaps it was cut off.
note-drawing-mended = The drawing is damaged; what could be saved was read ({ $reason }).
note-hidden-entities = { $count } entities lie on CAD layers that are switched off or frozen (column Visible).
note-entities-left-out = { $count } entities of kinds that are not read: { $kinds }.
note-lod-used = Level of detail used (objects): { $lods }.
note-faces-left-out = { $count } faces have fewer than three corners and were left out.
note-outline-from-parts = { $count } objects without a shape of their own got the outline of their parts.
note-extension-objects = { $count } objects are of types from an extension, read like the others: { $kinds }.
note-rows-deleted = { $count } rows are marked as deleted in the table; they were left out with their shapes.
note-rows-without-shape = The table has { $rows } rows for { $shapes } shapes; the last rows have no shape.
note-rows-above-header = { $count } rows above the names of the columns, such as a title, were left out.
note-lines-unreadable = { $count } lines of the file cannot be read, the last perhaps because the file was cut off; their objects are missing.
note-layers-left-out = { $count } other layers of the file were not read: { $names }. --layer or the wizard takes them too.
note-shx-broken = { $name }.shx was cut off; the index was rebuilt in a temporary copy.
note-dbf-broken = { $name }.dbf is empty: the features have no attributes.
note-quote-open = A quotation mark is never closed; quotation marks were read as letters.
note-links-unresolved = { $count } links to faces lead nowhere; those faces are missing.
note-overpass-stopped = Overpass stopped before it had answered in full; things are missing: { $reason }
note-overpass-centres = Of { $count } things the answer knows the middle only ('out center'); they became points. 'out geom' gives their outlines.
note-osm-ways-missing = { $count } areas lack some of their ways and are missing or incomplete (first: { $first }); the extract was cut through them.
note-answer-limited = { $total ->
        [0] The service gave { $count } features and says that there are more; ask it for the next pages too.
       *[other] The service gave { $count } of { $total } features; ask it for the next pages too.
    }
note-formulas-computed = { $count } cells hold formulas that were never calculated; their values were worked out here.
note-formulas-open = { $count } cells hold formulas that were never calculated and are empty here (first: { $first }); open and save the table in Excel, WPS or LibreOffice.
note-mid-missing = { $name }.mid is missing: the features have no attributes.
