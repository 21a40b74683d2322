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
answers-removed = removed { $name }
answers-input-frame = coordinate system
answers-input-ground = terrain
answers-input-moment = date and time
answers-input-layer = layer { $name }
answers-input-rules = rules { $name }
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
