# Importing pipes and the quality of what was imported.
note-pipes-size-in-metres = Sizes in the field “{ $field }” were taken as metres, because none reaches 10.
note-pipes-boxes = { $count } sections of two numbers became boxes; the first number was taken as the { $first ->
    [width] width
   *[height] height
}.
note-pipes-nodes-made = { $count } nodes were made where lines begin, end or meet without a point of their own.
note-pipes-assumed-levels = The level of { $count } of { $total } runs was assumed by rule at one end or both; they are marked as assumed.
note-pipes-assumed-sizes = The size of { $count } of { $total } runs was assumed by rule; they are marked as assumed.
note-pipes-assumed-classes = The class of { $count } of { $total } runs is not told and was taken as “other, unknown”; they are marked as assumed. Name it with --class.
note-epanet-clock = { $count } times of day such as “6 AM” were read as “6:00 AM”; the file stays as it is.
note-epanet-late = “{ $text }” was read as a time in the afternoon; the file stays as it is.
note-epanet-quality = Chemical quality in “{ $unit }” was read as mg/L; the file stays as it is.
note-epanet-units = Units of the model: { $units }. Everything was turned into metres; burial depths do not stand in EPANET files and are assumed.
note-swmm-units = Flow units of the model: { $units }; lengths were { $metric ->
    [true] metres
   *[false] feet and became metres
}.
note-swmm-sections = { $count } sections of other forms than round or rectangular are drawn as boxes of their height and width.
note-pipes-put = The middle of the model was put at east { $east }, north { $north }; one unit of its coordinates is { $unit } m.
note-pipes-coordinates-times = The coordinates are { $factor } times what the lengths of the pipes say and were divided by that; --factor 1 keeps them.
note-pipes-schematic = Lengths by coordinates are { $ratio } times those that the model tells: its map may be a sketch, or its unit another one.
reason-unknown-node = the node it begins or ends at is not in the file or has no place
reason-no-coordinates = nodes without coordinates
reason-number-repeated = names that occur a second time
reason-row-unreadable = rows that cannot be read
