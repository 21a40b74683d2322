# Emergency symbols: list, sheet, palette, symbols of users.
symbols-column-code = Code
symbols-column-chinese = Chinese
symbols-column-english = Name
symbols-column-initials = Pinyin
symbols-column-told = Code of the standard
symbols-nothing = No symbol fits “{ $words }”.
symbols-added = Symbol { $name } is kept as { $code }.
symbols-removed = Symbol { $name } was taken out.
symbols-favourites = { $count ->
    [one] One favourite: { $codes }
   *[other] { $count } favourites: { $codes }
}
edit-add-symbol = Add symbol { $name }
edit-remove-symbol = Remove symbol { $name }
note-symbol-parts-removed = { $count ->
    [one] One part of the drawing was left out because it runs code or lies in another file.
   *[other] { $count } parts of the drawing were left out because they run code or lie in other files.
}
