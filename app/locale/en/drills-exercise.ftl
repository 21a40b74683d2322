# Exercises: the board, the page of acts, the log, the review and its papers.
action-drills-board = Lar&ge board
    .tip = What is on and what comes next, in letters that are read from across a room
action-drills-review = Revie&w
    .tip = See what really happened: replay, planned beside actual, delays, score sheet
drills-tab-review = Review
drills-large-board = Large board
drills-full-board = Fill the screen, or be a window again (F11)
drills-first-step = Add the first step
drills-no-steps = This plan has no steps yet.
drills-waiting = { $count ->
    [one] Waiting: should have begun
   *[other] { $count } are waiting: should have begun
  }
drills-on = On now
drills-inject = Inject: { $title }
drills-close-street = Close a street…
drills-open-streets = Open streets ({ $count })
drills-closed = Closed
drills-no-street = There is no street where you clicked, so nothing was closed.
    .hint = click on a street; zoom in to hit it

drills-exercise-signed = Signed by
drills-exercise-keep-note = Note
drills-exercise-message = Message
drills-exercise-symbol = Place symbol…
drills-exercise-note-place = Note at place…
drills-exercise-take-back = Take back
drills-exercise-no-step = No step is chosen.
    .hint = click a step in the table first
drills-exercise-no-note = The note is empty.
    .hint = type the note first, then click where it belongs
drills-exercise-no-entry = No entry of the log is chosen.
    .hint = click the entry in the log below first
drills-exercise-empty-log = No exercise is on. Everything you do in one is written here and to the disk at once.

drills-review-empty = No exercise has been run with this plan yet. Start one on the page Exercise.
drills-review-choose = Choose an exercise above to see what really happened.
drills-review-ghosts = Show planned units faint beside
    .tip = Where a unit should be elsewhere, it is drawn there, too
drills-review-replay = Replay
drills-review-paper = Write review…
drills-review-log = Write log…
drills-review-replayed = { $name } is replayed: press play. Press Replay again to see the plan.
drills-review-whole = Score: { $score } of 100
drills-review-unscored = Not scored yet: give scores from 0 to 100 below
drills-review-score = Score
drills-review-remark = Remark
drills-review-told = { $done } of { $steps } done, { $on_time } in time, mean delay { $late }
drills-review-suggested = By the steps that began in time: { $score }
drills-review-no-score = A remark needs a score.
    .hint = give a score from 0 to 100 first
drills-review-no-score-yet = no score
dialog-end-exercise = End the exercise
dialog-end-exercise-ask = End the exercise now?
dialog-end-exercise-more = It is kept in the project with its log, and the review opens.
dialog-end-exercise-no = Go on
dialog-end-exercise-yes = End now
drills-review-role = Who
drills-review-done = Done
drills-review-mean = Mean delay
drills-review-most = Longest

drill-act-began = Exercise began
drill-act-paused = Paused
drill-act-went-on = Went on after a break
drill-act-ended = Exercise ended
drill-act-step-began = Began
drill-act-step-ended = Ended
drill-act-step-skipped = Skipped
drill-act-inject = Inject
drill-act-note = Note
drill-act-symbol = Symbol
drill-act-closed-way = Street closed
drill-act-opened-way = Street opened
drill-act-message = Message
drill-act-score = Score
drill-act-taken-back = Took back
drill-log-head-number = No.
drill-log-number = entry { $number }
drill-log-head-moment = Moment
drill-log-head-second = Second
drill-log-head-author = Author
drill-log-head-act = Act
drill-log-head-about = About
drill-log-head-text = Text
drill-log-head-east = East
drill-log-head-north = North
drill-log-head-value = Value

drill-review = Review of the exercise
drill-review-what = The exercise
drill-review-run = Exercise
drill-review-done = Steps done
drill-review-scores = Score sheet
drill-review-roles = Delays by role
drill-review-steps = Planned beside actual
drill-review-log = Log
drill-review-skipped = skipped
drill-review-head-objective = Objective
drill-review-head-weight = Weight
drill-review-head-done = Done
drill-review-head-in-time = In time
drill-review-head-mean = Mean delay
drill-review-head-most = Longest delay
drill-review-head-score = Score
drill-review-head-remark = Remark
drill-review-head-author = Evaluator
drill-review-head-planned = Planned
drill-review-head-step = Step
drill-review-head-role = Who
drill-review-head-actual = Began
drill-review-head-ended = Ended
drill-review-head-late = Delay
drill-review-head-longer = Took longer
drill-runs-none = No exercise has been run with this plan yet.
drill-run-row = { $id }  { $name }, { $entries } entries, { $length }

drills-forget-closures = Forget what was closed ({ $count })
drills-opened = The street is open again.
drills-other-ways = Other ways:
drills-closing = Closed from { $time } on. { $count ->
    [one] One unit takes
   *[other] { $count } units take
  } another way:
drills-closing-none = Closed from { $time } on. No way of a unit leads through it.
drills-detour-later = { $unit } comes { $later } later, at { $time } ({ $step }).
drills-detour-earlier = { $unit } comes { $later } earlier, at { $time } ({ $step }).
drills-detour-same = { $unit } goes another way and comes in time, at { $time } ({ $step }).
drills-detour-late = That is { $late } too late!
drills-detour-stuck = { $unit } finds no way around what is closed ({ $step })!

dialog-resume-exercise = An exercise was cut off
dialog-resume-exercise-ask = Go on with the exercise of “{ $name }”?
dialog-resume-exercise-more = The program ended in the middle of it. { $count ->
    [one] One entry of the log is
   *[other] All { $count } entries of the log are
  } there, the last one of { $moment } ({ $time } after the begin). The clock of the exercise went on.
dialog-resume-exercise-later = Later
dialog-resume-exercise-end = End it there and keep it
dialog-resume-exercise-go-on = Go on
