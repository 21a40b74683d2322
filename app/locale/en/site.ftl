# Checks of a site: ways on foot, street walls, distances for fire, slopes.
analysis-service-radius = Service radius
    .tip = Land and buildings within some metres on foot along the streets
analysis-street-wall = Street wall
    .tip = Which share of building lines facades stand on
analysis-fire-spacing = Distances for fire
    .tip = Distances between buildings, held against the rules
analysis-slope = Slope and aspect
    .tip = The ground by its slope, and which way it looks

ask-service-radius-points = Places
ask-places = Places: layer
ask-service-radius-roads = Streets
ask-metres = Metres on foot (300 500 1000)
ask-service-radius-minutes = Minutes on foot instead (5 10 15)
ask-street-wall-lines = Building lines
ask-tolerance = To both sides
ask-street-wall-least = At least
ask-tower = High from

site-within = Within
site-length = Length
site-line = Line
site-short = Too near each other
column-goals = Places
column-median = Median way
column-built = Built along
column-ratio = Share built along
column-first = First
column-second = Second
column-gap = Distance
column-pairs = Pairs near each other
column-attached = Built together
column-facing-degrees = Looks to (°)

cell-high-rise = high
cell-low-rise = low

answers-marks-service = Ways on foot
answers-marks-service-places = Places
answers-marks-street-wall = Built along
answers-marks-fire-spacing = Distances
answers-marks-slope = Slope

progress-ways = Measuring

note-service-how = Ways on foot along the streets at 5 km/h, from each building's middle to the nearest place; land up to some metres beside the streets counts as reached.
note-street-wall-how = A stretch counts where a ground plan lies within the tolerance, at right angles to the line; what begins above 3 m does not count.
note-fire-how = Shortest distance between ground plans; buildings that touch count as built together. Fire resistance and fire walls are not known, and ways for fire engines are not looked at.
