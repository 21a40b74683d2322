# How pipes are drawn.
style-pipe-mode = Drawn as
style-pipe-mode-true = true bodies underground
style-pipe-mode-symbols = symbols on the ground
style-pipe-palette = Colours by
style-pipe-palette-cjj61 = CJJ 61 (Chinese surveys)
style-pipe-palette-apwa = APWA (American marks)
style-pipe-palette-own = own colouring
style-pipe-codes = Codes
style-pipe-codes-on = class and size along pipes
style-pipe-arrows = Flow
style-pipe-arrows-on = arrows where it is known
style-pipe-errors = Survey error
style-pipe-errors-on = band of 0.10 h and 0.15 h (CJJ 61)
style-pipe-hidden = Classes
