// Round marks of a constant size in pixels: places, trees seen from far, ends of measured lines.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off. Every point comes
// four times, for the corners of a square that faces the eye.
//
// Attributes
//   markCorner   -1 or 1 east and north in the picture
// Uniforms
//   markFrame    width and height of the picture, diameter of the mark, pixels
//   markRing     width of the rim as share of the radius, 0 for none
//   markPull     how far marks come towards the eye, as share of their distance; 2 and more: on top,
//                the more the higher
//   markNear     2 f n / (f - n) of the camera, or 0 where lines of sight are parallel
//   markLight    light on the colour, red, green, blue
//   rimColour    red, green, blue
// Cost: one length per pixel of a mark.
//-- vertex //VTK::Normal::Dec
in vec2 markCorner;
out vec2 markPlace;
//-- vertex //VTK::PositionVC::Impl
markPlace = markCorner;
gl_Position.xy += markCorner * markFrame.z / markFrame.xy * gl_Position.w;
if (markPull > 1.5) { gl_Position.z = (-0.9995 + 1e-6 * (gl_Position.z / max(gl_Position.w, 1e-6) - 3.0 * (markPull - 2.0))) * gl_Position.w; }
else { gl_Position.z -= markNear > 0.0 ? markPull * markNear : 1e-4; }
//-- fragment //VTK::Normal::Dec
in vec2 markPlace;
//-- fragment //VTK::Light::Impl
float markAway = length(markPlace);
if (markAway > 1.0) { discard; }
fragOutput0.rgb *= markLight;
if (markAway > 1.0 - markRing) { fragOutput0.rgb = rimColour; }
