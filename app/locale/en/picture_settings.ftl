# The page of the settings about the picture.

settings-picture = Picture
settings-fineness = Large cities
settings-fineness-quick = Quick
settings-fineness-usual = Usual
settings-fineness-fine = Fine
settings-fineness-tip = Fine is for machines with a graphics card; quick draws far buildings more simply.
settings-surface = Onto the screen
settings-surface-auto = Automatic
settings-surface-card = Straight from the graphics card
settings-surface-image = As an image
settings-surface-tip = Automatic takes an image where no graphics card draws. If pictures stay black or flicker, try the other. Counts from the next start.
settings-mesh-memory = Memory for shapes
settings-mesh-memory-tip = Of one layer in one picture. What has not been seen for longest goes first.
