// Lines of a constant width in pixels, made of triangles, the same on every driver.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off. Every corner of a
// line comes twice, for its two sides, and is moved sideways in the picture. On the ground the
// moved corner takes the depth of the level plane through the line, so that a wide line neither
// sinks into the ground nor shows through what stands behind it.
//
// Attributes
//   lineBefore, lineAfter   the corners before and after, scene metres; the corner itself at an end
//   lineSide                1 left, -1 right of the line
// Uniforms
//   lineFrame    width and height of the picture, width of the line, pixels
//   depthOrder   steps of 3 units of a 24 bit depth buffer towards the eye
//   lineMode     0 lies on the ground; 1 hangs in the air, hidden by what is in front of it;
//                2 is drawn over everything
//   lineLight    light on the line's colour, red, green, blue
// Cost: three matrix products per corner, nothing per pixel.
//-- vertex //VTK::Normal::Dec
in vec3 lineBefore;
in vec3 lineAfter;
in float lineSide;
vec2 linePixels(vec4 p, vec4 other)
{
  if (p.w < 1e-3) { p = mix(other, p, clamp((other.w - 1e-3) / max(other.w - p.w, 1e-6), 0.0, 1.0)); }
  return p.xy / max(p.w, 1e-3) * lineFrame.xy * 0.5;
}
//-- vertex //VTK::PositionVC::Impl
vec4 lineHere = gl_Position;
vec4 lineFrom = MCDCMatrix * vec4(lineBefore, 1.0);
vec4 lineTo = MCDCMatrix * vec4(lineAfter, 1.0);
bool firstOfLine = lineBefore == vertexMC.xyz;
bool lastOfLine = lineAfter == vertexMC.xyz;
vec2 arriving = linePixels(lineHere, lineFrom) - linePixels(lineFrom, lineHere);
vec2 leaving = linePixels(lineTo, lineHere) - linePixels(lineHere, lineTo);
arriving = length(arriving) > 1e-6 ? normalize(arriving) : vec2(0.0);
leaving = length(leaving) > 1e-6 ? normalize(leaving) : vec2(0.0);
if (firstOfLine || arriving == vec2(0.0)) { arriving = leaving; }
if (lastOfLine || leaving == vec2(0.0)) { leaving = arriving; }
vec2 along = arriving + leaving;
along = length(along) > 1e-3 ? normalize(along) : leaving;
float reach = 0.5 * lineFrame.z / max(dot(along, leaving), 0.4);
vec2 moved = vec2(-along.y, along.x) * lineSide * reach / (lineFrame.xy * 0.5);
if (lineMode < 0.5 && lineHere.w > 1e-3)
  {
  vec2 place = lineHere.xy / lineHere.w;
  vec2 perEast = (MCDCMatrix[0].xy - place * MCDCMatrix[0].w) / lineHere.w;
  vec2 perNorth = (MCDCMatrix[1].xy - place * MCDCMatrix[1].w) / lineHere.w;
  float area = perEast.x * perNorth.y - perEast.y * perNorth.x;
  if (abs(area) > 1e-5 * max(dot(perEast, perEast), dot(perNorth, perNorth)))
    {
    vec2 metres = vec2(moved.x * perNorth.y - moved.y * perNorth.x,
                       perEast.x * moved.y - perEast.y * moved.x) / area;
    vec4 onPlane = lineHere + MCDCMatrix[0] * metres.x + MCDCMatrix[1] * metres.y;
    if (onPlane.w > 0.25 * lineHere.w) { gl_Position = vec4((place + moved) * onPlane.w, onPlane.zw); }
    else { gl_Position.xy += moved * lineHere.w; }
    }
  else { gl_Position.xy += moved * lineHere.w; }
  }
else { gl_Position.xy += moved * abs(lineHere.w); }
gl_Position.z -= depthOrder * 3.6e-7 * gl_Position.w;
if (lineMode > 1.5) { gl_Position.z = (-0.999 + 1e-6 * (lineHere.z / max(lineHere.w, 1e-6) - 3.0 * depthOrder)) * gl_Position.w; }
//-- fragment //VTK::Light::Impl
fragOutput0.rgb *= lineLight;
