// edges.glsl: lines along roofs and corners; goes with select.glsl, lighting off.
//
// Lines are drawn solid; far away their colour runs into the building's own, so that they fade
// without blending and without flicker; where they begin they are drawn for some buildings only, so
// that tiles with lines and tiles without have no seam between them. They are pulled a little to
// the eye.
//
// Uniforms: edgeBias     what to take off the clip depth
//           edgePixels   pixels of lines per radian (parallel: per metre)
//           edgeFrom     such pixels per metre below which no line is drawn
//           edgeColour   red, green, blue
//           eyeParallel  1 where lines of sight are parallel
//           wallColour   what walls are drawn to
//           wallShare    how far, 0 to 1
//           groundLight  colour of level ground in the sun
//           hazeColour   colour of the horizon
//           hazeMetres   distance at which two thirds are haze; 0 for none
// Cost:     two points per line, coloured there; drawn for near tiles only.
//-- vertex //VTK::Normal::Dec
out vec3 lineColour;
out float lineShare;
flat out float lineDraw;
//-- vertex //VTK::PositionVC::Impl
float lineAway = eyeParallel > 0.5 ? 1.0 : max(gl_Position.w, 0.01);
float lineStrength = smoothstep(0.45, 1.8, edgePixels / lineAway) * 0.85;
vec3 lineWall = mix(building.rgb, wallColour, wallShare);
lineShare = smoothstep(edgeFrom, 2.2 * edgeFrom, edgePixels / lineAway);
lineDraw = fract(sin(float(buildingSlot & 65535) * 12.9898) * 43758.5453);
lineColour = mix(lineWall * 0.66, edgeColour, lineStrength) * groundLight;
if (building.a > 0.5 && building.a < 0.8) { lineColour = vec3(0.55, 0.22, 0.0); lineShare = 1.0; }
if (hazeMetres > 0.0 && eyeParallel < 0.5)
  {
  float far = lineAway / hazeMetres;
  lineColour = mix(lineColour, hazeColour, 1.0 - exp(-far * far));
  }
gl_Position.z -= edgeBias;
//-- fragment //VTK::Normal::Dec
in vec3 lineColour;
in float lineShare;
flat in float lineDraw;
//-- fragment //VTK::Light::Impl
if (lineDraw > lineShare) { discard; }
fragOutput0.rgb = lineColour;
