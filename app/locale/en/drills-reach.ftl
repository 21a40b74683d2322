# Help in time: reach, nearest, coverage, times.
analysis-drill-reach = Land within some minutes
    .tip = Streets, land and people that fire stations or others reach within 5, 8, 15 minutes
analysis-drill-nearest = Nearest resources
    .tip = Who comes first to a place, with time and way
analysis-drill-coverage = Coverage
    .tip = Which buildings or places help reaches in time, and which not; by district
analysis-drill-times = Table of times
    .tip = Minutes from every resource to every hazard source or other goal

ask-drill-reach-places = Stations: layer
ask-drill-reach-points = Stations: places
ask-drill-nearest-places = Resources: layer
ask-drill-coverage-places = Stations: layer
ask-drill-times-places = Resources: layer
ask-sort = Only this sort
ask-minutes = Minutes (5 8 15)
ask-turnout = Before a crew leaves
ask-vehicle = On the way by
ask-factor = Times the usual speed
ask-against = One-way streets both ways
ask-closed = Shuts streets: area
ask-closed-layer = Shuts streets: layer
ask-closed-by = Shuts streets: zones of a kept answer
ask-ready = Only what is ready
ask-when = In service at (else: the project's moment)
ask-junction = Lost at every junction (s)
ask-point = Place
ask-drill-nearest-number = How many
ask-drill-nearest-limit = First one within (0: not judged)
ask-drill-coverage-limit = Within (0: the rule)
ask-goals = Goals: layer
ask-goal-sort = Only this sort of goals
ask-drill-times-longest = Leave out above (0: none)
ask-drill-coverage-listed = Rows
ask-drill-coverage-zones = Districts
ask-drill-reach-roads = Streets
ask-drill-nearest-roads = Streets
ask-drill-coverage-roads = Streets
ask-drill-times-roads = Streets

choice-car = car
choice-engine = fire engine
choice-foot = foot
choice-unreached = not reached
choice-all = all

drill-streets = Streets
drill-land = Land
drill-way = Way
drill-goals = Goals
column-minutes = Minutes
column-sort = Sort
column-state = State
column-stations = Resources counted
column-closed = Streets shut
column-streets = Streets in all
column-population-all = People in all
column-first-minutes = First one after (min)
column-limit-minutes = Limit (min)
column-required-minutes = Limit (min)
column-longest-minutes = Longest (min)
column-unreached = Not reached
column-reached = Reached
column-unreached-population = People not reached
column-district = District
column-goal = To
column-origin = From
cell-sort-hydrant = hydrant
cell-sort-fire-station = fire station
cell-sort-hospital = hospital
cell-sort-shelter = shelter
cell-sort-depot = depot
cell-sort-vehicle = vehicle
cell-sort-police = police
cell-sort-team = team
cell-sort-camera = camera
cell-sort-water-source = water source
cell-sort-assembly = assembly point
cell-sort-hazardous-store = hazardous store
cell-sort-gas-station = filling station
cell-sort-gas-governor = gas governor station
cell-sort-reservoir = reservoir
cell-sort-underpass = underpass
cell-state-ready = ready
cell-state-committed = committed
cell-state-out-of-service = out of service
cell-state-not-in-service = not in service at this time
cell-outside-districts = outside all districts

answers-marks-drill-reach = Reached within minutes
answers-marks-drill-stations = Resources
answers-marks-drill-ways = Ways
answers-marks-drill-coverage = Reached in time

note-drill-ways = Times along the streets at the speeds of their fields or classes, without traffic and lights; land up to 60 m beside a street counts as reached; from the street to a place at 5 km/h.
note-drill-engine = A fire engine is taken as { $width } m wide, { $height } m high, { $weight } t: an assumption. Streets that tell less are left out.
note-drill-turnout = { $minutes } min before a crew leaves are part of every time.
note-drill-left-out = { $count ->
    [one] One that is committed or out of service is left out.
   *[other] { $count } that are committed or out of service are left out.
  }
note-drill-not-in-service = { $count ->
    [one] One is not in service at { $when } and does not count: { $names }.
   *[other] { $count } are not in service at { $when } and do not count: { $names }.
  }
note-drill-junction = { $seconds } s are lost at every junction of three streets or more.
note-drill-no-way = Nobody finds a way to this place along the streets that are open.
note-drill-people = People are residents as buildings tell them, else 2.8 for every dwelling of 100 m² of floor: an estimate.
note-drill-rule-unverified = The limit of { $minutes } min ({ $clause }) was not compared with the printed standard, so what misses it is a warning.
note-drill-from-stations = From fire stations, as no places and no sort are named.
