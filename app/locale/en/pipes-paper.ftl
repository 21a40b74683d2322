# Reports on paper: what every report says.
paper-page = Page
paper-of = of
paper-end = { "" }
paper-basis = Basis of this report
paper-inputs = Data used
paper-input = Data
paper-hash = Content hash
paper-packs = Rule packs
paper-pack = Rule pack
paper-verified = Compared with the standard
paper-contents = Contents
paper-program = Program
paper-project = Project
paper-date = Date
paper-author = Author
paper-name = Name
paper-signature = Signature and seal
paper-figure = Figure
paper-table = Table
paper-pack-verified = all { $total } rules
paper-pack-unverified = { $verified } of { $total } rules; the others are only warned about

# Distribution maps.
pipes-map-title = Distribution map of pipes
pipes-map-legend = Legend
pipes-map-rest = other
pipes-map-note-north = North is grid north. Drains: number, level of the ground/of the bottom.
pipes-map-note-assumed = Sizes or levels of { $count } objects are assumed.
