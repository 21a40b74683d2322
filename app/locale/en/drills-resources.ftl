# Resources counted, levels of hazardous stores.
analysis-drill-resources = Resources and hazard sources
    .tip = Counted by district, sort and state; level of hazardous stores after GB 18218
ask-drill-resources-listed = Rows
ask-drill-resources-zones = Districts
choice-sorts = sorts by district
choice-hazards = hazard sources with level
column-kind = Kind
column-ready = Ready
column-committed = Committed
column-out-of-service = Out of service
column-quantity = Quantity
column-capacity = Capacity
column-resources = Resources
column-hazards = Hazard sources
column-levels = With a level
column-substance = Substance
column-amount-tonnes = Amount (t)
column-r-value = R
column-hazard-level = Level
cell-kind-resources = resource
cell-kind-hazards = hazard source
cell-sort-slope = slope
cell-sort-high-rise = high-rise
cell-sort-other = other
answers-marks-drill-hazard-levels = Hazard levels
note-drill-r-value = R = α·β·q/Q of the one substance that is told, α by the people within 500 m. Critical amounts and factors are from memory and were not compared with GB 18218-2018, so every level is a warning.
