# Plans of drills as files for others: CAP message, list of resources.
drill-cap-exercise = EXERCISE – NOT A REAL EMERGENCY.
drill-cap-area = Area of the drill { $name }
drill-list = Resources
drill-list-of-plan = Plan
drill-list-what = From
drill-list-name = Name
drill-list-sort = Sort
drill-list-role = Who leads
drill-list-quantity = Quantity
drill-list-unit = Unit
drill-list-capacity = Capacity
drill-list-state = State
drill-list-valid-from = Valid from
drill-list-valid-to = Valid to
drill-list-contact = Contact
drill-list-owner = Owner
drill-list-longitude = Longitude
drill-list-latitude = Latitude
drill-list-steps = Steps
drill-unit-vehicle = Vehicle
drill-unit-team = Team
drill-unit-person = Person
drill-unit-drone = Drone
drill-unit-supply = Supplies
drill-paper-resources = Resources
drill-paper-unit = Unit
drill-paper-kind = Kind
drill-paper-count = Number
drill-paper-first = First at
drill-paper-used = Steps
drill-paper-action = Action
drill-paper-box = Evaluator

drill-paper-not-given = not given
drill-paper-symbols = Symbols
drill-paper-symbols-told = { $count ->
    [one] The symbol that this plan shows, with code and name
   *[other] The { $count } symbols that this plan shows, with code and name
}
drill-paper-spot = E { $east }  N { $north }
note-plan-symbols-left-out = Symbols of its own that came with the plan ({ $count }) could not be read ({ $reason }); the usual symbols stand in their places.
drills-write-files = Other files…
drills-ending-geojson = Moving units: GeoJSON
drills-ending-czml = Moving units: CZML
drills-ending-kml = Moving units: KML
drills-ending-cap-xml = Message: CAP 1.2, exercise
drills-ending-xlsx = List of resources: XLSX
drill-has-problems = { $count ->
    [one] One thing is wrong with the plan
   *[other] { $count } things are wrong with the plan
}: { $first }
drill-paper-time = From, to
drill-paper-roles = Roles
drill-paper-weighted = { $text } (weight { $weight })
drill-paper-release = Release
drill-paper-written = Written by
drill-paper-checked = Checked by
drill-paper-approved = Approved by
