# Panels: properties, style, table of attributes.

# Inspector
inspector-selection = Selection
inspector-style = Style
inspector-source = Layer
selection-empty = Nothing is selected. Click an object in the picture, or rows in the table.
selection-facts = Facts
selection-attributes = Attributes
selection-layers = Layer of the selection
selection-in-layer = { $name } ({ $count })
selection-one = { $kind } { $id }
selection-several = { $count } objects
selection-height = Height
selection-height-tip = Type another height and press Enter; Undo takes it back
selection-heights-differ = different heights
values-copy = Copy
values-copy-value = Copy value
summary-sum = Sum
summary-mean = Mean
summary-min = Least
summary-max = Greatest
summary-empty = Without a value
summary-range = { $low } to { $high }
summary-different = { $count } values
fact-middle = Middle (east, north)
fact-min-height = Underside above ground
fact-floors-assumed = { $floors } (counted from the height)
fact-roof = Roof
roof-flat = Flat
roof-gable = Gable
roof-hip = Hip
roof-shed = Shed
roof-pyramid = Pyramid
fact-part-of = Part of building
fact-volume-all = Volume in all
fact-all = { $name } in all
height-from-field = a field of the file
height-from-floors = number of storeys
height-from-default = assumed, the file tells none
height-from-surfaces = detailed surfaces
height-from-edited = typed here
type-integer = integer
type-number = number
type-text = text
type-flag = yes or no
type-date = date
type-other = other

# Columns that are computed
column-id = Object
column-height = Height (m)
column-height-from = Height from
column-state-now = State now
column-area = Area (m²)
column-length = Length (m)
column-border = Perimeter (m)

# Layer
source-empty = Choose a layer in the list of layers.
source-kind = Kind
source-objects = Objects
source-size = East-west × north-south
source-file = File
source-in-file = Layer in the file
source-crs = Coordinate system
source-encoding = Text encoding
source-heights = Heights
source-defaulted = Heights assumed
source-report = Import report…

# Style
style-empty = Choose a layer in the list of layers to change how it looks.
style-colour = Colour
style-outline = Outline
style-outlined = Draw an outline
style-line-width = Line width
style-width-m = Width on the ground
style-width-pixels = as the line width
style-width-field = Width from field
style-point-size = Point size
style-lift = Above ground
style-opacity = Opacity
style-label-field = Label
style-label-size = Letter size
style-label-colour = Letter colour
style-label-own-colour = Labels have a colour of their own
style-label-rank = Goes first
style-label-by-size = large objects
style-label-metres = Written up to
style-label-any-distance = any distance
style-label-behind = Visibility
style-label-behind-on = Written through buildings too
style-no-field = none
style-colouring = Colours by attribute
colouring-mode = Colouring
colouring-mode-none = One colour
colouring-mode-categories = Categories
colouring-mode-ranges = Ranges of numbers
colouring-field = Field
colouring-steps = Number of classes
colouring-method = Limits
colouring-method-quantiles = Equal counts
colouring-method-equal = Equal steps
colouring-palette = Palette
colouring-legend = Legend
colouring-legend-tip = Click a colour to change it; double click or F2 edits labels and limits; Delete removes a line
colouring-label = Label
colouring-limit = Up to
colouring-count = Objects
colouring-other = All others
colouring-colour = Colour of the line
colouring-remove = Remove line
palette-plain = Clear
palette-soft = Soft
palette-strong = Strong
palette-sand = Sand to plum
palette-blue = Blue
palette-green = Green
palette-grey = Grey
palette-cold-warm = Cold to warm
palette-own = Own colours

# Table
attributes-layer = Layer of the table
attributes-filter = Filter
attributes-filter-example = Filter: any text, or floors > 10 and use = housing
attributes-filter-tip = Any text finds rows that have it in some column.
    Comparisons: = != > >= < <=, ~ (contains), in (a, b), is empty, is not empty;
    joined by and, or, not and brackets. Names with blanks stand in quotes.
    Enter selects what is found.
attributes-counts = { $shown } of { $total } rows, { $selected } selected
attributes-empty = No layer with a table yet. Import buildings, roads or other vector data.
attributes-zoom = Zoom to selection
attributes-select-found = Select all rows shown
attributes-invert = Invert selection
attributes-only = Show selected rows only
attributes-copy = Copy rows
attributes-export = Export rows…
attributes-columns = Columns
attributes-all-columns = Show all columns
attributes-copied = Rows copied: { $count }.
attributes-exported = Rows written to { $name }: { $count }.
files-table-file = Export table
files-xlsx = Excel workbook (*.xlsx)
files-csv = Table as text (*.csv)
files-geojson = GeoJSON (*.geojson)
job-table = Writing { $name }

# Edits
edit-set-heights = Set height of { $count } buildings to { $metres } m

# Tool
action-tool-polygon = Select in a pol&ygon
    .tip = Click corners around objects, double click ends; Shift adds, Ctrl takes away
