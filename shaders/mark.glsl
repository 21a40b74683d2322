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
//   markShift    what to take off the clip depth, so that the ground does not cut into marks
//   markFore     what discs lie before rims in depth times the distance, so that of many marks
//                the colours are seen and not the rims of those before
//   markOnTop    0 and more: drawn over everything, the more the higher; below 0: among the rest
//   markLight    light on the colour, red, green, blue
//   rimColour    red, green, blue
// Cost: one length per pixel of a mark.
//-- vertex //VTK::Normal::Dec
in vec2 markCorner;
out vec2 markPlace;
//-- vertex //VTK::PositionVC::Impl
markPlace = markCorner;
gl_Position.xy += markCorner * markFrame.z / markFrame.xy * gl_Position.w;
if (markOnTop < -0.5) { gl_Position.z -= markShift; }
else
  {
  float depth = clamp(gl_Position.z / max(gl_Position.w, 1e-6), -1.0, 1.0) - 3.0 * markOnTop;
  gl_Position.z = (-0.9995 + 1e-6 * depth) * gl_Position.w;
  }

//-- fragment //VTK::Normal::Dec
in vec2 markPlace;
//-- fragment //VTK::Light::Impl
float markAway = length(markPlace);
if (markAway > 1.0) { discard; }
fragOutput0.rgb *= markLight;
bool markRim = markAway > 1.0 - markRing;
if (markRim) { fragOutput0.rgb = rimColour; }
gl_FragDepth = gl_FragCoord.z - (markRim ? 0.0 : markFore * gl_FragCoord.w);
