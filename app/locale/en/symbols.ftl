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
drills-tab-symbols = Symbols
symbols-words = Name, code or pinyin
symbols-class = Class of symbols
symbols-all = All symbols
symbols-liked = Favourites
symbols-class-a = A Incidents
symbols-class-b = B Hazards
symbols-class-c = C To protect
symbols-class-d = D Resources
symbols-class-e = E Lines
symbols-class-f = F Areas
symbols-class-u = My own
symbols-place = Place in the picture
    .tip = Then click the place; lines and areas are drawn to a double click
symbols-like = Add to favourites
    .tip = Favourites stay from project to project
symbols-unlike = Drop from favourites
symbols-bring = Add my own…
    .tip = From an SVG drawing or a GLB model; it is kept in the project
symbols-drop = Remove my own
    .tip = Take a symbol of your own out of the project
symbols-files = Symbols (*.svg *.glb *.gltf)
symbols-hint = Choose a symbol, then place it, or drag it into the picture. It belongs to the chosen step.
symbols-no-ground = There is no ground under the pointer. Drop the symbol on the city.
action-drills-symbols = S&ymbols
    .tip = Find symbols, keep favourites, bring your own, place them in the picture

picture-symbols = Symbols
