# Ways for fire engines: lanes along high buildings and places for ladders.
analysis-fire-access = Ways for fire engines
    .tip = Lanes along high buildings and places for ladders before their facades, held against the rules
ask-fire-access-roads = Streets
ask-fire-access-water = Water
ask-fire-access-trees = Trees
ask-fire-access-tree = Trees in the way from
ask-fire-access-dead-end = Dead ends from
ask-fire-access-reach = A lane serves within
fire-check = Check
fire-actual = There is
fire-required = Needed
fire-unit = Unit
fire-height = Height
cell-lane = long sides with a lane
cell-lane-gap = lane from the facade
cell-pad = facade with places for ladders
cell-pad-trees = trees in the way of ladders
cell-turning = room to turn at a dead end
cell-pad-slope = slope of the places
cell-count = number
cell-percent = %
cell-m = m
column-towers = High buildings
column-lanes = Lanes wide and clear enough
column-lacking = High buildings that lack something
column-shortfalls = Findings
answers-marks-fire-lanes = Facades with a lane
answers-marks-fire-pads = Places for ladders
answers-marks-fire-turning = Room to turn at dead ends
answers-marks-fire-trees = Trees in the way of ladders
column-dead-ends = Dead ends of lanes
column-trees = Trees in the way of ladders
answers-marks-fire-lacking = Something is lacking
progress-fire-access = Looking around high buildings
note-fire-access-how = A lane is a street on the ground that is wide and clear enough and lies straight ahead of a facade with nothing between; a long side counts where half of it is served. Places for ladders are sought along each side, free of buildings, water and trees, which may not stand between them and the facade either; one whole long side is needed. At the dead end of a lane that serves a high building the largest free square is the room to turn: paved where streets and their areas cover it, never on greenery, else its paving is not known. Whether it bears an engine is not known either. Ends at the border of the streets are left out. Ways inside plots count only where a layer of streets has them. Walls, parked cars and overhead lines are not looked at.
ask-fire-access-green = Greenery
column-paving = Ground
cell-paving-paved = paved
cell-paving-unknown = free, paving unknown
note-fire-access-unpaved = { $count ->
    [one] At one dead end there is room to turn on free ground; whether it is paved is not known.
   *[other] At { $count } dead ends there is room to turn on free ground; whether it is paved is not known.
}
