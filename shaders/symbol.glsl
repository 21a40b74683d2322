// Symbols that face the eye: a size in pixels when near, less when far, never below a least size.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off and the texture of
// the actor. Every point comes four times, for the corners of a square that stands on it.
//
// Attributes
//   symbolCorner  -1 or 1 east, 0 or 2 north in the picture
//   symbolShift   pixels to the right and up, and size as share of the others; 0 hides a symbol
// Uniforms
//   symbolFrame   width and height of the picture, full size of a symbol, pixels
//   symbolFar     least size as share, metres up to which the size is full, order: 0 and more
//                 is drawn over everything, the more the higher; below 0 among the rest
//   symbolScale   pixels of the drawing per pixel of the shift
// Cost: nothing but the vertices.
//-- vertex //VTK::Normal::Dec
in vec2 symbolCorner;
in vec3 symbolShift;
//-- vertex //VTK::PositionVC::Impl
float symbolShare = max(symbolFar.x, min(1.0, symbolFar.y / max(gl_Position.w, 1e-3)));
vec2 symbolPixels = symbolCorner * symbolFrame.z * symbolShare * symbolShift.z;
symbolPixels += 2.0 * symbolShift.xy * symbolScale * symbolShare;
gl_Position.xy += symbolPixels / symbolFrame.xy * gl_Position.w;
if (symbolFar.z > -0.5)
  {
  float symbolDepth = clamp(gl_Position.z / max(gl_Position.w, 1e-6), -1.0, 1.0);
  gl_Position.z = (-0.9996 - 3e-6 * symbolFar.z + 1e-6 * symbolDepth) * gl_Position.w;
  }
else { gl_Position.z -= 0.002 * gl_Position.w; }
