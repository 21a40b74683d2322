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
