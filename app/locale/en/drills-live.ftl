# Live positions followed, resources changed.
live-told = { $name }: reports { $reports }, positions { $count }, of them old { $stale }
live-stale = old
live-stale-name = { $name } · { $age } ago
live-age-s = { $count } s
live-age-min = { $count } min
live-age-h = { $count } h
live-column-name = Name
live-column-sort = Sort
live-column-state = State
live-column-east = East
live-column-north = North
live-column-age = Age
live-column-resource = Resource of
live-taken-over = { $count ->
    [0] No report is about a resource of the project, or all are old.
    [one] 1 resource was put where it was seen last.
   *[other] { $count } resources were put where they were seen last.
    }
note-live-short-row = Rows that are too short: { $count }; the first is line { $line }: { $value }
note-live-no-key = Reports that do not say who sends: { $count }; the first is in line { $line }.
note-live-no-place = Reports without a usable place: { $count }; the first is { $value }, line { $line }.
note-live-no-fix = Reports at 0°, 0° (no satellites): { $count }; the first is { $value }, line { $line }.
note-live-far-away = Reports far outside the city: { $count }; the first is { $value }, line { $line }.
note-live-no-time = Reports whose time cannot be read: { $count }; the first is “{ $value }”, line { $line }.
note-live-clock-ahead = Reports of a clock that is fast, taken as of now: { $count }; the first is “{ $value }”, line { $line }.
note-live-not-whole = The file was not whole { $count ->
    [one] once
   *[other] { $count } times
    }; it is read again when it changes.
note-live-bad-line = Messages that cannot be read: { $count }; the first, line { $line }: { $value }
note-live-bad-xml = Events that cannot be read: { $count }; the first, line { $line }: { $value }
note-live-dropped = Messages that came faster than they could be read: { $count }; they were left out.

panel-live = Live positions
action-drills-live = Li&ve positions
    .tip = Follow positions and states from a file or an MQTT topic
live-source = From
live-source-file = File that grows or is written anew
live-source-mqtt = MQTT topic
live-file = File
live-browse = Choose…
live-files = Positions (*.csv *.txt *.json *.geojson *.xml *.cot)
live-broker = Broker
    .tip = host or host:port; mqtts://host for TLS
live-topic = Topic
    .tip = such as fleet/+/position; + and # stand for parts of it
live-user = User
    .tip = The password is taken from the environment: CITYSTAGE_MQTT_PASSWORD
live-old-after = Old after
live-start = Start
live-stop = Stop
live-off = Nothing is followed. Nothing is ever sent, and no port is opened.
live-calling = Calling { $name }…
live-on = Following { $name }: { $count } seen, { $stale } old. Last report { $age } ago.
live-waiting = Following { $name }: nothing has come yet.
live-again = Following { $name } again after a break.
live-take-over = Put resources there
    .tip = Move the resources of the project to where they were seen last, as one step that can be undone
live-started = Live positions of { $name } are shown; old ones turn grey.
live-stopped = Live positions are no longer followed.

edit-resource = Change { $name }
edit-move-resource = Move { $name }
edit-add-resource = Place { $name }
edit-remove-resource = Remove { $name }
edit-take-over-live = Put { $count } resources where they were seen

panel-resources = Resources
action-drills-resources = Reso&urces
    .tip = Place, move and change resources and hazard sources
resources-layer = Layer
resources-words = Find by name or sort
resources-place = Place
    .tip = Click where a new one stands; it gets the sort chosen below
resources-move = Move
    .tip = Click where the chosen one stands now
resources-remove = Remove
    .tip = Remove the chosen ones; undo brings them back
resources-fact-name = Name
resources-fact-sort = Sort
resources-fact-state = State
resources-fact-quantity = Quantity
resources-fact-unit = Unit
resources-fact-capacity = Capacity
resources-fact-contact = Contact
resources-fact-owner = Owner
resources-fact-place = Address
resources-fact-valid-from = Valid from
resources-fact-valid-to = Valid to
resources-valid = Valid from { $begin } to { $end }; the project stands at { $when }
resources-fact-substance = Substance
resources-fact-amount-t = Amount, t
