// figure.glsl: copies of one small body, each turned and put to its place by the card, with legs and
// arms that walk; goes after solid.glsl, which lights it.
//
// All copies lie in one mesh that never changes. What moves is two number lists per figure, repeated
// for its points: ten thousand figures cost no work of their own.
//
// Does: legs swing about the hip, the knee of the one that comes forward bends, arms swing against
// the legs, and the hip sinks as far as legs apart are shorter, so that feet stay on the ground. The
// phase follows from the metres gone: the same second gives the same step.
//
// Attributes: figureAt   place, scene metres; radians clockwise from north, 1000 and more: nobody
//             figureMore clothes, see clothes.glsl; phase of walking, radians, below 0: stands
//             figureInk  own colour; 0 that colour, 1 shirt, 2 trousers
//             figureLimb 0 none, 1 leg, 2 arm of the right side; negative of the left
// Cost:       two trigonometric functions per point, six more for points of limbs.
//-- vertex //VTK::Normal::Dec
in vec4 figureAt;
in vec2 figureMore;
in vec4 figureInk;
in float figureLimb;
out vec3 figureColour;
vec2 figureSwung(vec2 place, float pivot, float radians)
{
  float s = sin(radians), c = cos(radians), up = place.y - pivot;
  return vec2(place.x * c - up * s, pivot + place.x * s + up * c);
}
//-- vertex //VTK::PositionVC::Impl
vec3 figureBody = vertexMC.xyz;
if (figureMore.y > -0.5)
  {
  float figureSwing = 0.42 * sin(figureMore.y);
  float figureSide = sign(figureLimb);
  if (abs(figureLimb) > 1.5) { figureBody.yz = figureSwung(figureBody.yz, 1.40, -0.85 * figureSwing * figureSide); }
  else if (abs(figureLimb) > 0.5)
    {
    float figureBend = 0.95 * max(cos(figureMore.y) * figureSide, 0.0);
    if (figureBody.z < 0.45) { figureBody.yz = figureSwung(figureBody.yz, 0.46, -figureBend); }
    figureBody.yz = figureSwung(figureBody.yz, 0.86, figureSwing * figureSide);
    }
  figureBody.z -= 0.86 * (1.0 - cos(figureSwing));
  }
float figureSin = sin(figureAt.w);
float figureCos = cos(figureAt.w);
solidPlace = vec3(
  figureBody.x * figureCos + figureBody.y * figureSin, figureBody.y * figureCos - figureBody.x * figureSin,
  figureBody.z);
gl_Position = MCDCMatrix * vec4(figureAt.xyz + solidPlace, 1.0);
if (figureAt.w > 999.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
figureColour = figureInk.rgb;
if (figureInk.a > 1.5) { figureColour = trousersOf(figureMore.x); }
else if (figureInk.a > 0.5) { figureColour = shirtOf(figureMore.x); }
//-- fragment //VTK::Normal::Dec
in vec3 figureColour;
//-- fragment //VTK::Color::Impl
ambientColor = figureColour;
diffuseColor = vec3(0.0);
