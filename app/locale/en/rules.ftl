# Rule packs.
rules-column-id = Pack
rules-column-standard = Standard
rules-column-title = Title
rules-column-rules = Rules
rules-column-checked = Checked
rules-column-key = Rule
rules-column-figure = Figure
rules-column-when = When
rules-column-clause = Clause
rules-column-known = Known
rules-own = your own packs: { $folder }
rules-unchecked = not checked
rules-fine = { $id }: { $count ->
    [one] { $count } rule
   *[other] { $count } rules
}, { $checked } of them checked against the source.
rules-known-read = read in the source
rules-known-second-hand = second-hand copy
rules-known-memory-sure = from memory, sure
rules-known-memory = from memory
rules-known-memory-weak = from memory, weak
rules-known-own = own figure
