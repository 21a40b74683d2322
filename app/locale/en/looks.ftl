# Looks of the whole picture.
menu-looks = Loo&k
look-attributes = By attribute
look-white = White model
look-realistic = Realistic
look-night = Night
look-blueprint = Blueprint
scene-plain-facades = This graphics driver cannot draw facades; walls stay bare.
