# The account of an import.
report-layer = { $name } ({ $kind }) from { $source }
report-counts = read { $read }, kept { $kept }, repaired { $repaired }, skipped { $skipped }; { $objects } objects
report-repaired = repaired { $count }: { $reason }; first: { $first }
report-skipped = skipped { $count }: { $reason }; first: { $first }
report-heights = heights: { $rule }
report-then = {"; else "}
report-defaulted = { $count } took the default height
report-crs = coordinate system: { $crs }
report-encoding = encoding: { $encoding }
report-extent = extent: { $west } to { $east } m east, { $south } to { $north } m north
report-note = note: { $text }
report-seconds = { $seconds } s
report-summary = { $name }: { $kept } of { $read } features kept, { $repaired } repaired, { $skipped } skipped
