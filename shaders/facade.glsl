// facade.glsl: floors and windows on the walls of blocks.glsl, by use and height of storeys; no
// pictures are needed. Goes after select.glsl and blocks.glsl.
//
// Does: lays a lattice of bays and storeys on each wall, along the building's own longest side.
// Windows that become finer than the pixels fade into the mean of wall and glass by day, and into
// groups of windows that are lit more or less at night, so that far towns keep their tone and never
// shimmer. Which windows are lit is drawn by
// lot for each, the same at every time.
//
// Uniforms: buildingKind  sampler2D, 1024 texels wide, one for each slot: use / 16, height of a
//                         storey / 12.75 m, turn of the longest wall / 90 degrees
//           facadeKind    0 bare walls, 1 day, 2 night, 3 lines of storeys
//           wallColour    what walls are drawn to
//           wallShare     how far, 0 to 1
// Cost:     one texelFetch per point; four hashes and some eighty multiplications per pixel.

//-- vertex //VTK::Normal::Dec
uniform sampler2D buildingKind;
flat out vec4 facadeOf;
flat out float facadeSeed;
out vec3 place;

//-- vertex //VTK::PositionVC::Impl
facadeOf = texelFetch(buildingKind, ivec2(buildingSlot & 1023, buildingSlot >> 10), 0);
facadeSeed = float(buildingSlot & 65535);
place = vertexMC.xyz;

//-- fragment //VTK::Normal::Dec
flat in vec4 facadeOf;
flat in float facadeSeed;
in vec3 place;
float facadeLot(vec3 p)
{
  uint n = uint(int(p.x)) * 1597334677u ^ uint(int(p.y)) * 3812015801u ^ uint(int(p.z)) * 2246822519u;
  n = (n ^ (n >> 15)) * 2654435769u;
  n = (n ^ (n >> 13)) * 3266489917u;
  return float(n >> 8) / 16777216.0;
}
float facadeBand(float at, float low, float high, float wide)
{
  float soft = max(wide, 1e-4);
  return clamp((at - low) / soft + 0.5, 0.0, 1.0) * clamp((high - at) / soft + 0.5, 0.0, 1.0);
}

//-- fragment //VTK::UniformFlow::Impl
vec3 facadeRight = dFdx(fromEye);
vec3 facadeDown = dFdy(fromEye);
float facadeRise = max(abs(dFdx(aboveGround)), abs(dFdy(aboveGround)));

//-- fragment //VTK::Color::Impl
int facadeUse = int(facadeOf.r * 15.9375 + 0.5);
float storey = max(facadeOf.g * 12.75, 2.2);
if (facadeOf.g < 0.01) { storey = 3.2; }
float facadeTurn = facadeOf.b * 1.57079633;
vec2 facadeWay = vec2(cos(facadeTurn), sin(facadeTurn));
vec2 facadeSide = vec2(-facadeWay.y, facadeWay.x);
vec2 facadeAlong = abs(dot(outward.xy, facadeWay)) > abs(dot(outward.xy, facadeSide)) ? facadeSide : facadeWay;
// bay in metres, share of glass across, from where to where up a storey; share of windows lit
float bay = 3.1;
vec3 window = vec3(0.46, 0.30, 0.80);
float litShare = 0.42;
if (facadeUse == 2) { bay = 1.6; window = vec3(0.86, 0.16, 0.94); litShare = 0.34; }
if (facadeUse == 3) { bay = 4.2; window = vec3(0.78, 0.18, 0.84); litShare = 0.62; }
if (facadeUse == 4) { bay = 6.0; window = vec3(0.88, 0.60, 0.84); litShare = 0.16; }
if (facadeUse == 5) { bay = 2.6; window = vec3(0.34, 0.36, 0.74); litShare = 0.30; }
if (facadeUse == 6) { bay = 2.6; window = vec3(0.70, 0.28, 0.84); litShare = 0.30; }
vec2 facadeAt = vec2(dot(place.xy, facadeAlong) / bay, max(aboveGround, 0.0) / storey);
vec2 facadePixel = vec2((abs(dot(facadeRight.xy, facadeAlong)) + abs(dot(facadeDown.xy, facadeAlong))) / bay, facadeRise / storey);
vec2 facadeCell = floor(facadeAt);
vec2 facadeIn = facadeAt - facadeCell;
float glass = facadeBand(facadeIn.x, 0.5 - 0.5 * window.x, 0.5 + 0.5 * window.x, facadePixel.x)
            * facadeBand(facadeIn.y, window.y, window.z, facadePixel.y);
