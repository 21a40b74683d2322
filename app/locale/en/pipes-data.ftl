# Importing pipes and the quality of what was imported.
note-pipes-size-in-metres = Sizes in the field “{ $field }” were taken as metres, because none reaches 10.
note-pipes-boxes = { $count } sections of two numbers became boxes; the first number was taken as the { $first ->
    [width] width
   *[height] height
}.
note-pipes-nodes-made = { $count } nodes were made where lines begin, end or meet without a point of their own.
note-pipes-assumed-levels = The level of { $count } of { $total } runs was assumed by rule at one end or both; they are marked as assumed.
note-pipes-assumed-sizes = The size of { $count } of { $total } runs was assumed by rule; they are marked as assumed.
note-pipes-assumed-classes = The class of { $count } of { $total } runs is not told and was taken as “other, unknown”; they are marked as assumed. Name it with --class.
note-epanet-clock = { $count } times of day such as “6 AM” were read as “6:00 AM”; the file stays as it is.
note-epanet-late = “{ $text }” was read as a time in the afternoon; the file stays as it is.
note-epanet-quality = Chemical quality in “{ $unit }” was read as mg/L; the file stays as it is.
note-epanet-units = Units of the model: { $units }. Everything was turned into metres; burial depths do not stand in EPANET files and are assumed.
note-swmm-units = Flow units of the model: { $units }; lengths were { $metric ->
    [true] metres
   *[false] feet and became metres
}.
note-swmm-sections = { $count } sections of other forms than round or rectangular are drawn as boxes of their height and width.
note-pipes-put = The middle of the model was put at east { $east }, north { $north }; one unit of its coordinates is { $unit } m.
note-pipes-coordinates-times = The coordinates are { $factor } times what the lengths of the pipes say and were divided by that; --factor 1 keeps them.
note-pipes-schematic = Lengths by coordinates are { $ratio } times those that the model tells: its map may be a sketch, or its unit another one.
reason-unknown-node = the node it begins or ends at is not in the file or has no place
reason-no-coordinates = nodes without coordinates
reason-number-repeated = names that occur a second time
reason-row-unreadable = rows that cannot be read
reason-point-repeated = points listed a second time at the same place
reason-number-of-two-points = numbers that two places have; runs join the first
reason-number-missing = points without a number
reason-run-to-itself = runs that begin and end at the same point
note-pipes-sheets = Points were read from { $points }, lines from { $lines }.
note-pipes-sheets-left = { $count } tables tell neither points nor lines and were left out: { $names }.
note-pipes-x-is-north = “{ $x }” was taken as north and “{ $y }” as east, as surveys have it.

# Columns of the object table.
column-pipe-role = Role
column-pipe-class = Class
column-pipe-subclass = Subclass
column-pipe-form = Section form
column-pipe-level-of = Level of
column-pipe-status = Status
column-pipe-assumed = Assumed
column-pipe-width = Width (m)
column-pipe-height = Section height (m)
column-pipe-wall = Wall (m)
column-pipe-start-level = Level at start (m)
column-pipe-end-level = Level at end (m)
column-pipe-start-node = Start node
column-pipe-end-node = End node

# Findings of the quality check.
pipes-issue-zero-length = run without length
pipes-issue-duplicate-run = run that is there twice
pipes-issue-negative-depth = top above the ground
pipes-issue-above-ground = invert above the ground
pipes-issue-too-deep = deeper than pipes and chambers lie
pipes-issue-no-size = told to have no size
pipes-issue-absurd-size = size that no pipe has
pipes-issue-wrong-class = wrong or unknown class
pipes-issue-no-node = run without a node at an end
pipes-issue-duplicate-point = two points at one place
pipes-issue-duplicate-number = number that occurs twice
pipes-issue-dangling-end = end that stops just short
pipes-issue-orphan-point = point that no run joins
pipes-issue-missing-number = no number
pipes-issue-against-slope = flow against the slope
pipes-issue-smaller-downstream = diameter falls downstream
pipes-quality-issue = Finding
pipes-quality-severity = Severity
pipes-quality-id = Object
pipes-quality-other = With
pipes-quality-number = Number
pipes-quality-east = East (m)
pipes-quality-north = North (m)
pipes-quality-level = Level (m)
pipes-quality-value = Value
pipes-quality-limit = Limit
pipes-quality-assumed = Assumed
pipes-quality-severity-error = error
pipes-quality-severity-look = look
pipes-quality-none = { $name }: { $total } runs and points checked, nothing found.
pipes-quality-found = { $name }: { $total } runs and points checked, { $count } findings.
pipes-quality-more = { $count } more; write them all with --out.
progress-checking-pipes = Checking the network
pipes-fields-title = { $table ->
    [points] Points from { $name }
    [lines] Lines from { $name }
   *[none] Neither points nor lines: { $name }
}
pipes-fields-key = Says
pipes-fields-field = Field
pipes-fields-unused = Kept under their own names: { $names }
pipes-fields-saved = wrote the template { $path }
pipes-levels-moved = { $name }: { $count } runs with assumed levels were put under the ground as it is now.
note-pipes-issue = Quality check: { $count } × { $issue ->
    [zero-length] run without length
    [duplicate-run] run that is there twice
    [negative-depth] top above the ground
    [above-ground] invert above the ground
    [wrong-class] wrong or unknown class
    [no-node] run without a node at an end
    [duplicate-point] two points at one place
    [duplicate-number] number that occurs twice
    [dangling-end] end that stops just short
    [orphan-point] point that no run joins
    [missing-number] no number
    [against-slope] flow against the slope
   *[smaller-downstream] diameter falls downstream
}; see “citystage pipes quality”.
edit-pipes-levels = Put { $name } under the ground

