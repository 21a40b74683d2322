# Sections through pipes.
analysis-pipe-section = Cross section of pipes
    .tip = What a line cuts: pipes with levels, cover and spacing, pavement, buildings, control lines
analysis-pipe-long-section = Longitudinal section of pipes
    .tip = A way through a network unrolled: levels, slopes, manholes, what joins and what crosses
ask-pipe-section-line = Line
ask-pipe-section-buildings = Buildings
ask-pipe-section-trees = Trees
ask-pipe-section-pavement = Pavement
ask-pipe-section-control-lines = Control lines
ask-pipe-long-section-layer = Layer of the way
ask-pipe-long-section-path = Nodes (numbers)
ask-pipe-long-section-runs = or runs (ids)
ask-pipe-long-section-layers = Layers that cross
ask-pipe-long-section-pavement = Pavement
answers-marks-section-line = Line of the section
answers-marks-section-met = Pipes in the section
pipe-section-number = Number
pipe-section-what = What
pipe-section-class = Class
pipe-section-code = Class and size
pipe-section-material = Material
pipe-section-owner = Owner
pipe-section-state = State
pipe-section-station = Station
pipe-section-ground = Ground
pipe-section-top = Top
pipe-section-centre = Centre
pipe-section-invert = Invert
pipe-section-invert-after = Invert behind
pipe-section-cover = Cover
pipe-section-spacing = To the next, centre to centre
pipe-section-gap = To the next, clear
pipe-section-angle = Angle (°)
pipe-section-plan-error = Survey error in plan
pipe-section-depth-error = Survey error in depth
pipe-section-pipes = Pipes
pipe-section-length = Length
pipe-section-least-cover = Least cover
pipe-section-least-gap = Least clear distance
pipe-section-slope-permille = Slope (‰)
pipe-section-next = Length to the next
pipe-section-runs = Runs
pipe-section-crossings = Crossings
pipe-section-branches = Branches
pipe-section-fall = Fall
cell-node = node
cell-existing = existing
cell-abandoned = abandoned
cell-branch = branch
cell-crossing-pipe = crossing
note-section-ground-nodes = There is no terrain here: the ground is that of the surveys at manholes and pipes.
note-section-ground-assumed = The ground is assumed: neither a terrain nor a survey tells it.
note-section-ground-partly = The terrain does not cover the whole line; beyond it the ground is assumed (dashed).
note-section-assumed-level = { $count } pipes have levels that were assumed.
note-section-assumed-size = { $count } pipes have sizes that were assumed.
note-section-assumed-class = { $count } pipes have a class that was assumed.
note-section-way-assumed-level = { $count ->
    [one] The levels of a run of the way were assumed.
   *[other] Levels of { $count } runs of the way were assumed.
}
note-section-way-assumed-size = { $count ->
    [one] The size of a run of the way was assumed.
   *[other] Sizes of { $count } runs of the way were assumed.
}
note-section-tree-pits = { $count ->
    [one] The pit of a tree within 2.5 m is assumed: 1.5 m wide, 1.0 m deep.
   *[other] Pits of { $count } trees within 2.5 m are assumed: 1.5 m wide, 1.0 m deep.
}
note-section-cellars = { $count ->
    [one] The basement of a building is reckoned from its storeys, 3.6 m each.
   *[other] Basements of { $count } buildings are reckoned from their storeys, 3.6 m each.
}
note-section-above-ground = { $count } pipes come out of the ground here.
note-section-ground-differs = At { $count } nodes the survey's ground is not the terrain's, up to { $most } m apart; the table has the survey's.
note-section-along = { $count } pipes lie in the line of the section and are not cut by it.
note-section-flat-angle = Pipes met at less than 5° are drawn as wide as at 5°.

# Words of the drawing.
section-drawing = Cutting pipes
section-title-cross = Cross section of pipes
section-title-long = Longitudinal section of pipes
section-note-star = * assumed
section-note-error = Fine dashes: error of the survey, CJJ 61 (0.10 h in plan, 0.15 h in depth).
section-level = Level (m)
section-carriageway = Carriageway
section-footway = Footway
section-path = Path
section-cellar = Basement
section-building = Building
section-top = top
section-across = horizontal
section-up = vertical
section-project = Project
section-number = No.
section-scale = Scale
section-paper = Paper
section-author = Drawn by
section-date = Date
section-crs = Coordinates
section-unit = Unit
section-unit-metres = m
section-row-number = Number
section-row-code = Class and size
section-row-material = Material
section-row-ground = Ground level (m)
section-row-top = Top of pipe (m)
section-row-centre = Centre of pipe (m)
section-row-invert = Invert (m)
section-row-cover = Cover (m)
section-row-spacing = Spacing of centres (m)
section-row-gap = Clear spacing (m)
section-row-node = Node
section-row-station = Station
section-row-depth = Depth of invert (m)
section-row-size = Size and material
section-row-slope = Slope (‰)
section-row-length = Length (m)
section-name-drawing = Drawing

# The page.
pipes-page-section = Sections
action-pipes-section = Secti&ons
    .tip = Cut pipes along a line, or unroll a way through them, as a drawing
pipes-section-kind = Section
pipes-section-kind-cross = across, along a line
pipes-section-kind-long = lengthwise, from node to node
pipes-section-kind-runs = lengthwise, along the selected pipes
pipes-section-path = Nodes
pipes-section-path-hint = WS1, WS9 or pick two in the picture
pipes-section-kept = Kept
pipes-section-scale = Scale 1 :
pipes-section-scale-auto = fits A3
pipes-section-exaggeration = Heights times
pipes-section-exaggeration-auto = usual
pipes-section-title = Title
pipes-section-number = Number
pipes-section-words = Language
pipes-section-words-own = as the program
pipes-section-words-both = both
pipes-section-band = Error of the survey
pipes-section-draw = Draw the line in the picture
pipes-section-go-long = Unroll
pipes-section-pick = Pick nodes
pipes-section-picked = { $name } picked; click the other end.
pipes-section-keep = Keep the answer
pipes-section-export = Write drawing …
pipes-section-fit = Whole drawing
pipes-section-none = Draw a line across a street, or name two manholes.
pipes-section-told = { $count } pipes; click one to select it in the picture, double click to go there.
pipes-section-plate = Drawing of the section
pipes-section-no-runs = Select pipes that follow each other first.
pipes-section-no-node = That is no manhole, valve or other node of a pipe layer.
pipes-section-written = The drawing was written to { $name }
files-section-file = Write drawing
files-svg = SVG drawing (*.svg)
files-pdf = PDF (*.pdf)
files-png = Picture (*.png)
files-dxf = CAD drawing (*.dxf)
