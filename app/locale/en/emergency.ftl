# Resources and hazard sources: kinds, sorts, states.
kind-resources = Resources
kind-hazards = Hazard sources
sort-hydrant = Hydrant
sort-fire-station = Fire station
sort-hospital = Hospital
sort-shelter = Shelter
sort-depot = Depot of supplies
sort-vehicle = Vehicle
sort-police = Police
sort-team = Team
sort-camera = Camera
sort-water-source = Water source
sort-assembly = Assembly point
sort-hazardous-store = Store of hazardous substances
sort-gas-station = Filling station
sort-gas-governor = Gas governor station
sort-reservoir = Reservoir, dike
sort-underpass = Low-lying underpass
sort-slope = Slope
sort-high-rise = High-rise
sort-other = Other
resource-state-ready = ready
resource-state-committed = committed
resource-state-out-of-service = out of service
resource-state-unknown = unknown
resource-state-not-in-service = not in service at this time

# Import of resources and hazard sources: which field says what.
import-facts = Fields
import-fact-none = –
import-fact-by-name = { $sort } (by name)
import-fact-all = all: { $word }
import-fact-word = Word in the file
import-fact-what = Says the
import-fact-means = Means
note-facts-fields = Fields taken: { $fields }.
note-facts-renamed = Fields that would say something else got another name: { $fields }.
note-facts-unknown-sort = { $count } have a sort that is not known: { $words }. They count as "other"; choose what the words mean when importing.
note-facts-unknown-state = { $count } have a state that is not known: { $words }. They count as "unknown"; choose what the words mean when importing.
note-facts-unread-dates = { $count ->
    [one] One date of validity cannot be read and limits nothing: { $words }.
   *[other] { $count } dates of validity cannot be read and limit nothing: { $words }.
  }
note-facts-turned-dates = { $count ->
    [one] One ends to be valid before it begins, so it is never in service.
   *[other] { $count } end to be valid before they begin, so they are never in service.
  }
