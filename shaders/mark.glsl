// Round marks of a constant size in pixels: places, trees seen from far, ends of measured lines.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off. Every point comes
// four times, for the corners of a square that faces the eye.
//
// Attributes
//   markCorner   -1 or 1 east and north in the picture
// Uniforms
//   markFrame    width and height of the picture, diameter of the mark, pixels
//   markMetres   diameter, metres, 0 where it counts in pixels; pixels of a metre at a distance of
//                one (parallel: of a metre); least diameter, pixels
//   markParallel 1 where lines of sight are parallel
//   markSoft     1 lets a mark fade towards its rim, as the light around a lamp
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
out float markShare;
//-- vertex //VTK::PositionVC::Impl
markPlace = markCorner;
markShare = 1.0;
float markWide = markFrame.z;
if (markMetres.x > 0.0)
  {
  float markTrue = markMetres.x * markMetres.y / mix(max(gl_Position.w, 0.1), 1.0, markParallel);
  markWide = clamp(markTrue, markMetres.z, 120.0);
  markShare = clamp(markTrue / markMetres.z, 0.3, 1.0);  // lamps far away stay points of light
  }
gl_Position.xy += markCorner * markWide / markFrame.xy * gl_Position.w;
if (markOnTop < -0.5) { gl_Position.z -= markShift; }
else
  {
  float depth = clamp(gl_Position.z / max(gl_Position.w, 1e-6), -1.0, 1.0) - 3.0 * markOnTop;
  gl_Position.z = (-0.9995 + 1e-6 * depth) * gl_Position.w;
  }

//-- fragment //VTK::Normal::Dec
in vec2 markPlace;
in float markShare;
//-- fragment //VTK::Light::Impl
float markAway = length(markPlace);
if (markAway > 1.0) { discard; }
fragOutput0.rgb *= markLight;
float markInner = 1.0 - markAway * markAway;
fragOutput0.a *= markShare * mix(1.0, markInner * markInner, markSoft);
bool markRim = markAway > 1.0 - markRing;
if (markRim) { fragOutput0.rgb = rimColour; }
gl_FragDepth = gl_FragCoord.z - (markRim ? 0.0 : markFore * gl_FragCoord.w);
