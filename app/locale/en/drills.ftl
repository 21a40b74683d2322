# Plans of drills: kinds, commands, what is wrong with a plan, what was not sound in a file.
kind-drills = Drills
edit-add-plan = Keep plan { $name }
edit-change-plan = Change plan { $name }
edit-remove-plan = Remove plan { $name }
edit-keep-exercise = Keep exercise { $name }

drill-type-fire = Fire
drill-type-gas-leak = Gas leak
drill-type-chemical = Hazardous substances
drill-type-flood = Waterlogging and flood
drill-type-earthquake = Earthquake and shelter
drill-type-traffic = Traffic accident
drill-type-crowd = Large event
drill-type-power = Power failure
drill-type-other = Other
drill-grade-I = I (gravest)
drill-grade-II = II
drill-grade-III = III
drill-grade-IV = IV

drill-problem-step-without-role = “{ $step }” has nobody who acts: choose a role.
drill-problem-unknown-role = “{ $step }” names the role “{ $role }”, which the plan does not have.
drill-problem-unknown-phase = “{ $step }” belongs to the phase “{ $phase }”, which the plan does not have.
drill-problem-unknown-unit = “{ $step }” needs the unit “{ $unit }”, which the plan does not have.
drill-problem-unknown-objective = “{ $step }” shows the objective “{ $objective }”, which the plan does not have.
drill-problem-unknown-element = “{ $step }” has an element of the unknown kind “{ $kind }”; it is not drawn.
drill-problem-unknown-view = “{ $step }” looks from the view “{ $view }”, which is not there; the picture stays where it is.
drill-problem-unknown-symbol = “{ $what }” shows the symbol “{ $symbol }”, which is not there; a neutral one stands for it.
drill-problem-resource-gone = “{ $unit }” is a resource that the city does not have any more: choose another one.
drill-problem-resource-out = “{ $unit }” is the resource “{ $resource }”, which is out of service.
drill-problem-not-in-service = “{ $step }” needs “{ $unit }” at { $when }, but the resource “{ $resource }” is not in service then (valid from { $begin } to { $end }).
drill-problem-no-moment = The plan begins at “{ $text }”, which is no moment: write it as 2026-06-21T09:00:00+08:00.
drill-problem-unknown-step = “{ $step }” hangs on the step “{ $other }”, which the plan does not have; it stands at its own second.
drill-problem-circle = { $count ->
    [one] { $steps }: the step waits for itself.
   *[other] { $steps }: these { $count } steps wait for each other, so none can begin.
  }
drill-problem-before-the-plan = “{ $step }” would begin before the plan does; it begins at second 0.
drill-problem-negative-length = “{ $step }” lasts less than nothing: give its length.
drill-problem-no-condition = “{ $step }” waits for a condition that is not told.
drill-problem-no-steps = “{ $name }” has no steps yet.
drill-problem-two-places = “{ $unit }” would be in two places at once: { $steps }.
drill-problem-too-few = “{ $unit }”: { $needed } are needed and { $count ->
    [one] there is one
   *[other] there are { $count }
  }: { $steps }.
drill-problem-outside-city = “{ $what }” lies { $away_m } m outside the city.
drill-problem-no-way = “{ $unit }” finds no way to “{ $step }”.
drill-problem-late = “{ $unit }” comes { $late_s } s too late to “{ $step }”; the way takes { $takes_s } s.

note-plan-cut = The file { $where } ends in the middle; everything before that was read.
note-plan-left-out = { $where } cannot be read and was left out: { $value }.
note-plan-replaced = { $where } says “{ $value }”, which does not fit; the usual value was taken.
note-plan-unknown-field = { $where } is not known to this version and was left out.
note-plan-same-id = { $where } has the same id as another one ({ $id }) and was left out.
note-plan-newer = { $where } was written by a later version (its format is { $version }); it was read as far as it is understood. The file stays as it is.
note-plan-symbols-gone = { $count ->
    [one] One symbol of its own did not come with the plan; a neutral one stands for it: { $names }.
   *[other] { $count } symbols of its own did not come with the plan; neutral ones stand for them: { $names }.
  }

drill-none = The project has no plans for drills yet.
drill-imported = Plan { $name } was read: { $steps } steps, { $roles } roles.
drill-file-kept = What { $name } was before could not be read whole; it is kept as { $kept }.
drill-copied = The copy is called { $name }.
drill-removed = Plan { $name } was removed.
drill-sound = Nothing is wrong with { $name }.
drill-grave = fault
drill-light = remark
drill-now = At { $time }:
drill-next = Next at { $time }: { $title }
drill-column-id = No.
drill-column-name = Name
drill-column-type = Type
drill-column-grade = Grade
drill-column-minutes = Minutes
drill-column-steps = Steps
drill-column-roles = Roles
drill-column-injects = Injects
drill-column-version = Version
drill-column-weight = Weight
drill-column-problem = Problem
drill-column-begins = Begins
drill-column-ends = Ends
drill-column-phase = Phase
drill-column-role = Who
drill-column-title = Step
drill-column-place = Place
drill-column-unit = Unit
drill-column-state = State
drill-column-east = East
drill-column-north = North
drill-column-heading = Heading
drill-column-step = On

drill-paper-script = Script of the drill
drill-paper-form = Form for evaluators
drill-paper-situation = Situation
drill-paper-begins = Begins
drill-paper-length = Length
drill-paper-objectives = Objectives
drill-paper-organisation = Who takes part
drill-paper-pictures = Key moments
drill-paper-steps = Steps
drill-paper-injects = Injects
drill-paper-problems = What is wrong with the plan
drill-paper-exercise = This is an exercise. Nothing in it has happened.
drill-paper-objective = Objective
drill-paper-reached = Reached (yes / partly / no)
drill-paper-remark = Remark
drill-paper-role = Who
drill-paper-place = Place
drill-paper-title = Step
drill-paper-words = Words
drill-paper-response = Expected response
drill-paper-actual = Actual time
drill-paper-score = Score
drill-paper-organisation-of = Organisation
drill-paper-units = Units
drill-paper-contact = Contact
drill-paper-inject = Inject
drill-paper-evaluator = Evaluator
drill-paper-leader = Leader of the drill
drill-film = Wrote { $path }: { $frames } frames.
drill-film-next = Next in { $time }: { $title }
drill-picture = Wrote { $path }: the city at { $time }.
drill-paper-phase = Phase