# The dialog, and what fields say.
dialog-import-pipes = Import pipes
    .lead = Tables of a survey, or a model of EPANET or SWMM. Fields marked * are needed; the others may stay empty.
action-import-pipes = Import &pipes…
    .tip = Read survey tables of pipes, or an EPANET or SWMM model
pipes-points-file = Points or model
pipes-lines-file = Lines
pipes-choose-lines = Other file…
pipes-template = Template of fields
pipes-load-template = Load…
pipes-save-template = Save…
pipes-class = Class where none is told
pipes-class-told = as the file tells
pipes-at = Middle at (east, north)
pipes-tab-points = Points
pipes-tab-lines = Lines
pipes-fields-missing = Still needed: { $names }
pipes-imported = { $name }: { $kept } of { $read } rows imported
job-importing-pipes = Importing { $name }
files-tables = Tables (*.xlsx *.xlsm *.csv *.txt *.tsv)
files-pipes = Pipes (*.xlsx *.xlsm *.csv *.txt *.tsv *.inp)
files-import-pipes = Choose survey tables or a model
pipes-field-number = Number
pipes-field-east = East
pipes-field-north = North
pipes-field-ground = Level of the ground
pipes-field-depth = Depth
pipes-field-bottom = Level of the bottom
pipes-field-chamber = Size of the chamber
pipes-field-feature = Feature
pipes-field-fixture = Fixture
pipes-field-class = Class
pipes-field-material = Material
pipes-field-date = Date laid
pipes-field-pressure-mpa = Pressure (MPa)
pipes-field-voltage-kv = Voltage (kV)
pipes-field-cables = Cables
pipes-field-holes = Holes
pipes-field-owner = Owner
pipes-field-road = Road
pipes-field-burial = Way of laying
pipes-field-quality = Quality of the survey
pipes-field-status = Status
pipes-field-note = Note
pipes-field-link = Photo or document
pipes-field-contact = Contact
pipes-field-from-number = Number of the first point
pipes-field-to-number = Number of the last point
pipes-field-subclass = Subclass
pipes-field-size = Size
pipes-field-width = Width
pipes-field-height = Height
pipes-field-wall = Wall
pipes-field-form = Form of the section
pipes-field-start-depth = Depth at the start
pipes-field-end-depth = Depth at the end
pipes-field-start-level = Level at the start
pipes-field-end-level = Level at the end
pipes-field-flow = Flow

# Classes of pipes.
pipe-class-water = Water
pipe-class-drain = Drain
pipe-class-gas = Gas
pipe-class-heat = Heat
pipe-class-power = Power
pipe-class-telecom = Telecom
pipe-class-industry = Industry
pipe-class-other = Other
pipe-class-raw = Raw water
pipe-class-trunk = Trunk main
pipe-class-grey = Reclaimed water
pipe-class-mains = Distribution main
pipe-class-drinking = Drinking water
pipe-class-fire = Fire water
pipe-class-irrigation = Irrigation
pipe-class-recirculated = Recirculated water
pipe-class-storm = Storm drain
pipe-class-sewage = Sewer
pipe-class-combined = Combined sewer
pipe-class-town-gas = Town gas
pipe-class-lpg = LPG
pipe-class-natural-gas = Natural gas
pipe-class-hot-water = Hot water
pipe-class-steam = Steam
pipe-class-supply = Power supply
pipe-class-lighting = Street lighting
pipe-class-signals = Traffic signals
pipe-class-tram = Tram power
pipe-class-advertising = Advertising
pipe-class-telephone = Telephone
pipe-class-television = Cable television
pipe-class-data = Data
pipe-class-broadcast = Broadcast
pipe-class-hydrogen = Hydrogen
pipe-class-oxygen = Oxygen
pipe-class-acetylene = Acetylene
pipe-class-ethylene = Ethylene
pipe-class-benzene = Benzene
pipe-class-chlorine = Chlorine
pipe-class-nitrogen = Nitrogen
pipe-class-carbon-dioxide = Carbon dioxide
pipe-class-ammonia = Ammonia
pipe-class-toluene = Toluene
pipe-class-tunnel = Utility tunnel
pipe-class-unknown = Unknown

# Utility tunnels.
pipes-tunnel-tunnel-number = Tunnel
pipes-tunnel-compartment = Compartment
pipes-tunnel-racks = Racks
pipes-tunnel-rack = Rack
pipes-tunnel-pipe = Pipe
pipes-tunnel-pipe-number = Number
pipes-tunnel-problem = Finding
pipes-tunnel-no-tunnel = names a tunnel that is not there
pipes-tunnel-no-compartment = names a compartment that is not there
pipes-tunnel-no-rack = names a rack that is not there
pipes-field-compartments = Compartments of a tunnel
pipes-field-tunnel = Tunnel it lies in
pipes-field-compartment = Compartment it lies in
pipes-field-rack = Rack it lies on
