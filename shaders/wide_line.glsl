// Lines of a constant width in pixels, made of triangles, the same on every driver.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off. Every stretch of a
// line has four corners, two at each end, that are moved sideways in the picture. What is behind
// the eye is cut off first. On the ground the moved corner takes the depth of the level plane
// through the line, so that a wide line neither sinks into the ground nor shows through what
// stands behind it.
//
// Attributes
//   lineBefore, lineAfter   the corners before and after, scene metres; the corner itself at an end
//   lineSide                1 left, -1 right of where a stretch starts; 2 and -2 where it ends
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
const float lineNear = 1e-3;
vec4 lineAhead(vec4 p, vec4 other)
{
  if (p.w >= lineNear || other.w <= lineNear) { return p; }
  return mix(other, p, clamp((other.w - lineNear) / (other.w - p.w), 0.0, 1.0));
}
vec2 linePixels(vec4 p) { return p.xy / max(p.w, lineNear) * lineFrame.xy * 0.5; }

//-- vertex //VTK::PositionVC::Impl
bool ofStart = abs(lineSide) < 1.5;
vec4 lineFrom = MCDCMatrix * vec4(lineBefore, 1.0);
vec4 lineTo = MCDCMatrix * vec4(lineAfter, 1.0);
bool cutOff = gl_Position.w < lineNear;
vec4 lineHere = lineAhead(gl_Position, ofStart ? lineTo : lineFrom);
gl_Position = lineHere;
vec2 arriving = linePixels(lineHere) - linePixels(lineAhead(lineFrom, lineHere));
vec2 leaving = linePixels(lineAhead(lineTo, lineHere)) - linePixels(lineHere);
bool arrives = length(arriving) > 1e-4 && lineBefore != vertexMC.xyz;
bool leaves = length(leaving) > 1e-4 && lineAfter != vertexMC.xyz;
arriving = arrives ? normalize(arriving) : vec2(0.0);
leaving = leaves ? normalize(leaving) : vec2(0.0);
if (cutOff) { if (ofStart) { arrives = false; } else { leaves = false; } }
if (!arrives) { arriving = leaving; }
if (!leaves) { leaving = arriving; }
vec2 along = arriving + leaving;
along = length(along) > 1e-3 ? normalize(along) : (ofStart ? leaving : arriving);
float reach = 0.5 * lineFrame.z / max(dot(along, ofStart ? leaving : arriving), 0.4);
vec2 moved = vec2(-along.y, along.x) * sign(lineSide) * reach / (lineFrame.xy * 0.5);
gl_Position.xy += moved * lineHere.w;
if (lineMode < 0.5 && !cutOff)
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
    if (onPlane.w > 0.25 * lineHere.w)
      {
      gl_Position = vec4((place + moved) * onPlane.w, onPlane.zw);
      }
    }
  }
gl_Position.z -= depthOrder * 3.6e-7 * gl_Position.w;
if (lineMode > 1.5)
  {
  float depth = clamp(lineHere.z / max(lineHere.w, lineNear), -1.0, 1.0) - 3.0 * depthOrder;
  gl_Position.z = (-0.999 + 1e-6 * depth) * gl_Position.w;
  }

//-- fragment //VTK::Light::Impl
fragOutput0.rgb *= lineLight;
