// Ground, pictures on it and everything that lies flat on it.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off.
// Does: shades the colour by the slope of the terrain under each pixel and the sun, and lets far
// parts fade into the horizon. Moves depth towards the eye by whole steps of the depth buffer, so
// that layers that lie on each other never flicker; the place in the picture stays the same.
//
// Switch
//   CONTOURS       defined where contour lines are drawn
//   RELIEF         defined where there is terrain; else all is level and unknown
// Uniforms
//   depthOrder     steps of 3 units of a 24 bit depth buffer towards the eye
//   depthAway      metres away from the eye in depth alone; 2 far near / (far - near) of the camera,
//                  or -2 / (far - near) where lines of sight are parallel
//   reliefOrigin   scene metres of the west and south edge of the relief texture
//   reliefScale    1 / metres, width and height of the relief texture
//   reliefTexture  red, green: slope eastwards and northwards, see scene.relief; blue: known ground
//   reliefShare    how much of the slope shows, 0 to 1
//   reliefStretch  times that heights are drawn higher than they are
//   sunDirection   unit vector to the light, east, north, up
//   groundLight    colour of level ground in the sun, red, green, blue
//   skyShare       share of the light that comes from all of the sky, 0 to 1
//   hazeColour     colour of the horizon
//   hazeMetres     distance at which two thirds are haze; 0 for none
//   groundEdge     scene metres of the middle of the ground and how far it reaches; 0 for no end
//   contourLines   metres of height from line to line, 0 for none; width of a line, pixels
//   contourColour  red, green, blue of the lines
//   groundShare    how solid the ground is, 0 to 1: less where one sees underground
//   plainColour    colour of ground that the terrain does not know
//   showPlain      1 colours unknown ground plain, -1 cuts it away, 0 treats it like any other
// Cost: one texture read where there is terrain.

//-- vertex //VTK::Normal::Dec
out vec2 groundPlace;
out float groundHeight;
out float viewDepth;

//-- vertex //VTK::PositionVC::Impl
groundPlace = vertexMC.xy;
groundHeight = vertexMC.z;
viewDepth = gl_Position.w;
gl_Position.z -= depthOrder * 3.6e-7 * gl_Position.w;
if (depthAway.y > 0.0)
  {
  gl_Position.z += depthAway.y * depthAway.x / max(gl_Position.w + depthAway.x, 0.25 * gl_Position.w);
  }
else { gl_Position.z -= depthAway.y * depthAway.x; }

//-- fragment //VTK::Normal::Dec
in vec2 groundPlace;
in float groundHeight;
in float viewDepth;

//-- fragment //VTK::Light::Impl
#ifdef RELIEF
vec3 relief = texture(reliefTexture, clamp((groundPlace - reliefOrigin) * reliefScale, 0.0, 1.0)).rgb;
float unknownGround = 1.0 - smoothstep(0.3, 0.7, relief.b);
#else
const float unknownGround = 1.0;
#endif
if (showPlain < -0.5 && unknownGround > 0.5) { discard; }
if (showPlain > 0.5) { fragOutput0.rgb = mix(fragOutput0.rgb, plainColour, unknownGround); }
#ifdef CONTOURS
if (contourLines.x > 0.0)
  {
  float contourSteep = max(fwidth(groundHeight), 1e-7);  // metres of height in a pixel
  float contourDense = contourLines.y * contourSteep / contourLines.x;
  float contourFine = abs(fract(groundHeight / contourLines.x + 0.5) - 0.5) * contourLines.x / contourSteep;
  float contourWide = 5.0 * contourLines.x;
  float contourHeavy = abs(fract(groundHeight / contourWide + 0.5) - 0.5) * contourWide / contourSteep;
  float contourInk = 0.65 * (1.0 - smoothstep(0.12, 0.30, contourDense))
    * (1.0 - smoothstep(0.5 * contourLines.y - 0.4, 0.5 * contourLines.y + 0.6, contourFine));
  contourInk = max(contourInk, 0.9 * (1.0 - smoothstep(0.6, 1.5, contourDense))
    * (1.0 - smoothstep(0.9 * contourLines.y - 0.4, 0.9 * contourLines.y + 0.6, contourHeavy)));
  contourInk *= step(1e-5, contourSteep / contourLines.x) * (1.0 - unknownGround);
  fragOutput0.rgb = mix(fragOutput0.rgb, contourColour, contourInk);
  }
#endif
#ifdef RELIEF
vec2 coded = (relief.rg * 255.0 - 128.0) / 127.0;
vec2 slope = 2.0 * coded * abs(coded);
slope *= reliefShare * reliefStretch * (1.0 - unknownGround);
vec3 outward = normalize(vec3(-1.25 * slope, 1.0));
#else
const vec3 outward = vec3(0.0, 0.0, 1.0);
#endif
float level = skyShare + (1.0 - skyShare) * sunDirection.z;
float sunReached = sunReaches(vec3(groundPlace, groundHeight), outward, 0.0);
float here = skyShare + (1.0 - skyShare) * max(dot(outward, sunDirection), 0.0) * sunReached;
float shadowRelief = 0.55 + 0.52 * dot(outward, vec3(-0.36, 0.36, 0.86));
vec3 shadowTint = mix(vec3(0.92, 0.98, 1.08) * shadowRelief, vec3(1.0), sunReached);
fragOutput0.rgb *= groundLight * shadowTint * clamp(here / level, mix(0.45, 0.55, sunReached), 1.22);
float haze = 0.0;
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float far = viewDepth / hazeMetres;
  haze = 1.0 - exp(-far * far);
  }
if (groundEdge.z > 0.0)
  {
  haze = max(haze, smoothstep(0.5, 0.95, length(groundPlace - groundEdge.xy) / groundEdge.z));
  }
fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, haze);
fragOutput0.a *= groundShare;