float glassMean = window.x * (window.z - window.y);
float facadeFine = max(facadePixel.x, facadePixel.y);
float facadeNear = 1.0 - smoothstep(0.30, 0.85, facadeFine);
glass = mix(glassMean, glass, facadeNear);
float facadeWall = 1.0 - smoothstep(0.20, 0.45, abs(outward.z));
float facadeLuck = facadeLot(vec3(facadeCell, facadeSeed));
float houseLuck = facadeLot(vec3(7.0, 3.0, facadeSeed));
vec3 facadeGlow = vec3(0.0);
if (!buildingSelected && !buildingHovered)
  {
  if (facadeKind > 2.5)
    {
    float lines = 1.0 - smoothstep(0.0, max(1.5 * facadePixel.y, 0.02), min(facadeIn.y, 1.0 - facadeIn.y));
    float some = 1.0 - smoothstep(0.10, 0.45, facadePixel.y);
    own = mix(own, wallColour, wallShare);
    own += facadeWall * vec3(0.13, 0.22, 0.30) * mix(0.08, lines, some);
    }
  else if (facadeKind < 0.5)
    {
    own = mix(own, wallColour, wallShare);
    }
  else
    {
    float towards = facadeUse == 5 ? 0.5 * wallShare : wallShare;
    own = mix(own, wallColour, towards) * (0.95 + 0.10 * houseLuck);
    float slab = facadeNear * facadeBand(facadeIn.y, 0.0, 0.07, facadePixel.y);
    vec3 pane = mix(vec3(0.20, 0.26, 0.33), vec3(0.52, 0.62, 0.72), 0.25 + 0.5 * mix(0.5, facadeLuck, facadeNear));
    vec3 wall = own * (1.0 - 0.10 * slab);
    vec3 top = mix(own, vec3(0.66, 0.65, 0.63), facadeUse == 5 ? 0.15 : 0.55);
    own = mix(top, mix(wall, pane, glass), facadeWall);
    if (facadeKind > 1.5)
      {
      // far away groups of windows are lit more or less, never finer than two pixels
      float groupStep = log2(max(facadeFine / 0.45, 1.0));
      float groupLevel = floor(groupStep);
      vec2 groupAt = facadeAt / exp2(groupLevel);
      float groupFine = facadeLot(vec3(floor(groupAt), facadeSeed + groupLevel));
      float groupWide = facadeLot(vec3(floor(0.5 * groupAt), facadeSeed + groupLevel + 1.0));
      float groupLit = mix(groupFine, groupWide, groupStep - groupLevel);
      groupLit = litShare * mix(0.15, 1.85, smoothstep(0.1, 0.9, groupLit));
      float lit = mix(groupLit, facadeLuck < litShare ? 1.0 : 0.0, facadeNear);
      vec3 warm = mix(vec3(1.0, 0.76, 0.42), vec3(1.0, 0.90, 0.68), fract(facadeLuck * 17.0));
      if (facadeUse == 2 || facadeUse == 6) { warm = mix(warm, vec3(0.94, 0.96, 0.92), 0.55); }
      float strength = mix(0.80, 0.55 + 0.45 * fract(facadeLuck * 29.0), facadeNear);
      facadeGlow = facadeWall * glass * lit * strength * warm * mix(1.1, 1.0, facadeNear);
      // streets and shops light the feet of houses
      facadeGlow += facadeWall * vec3(0.16, 0.11, 0.055) * exp(-aboveGround / 7.0);
      }
    }
  }

//-- fragment //VTK::Light::Impl
if (facadeKind > 1.5 && facadeKind < 2.5)
  {
  fragOutput0.rgb += facadeGlow * (1.0 - blockHaze);
  }
