# What the picture has to say.
scene-plain-shading = This computer's graphics driver does not understand the city's shading. Buildings are drawn in one plain colour; selecting and colouring by attribute do not show.
scene-no-shadows = This computer's graphics driver does not understand the shading of shadows. Pictures are drawn without them.
scene-no-chinese-font = There is no font for Chinese on this computer, so names are not written. Install Noto Sans CJK, or name a font file in CITYSTAGE_FONT.
