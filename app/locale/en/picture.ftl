# What stands on pictures; {count} and the like are filled in by the drawing.
picture-legend = Legend
picture-more = … {"{"}count{"}"} more
picture-north = N
picture-metres = m
picture-kilometres = km
picture-scale-centre = at the middle of the picture
picture-scale-everywhere = in the whole picture
picture-position = Eye E {"{"}east{"}"} N {"{"}north{"}"} H {"{"}height{"}"} m
picture-direction = heading {"{"}heading{"}"}°, pitch {"{"}pitch{"}"}°
picture-moment = Light of {"{"}date{"}"} {"{"}time{"}"}
picture-exaggeration = heights × {"{"}factor{"}"}
picture-other = other
picture-height = height
picture-elevation = height
picture-slope = slope
picture-pipe-class = class
picture-aspect = aspect
