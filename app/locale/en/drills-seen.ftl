# What is seen of drills in the scene: captions over the picture, legends.
drill-caption-more = { $title } (+{ $count })
drill-caption-waits = Waiting for { $time }: { $title }
drill-caption-exercise = Exercise
drill-caption-replay = Replay
action-drills-captions = Cap&tions over the picture
    .tip = Write over the picture the time, what is done, who says what and what comes next
drills-captions = Captions
    .tip = Write over the picture the time, what is done, who says what and what comes next, as in films
picture-zones = Zones and lines
picture-states = States of units
picture-closed = closed street
picture-detour = way around
picture-planned = where it should be
drills-film-legend = Legend in the film: symbols, zones, states
