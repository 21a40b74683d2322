# Answers that are kept: names of analyses, parameters, columns, states.
kind-answers = Answers
status-pass = passes
status-warning = warning
status-fail = fails
status-none = not judged

analysis-pipe-cover = Cover of pipes
    .tip = How much soil lies over each pipe, held against the rules

answers-marks-place = Places
answers-asking = { $name }
answers-more-rows = { $count } more rows; write them with --out or print them with --csv
answers-none = The project keeps no answers.
answers-holds = holds
answers-stale = The answer is stale. Changed since: { $changes }
answers-all-hold = All answers still hold.
answers-again-line = { $name }: { $before } -> { $after }, rows { $rows }
answers-shown = { $count ->
    [0] No marks of answers are drawn.
   *[other] drawn in the scene: { $names }
}
answers-removed = removed { $name }
answers-input-frame = coordinate system
answers-input-ground = terrain
answers-input-moment = date and time
answers-input-in-service = what is in service at this time
answers-input-zones = the zones that shut streets
answers-input-layer = layer { $name }
answers-input-rules = rules { $name }
answers-input-scheme = scheme { $name }
answers-input-file = file { $name }
answers-input-gone = what it is about is gone
answers-column-number = No.
answers-column-name = Name
answers-column-analysis = Analysis
answers-column-status = Result
answers-column-rows = Rows
answers-column-scheme = Scheme
answers-column-stale = Changed since
answers-column-created = Asked

edit-add-answer = Keep answer { $name }
edit-again-answer = Ask { $name } again
edit-rename-answer = Rename answer { $name } to { $new }
edit-note-answer = Note on answer { $name }
edit-show-answers = Show other answers
edit-remove-answer = Remove answer { $name }

note-answer-no-terrain = The project has no terrain: the ground counts as level 0.

column-object = Object
column-layer = Layer
column-name = Name
column-status = Result
column-required = Required
column-actual = Actual
column-shortfall = Missing by
column-clause = Clause
column-pack = Rule pack
column-verified = Rule checked
column-assumed = Assumed
column-surface = Surface
column-level = Level
column-runs = Runs
column-shallow = Too shallow
column-east = East
column-north = North
column-ground = Ground level

ask-layer = Layer
ask-layers = Layers
ask-pack = Rules
ask-step = Distance between places
ask-keep-all = List also what is in order
ask-scheme = Scheme

panel-answers = Answers
menu-analyses = &Analysis
analyses-group-planning = &Planning
analyses-group-light = Sun&light
analyses-group-sight = &Sight
analyses-group-pipes = P&ipes
analyses-group-drill = &Drills
dialog-analysis = Analysis
analysis-go = Ask
analysis-scheme-shown = as shown now
answers-empty = Answers of analyses are kept here. Choose one from the Analysis menu.
answers-facts = Figures of the answer
answers-is-stale = stale
answers-remark = Remark
answers-program = Program
answers-again = Ask again
answers-again-all = Ask all stale ones again
answers-form = Ask with other parameters…
answers-show = Show in the scene
answers-rename = Rename…
answers-note = Note
answers-export = Export…
answers-remove = Remove
answers-exported = Written to { $name }.
answers-files-xlsx = Excel (*.xlsx)
answers-files-csv = CSV (*.csv)
answers-files-geojson = GeoJSON (*.geojson)
answers-files-gpkg = GeoPackage (*.gpkg)
answers-files-json = JSON (*.json)
ask-nothing = none
ask-all-packs = all rule packs
ask-shape-point = x,y or x,y,z
ask-shape-points = x,y x,y ...
ask-shape-line = x,y x,y ...
ask-shape-area = x,y x,y x,y ...; empty: everywhere
ask-shape-draw = Draw in the picture
ask-shape-selected = Take from what is selected
ask-shape-none-selected = Nothing that fits is selected.
answers-existing = existing city
