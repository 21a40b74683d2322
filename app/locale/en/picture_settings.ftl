# The page of the settings about the picture.

settings-picture = Picture
settings-fineness = Large cities
settings-fineness-quick = Quick
settings-fineness-usual = Usual
settings-fineness-fine = Fine
settings-fineness-tip = Fine is for machines with a graphics card; quick draws far buildings more simply.
settings-mesh-memory = Memory for shapes
settings-mesh-memory-tip = Of one layer in one picture. What has not been seen for longest goes first.
