# What the picture has to say.
scene-plain-shading = This computer's graphics driver does not understand the city's shading. Buildings are drawn in one plain colour; selecting and colouring by attribute do not show.
