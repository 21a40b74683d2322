# People in drills: evacuation on foot, the risk map.
analysis-evacuation = Evacuation on foot
    .tip = Who walks to which shelter, how long it takes, which streets become narrow (screening estimate)
analysis-risk-map = Risk map
    .tip = Red, orange, yellow and blue by cells or districts, from hazard sources and people
ask-evacuation-shelters = Shelters
ask-evacuation-roads = Streets
ask-evacuation-speed = Speed on foot
ask-evacuation-spread = People set out within
ask-evacuation-room = People per shelter that tells nothing
ask-evacuation-show = Table
ask-risk-map-hazards = Hazard sources
ask-risk-map-districts = Districts (else a grid)
ask-risk-map-cell = Side of a cell
choice-groups = Groups of people
choice-streets = Streets
choice-curve = Who is there over time
evacuation-people = People
evacuation-shelter = Shelter
evacuation-walk = On the way
evacuation-width = Width
evacuation-flow = People per metre and hour
evacuation-minute = Minute
evacuation-there = In shelters
evacuation-there-share = Share in shelters
column-room = Room in shelters
column-left-people = Without a place
column-half = Half of them there after
column-clearance = All there after
column-narrow = Narrow streets
column-people-red = People in red
column-red = Red
column-orange = Orange
column-yellow = Yellow
column-blue = Blue
risk-level = Risk
risk-score = Score
risk-hazard = Hazard (0–1)
risk-source = Greatest source
risk-away = Away
risk-area = Area
risk-place = Cell or district
cell-risk-red = red
cell-risk-orange = orange
cell-risk-yellow = yellow
cell-risk-blue = blue
answers-marks-evacuation = Minutes to the shelter
answers-marks-evacuation-streets = People per metre and hour
answers-marks-risk = Risk
progress-evacuation = Sending people to shelters
progress-risk = Scoring the land
note-evacuation-how = Screening estimate, no forecast: everybody walks freely at one speed along the streets; queues are told as flow per metre of street width and not added to the time. As many as possible find a place, the last one as soon as possible.
note-evacuation-people = People by floor area and use, each use at its busiest (rule pack “evacuation”, unverified): an upper bound; { $told ->
    [0] no building tells its own number.
    [one] one building tells its own number.
   *[other] { $told } buildings tell their own number.
  }
note-evacuation-room = { $count ->
    [one] One shelter tells no capacity
   *[other] { $count } shelters tell no capacity
  }; { $people } people each were assumed.
note-evacuation-left = { $people } people find no place in a shelter, or no way to one.
note-risk-how = Screening score of our own, unverified: weight of the sources by sort and amount, falling with distance, times people per hectare; red from 60, orange from 35, yellow from 15. No certified rating.
