// dots.glsl: a building or a cell of buildings as one point that covers as many pixels as they do;
// goes with shadow.glsl and select.glsl, VTK's own lighting off, GL_PROGRAM_POINT_SIZE on.
//
// Does: takes plan and wall area as the eye sees them, makes a square of that area around the
// middle of the building and mixes the light of roofs and of those walls that neighbours do not
// hide. What would cover less than a pixel is drawn or left out by its number, so that a hundred
// of them cover what they should.
// Points are pulled to the eye by their size, so that the ground does not cover their feet.
//
// Attributes: size.x plan area, m2; size.y wall area seen from the side, m2; size.z side of the
//             cell, metres, 0 for a single building; size.w share of the ground around that
//             is built on
// Uniforms:   dotLook       line of sight through the middle of the picture, length 1
//             dotRight      what it gains up to the right border of the picture
//             dotUp         what it gains up to the upper border
//             dotPixels     pixels per radian (parallel: per metre), of the drawing
//             dotParallel   1 where lines of sight are parallel
//             dotDepth      what to take off the clip depth per metre (perspective: per share
//                           of the distance)
//             dotLeast      pixels along the side of the smallest point; 0 thins them out instead
//             sunDirection, groundLight, skyTint, skyShare, hazeColour, hazeMetres: blocks.glsl
// Cost:     one point instead of ten triangles; light per point.
//-- vertex //VTK::Normal::Dec
in vec4 size;
flat out vec3 dotLight;
flat out vec3 dotShade;
flat out float dotRise;
flat out float dotHaze;
//-- vertex //VTK::PositionVC::Impl
vec3 dotShare = vec3(1.0);
bool dotMarked = building.a > 0.2 && building.a < 0.8;
if (size.z > 0.0)
  {
  int dotSecond = buildingSlot + 1;
  vec4 dotTexel = texelFetch(buildingLook, ivec2(dotSecond & 1023, dotSecond >> 10), 0);
  dotShare = vec3(dotTexel.r * dotTexel.r, dotTexel.g, dotTexel.b * dotTexel.b);
  dotMarked = dotTexel.a > 0.5;
  }
float dotHeight = mark.y * dotShare.y;
if (building.a >= 0.1)
  {
  gl_Position = MCDCMatrix * vec4(vertexMC.xy, vertexMC.z + 0.5 * dotHeight, 1.0);
  }
bool dotFlat = dotParallel > 0.5;
float dotAway = dotFlat ? 1.0 : max(gl_Position.w, 0.1);
vec2 dotPlace = gl_Position.xy / gl_Position.w;
vec3 dotWay = dotFlat ? dotLook : normalize(dotLook + dotRight * dotPlace.x + dotUp * dotPlace.y);
float dotDown = abs(dotWay.z);
float dotLevel = sqrt(max(1.0 - dotDown * dotDown, 0.0));
float dotRoof = size.x * dotShare.x * dotDown;
float dotWall = size.y * dotShare.z * dotLevel;
float dotArea = dotRoof + dotWall;
if (size.z > 0.0) // rows behind each other cover no more than the cell does
  {
  float dotMost = size.z * (size.z * dotDown + 0.7 * dotHeight * dotLevel);
  float dotFull = dotArea / max(dotMost, 0.001);
  dotArea /= pow(1.0 + dotFull * dotFull * dotFull, 1.0 / 3.0);
  }
float dotScale = dotPixels / dotAway;
float dotSide = sqrt(dotArea) * dotScale;
if (size.z == 0.0) { dotSide = min(dotSide, 5.0); } // a tower far away is no large square
if (dotMarked) { dotSide = max(dotSide, 3.0); }
dotSide = max(dotSide, dotLeast);
if (dotSide < 1.0)
  {
  float dotDraw = fract(sin(float(buildingSlot & 65535) * 12.9898) * 43758.5453);
  if (dotDraw > dotSide * dotSide) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
  dotSide = 1.0;
  }
gl_PointSize = dotSide;
float dotPull = 0.5 * dotSide / dotScale / max(dotDown, 0.25);
if (!dotFlat)
  {
  float dotPart = min(dotPull / dotAway, 0.5);
  dotPull = dotPart / (1.0 - dotPart);
  }
gl_Position.z -= dotDepth * dotPull;
vec3 dotFace = dotLevel > 0.05 ? -dotWay / dotLevel : vec3(0.0);
float dotAcross = 0.7 * dot(dotFace.xy, vec2(sunDirection.y, -sunDirection.x));
float dotWallSun = 0.72 * max(0.85 * dot(dotFace.xy, sunDirection.xy), 0.12);
float dotWallSky = (1.44 + 0.14 * dotAcross) * 0.9;
vec3 dotWallLight = skyShare * dotWallSky * skyTint + vec3((1.0 - skyShare) * dotWallSun);
float dotSun = max(sunDirection.z, 0.0) / max(sunDirection.z, 0.2);
vec3 dotRoofLight = vec3(skyShare + (1.0 - skyShare) * dotSun);
float dotFree = 1.0 - min(size.w, 1.0); // in a dense town walls are seen across what is free only
if (size.z == 0.0) { dotFree *= dotFree; } // and terraced houses have few of their own
float dotPlot = sqrt(size.x * dotShare.x / max(size.w, 0.01));
float dotGap = dotFree * dotPlot * (dotPlot * dotDown + 0.7 * dotHeight * dotLevel);
float dotHid = dotWall / max(dotGap, 0.001);
float dotWallSeen = dotWall / pow(1.0 + dotHid * dotHid * dotHid, 1.0 / 3.0);
float dotShareOfRoof = dotRoof / max(dotRoof + dotWallSeen, 0.001);
dotLight = groundLight * mix(dotWallLight, dotRoofLight, dotShareOfRoof);
float dotOpen = skyShare + (1.0 - skyShare) * max(sunDirection.z, 0.2);
dotShade = groundLight * skyShare * mix(dotWallSky * skyTint, vec3(1.0 / dotOpen), dotShareOfRoof);
dotRise = 0.5 * dotHeight + 0.5;
dotHaze = 0.0;
if (hazeMetres > 0.0 && !dotFlat)
  {
  float far = dotAway / hazeMetres;
  dotHaze = 1.0 - exp(-far * far);
  }
//-- fragment //VTK::Normal::Dec
flat in vec3 dotLight;
flat in vec3 dotShade;
flat in float dotRise;
flat in float dotHaze;
//-- fragment //VTK::Light::Impl
float dotReached = sunReaches(scenePlace() + vec3(0.0, 0.0, dotRise), vec3(0.0, 0.0, 1.0), 0.0);
vec3 dotLit = mix(dotShade, dotLight, dotReached);
if (buildingSelected) { dotLit = max(dotLit, vec3(0.62)); }
fragOutput0.rgb = own * dotLit;
fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, dotHaze);
