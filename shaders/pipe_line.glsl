// pipe_line.glsl: far pipes as lines of their true width, never thinner than a pixel or two, and
// arrows of flow whose size counts in pixels; VTK's own lighting off.
//
// Attributes: pipeOther  the other end of the stretch; of an arrow a point the flow goes to
//             pipeSide   1 left, -1 right of where a stretch starts, 2 and -2 where it ends;
//                        of an arrow 3 and -3 at its tail, 4 at its tip
//             pipeMark   as in pipe.glsl; 4 is an arrow, dark on bright pipes, bright on dark ones
// Uniforms:   pipeLook, pipeHovered, pipePixels, hazeColour, hazeMetres as in pipe.glsl
//             pipeFrame  width and height of the picture, least width of a line, pixels
//             pipeAway   what depth gains per metre, see FrameState.away_factor
//             pipeDark   what colours are multiplied with
// Cost:       two matrix products per corner, next to nothing per pixel.

//-- vertex //VTK::Normal::Dec
in vec3 pipeOther;
in float pipeSide;
in vec4 pipeMark;
uniform sampler2D pipeLook;
flat out vec4 pipeColour;
flat out int pipeKind;
out float pipeAlong;
const float pipeNear = 1e-3;

//-- vertex //VTK::PositionVC::Impl
int pipeSlot = int(pipeMark.x + 0.5);
pipeColour = texelFetch(pipeLook, ivec2(pipeSlot & 1023, pipeSlot >> 10), 0);
if (pipeSlot == int(pipeHovered) && pipeColour.a > 0.1) { pipeColour.a = 0.34; }
pipeKind = int(pipeMark.y + 0.5);
pipeAlong = pipeMark.z;
vec4 pipeHere = gl_Position;
vec4 pipeThere = MCDCMatrix * vec4(pipeOther, 1.0);
if (pipeHere.w < pipeNear && pipeThere.w > pipeNear)
  { pipeHere = mix(pipeHere, pipeThere, (pipeNear - pipeHere.w) / (pipeThere.w - pipeHere.w)); }
if (pipeThere.w < pipeNear && pipeHere.w > pipeNear)
  { pipeThere = mix(pipeThere, pipeHere, (pipeNear - pipeThere.w) / (pipeHere.w - pipeThere.w)); }
vec2 pipeWay = (pipeThere.xy / max(pipeThere.w, pipeNear) - pipeHere.xy / max(pipeHere.w, pipeNear)) * pipeFrame.xy * 0.5;
float pipeLong = length(pipeWay);
vec2 pipeUnit = pipeLong > 1e-5 ? pipeWay / pipeLong : vec2(1.0, 0.0);
float pipeEnd = abs(pipeSide);
vec2 pipeMove;
if (pipeEnd < 2.5)
  {
  float pipeHalf = max(pipeMark.w * pipePixels / max(pipeHere.w, pipeNear), 0.5 * pipeFrame.z);
  vec2 pipeAhead = pipeEnd < 1.5 ? pipeUnit : -pipeUnit;
  pipeMove = (vec2(-pipeAhead.y, pipeAhead.x) * sign(pipeSide) - 0.4 * pipeUnit) * pipeHalf;
  }
else
  {
  float pipeSize = 4.5 * pipeFrame.z;
  pipeMove = pipeEnd > 3.5 ? pipeUnit * pipeSize : vec2(-pipeUnit.y, pipeUnit.x) * sign(pipeSide) * 0.5 * pipeSize - 0.5 * pipeSize * pipeUnit;
  if (pipeLong < 1.5 * pipeSize) { pipeColour.a = 0.0; }
  float pipeNearer = min(pipeMark.w * 1.5 + 2.0 * pipeSize * pipeHere.w / pipePixels, 0.5 * pipeHere.w);
  if (pipeAway < 0.0) { pipeHere.z += pipeAway * pipeNearer; }
  else { pipeHere.z += pipeAway * (1.0 - pipeHere.w / max(pipeHere.w - pipeNearer, pipeNear)); }
  }
gl_Position = pipeHere;
gl_Position.xy += pipeMove / (pipeFrame.xy * 0.5) * pipeHere.w;
if (pipeColour.a < 0.1) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }

//-- fragment //VTK::Normal::Dec
flat in vec4 pipeColour;
flat in int pipeKind;
in float pipeAlong;

//-- fragment //VTK::Color::Impl
vec3 pipeOwn = pipeColour.rgb * pipeDark;
if ((pipeKind & 7) == 4)
  {
  float pipeBright = dot(pipeColour.rgb, vec3(0.299, 0.587, 0.114));
  pipeOwn = pipeBright > 0.45 ? vec3(0.08) : vec3(0.97);
  }
float pipeEvery = max(2.0, exp2(ceil(log2(max(10.0 * fwidth(pipeAlong), 1e-3)))));
float pipeShare = fract(pipeAlong / pipeEvery);
if ((pipeKind & 8) != 0 && pipeShare > 0.62) { discard; }
if ((pipeKind & 16) != 0 && pipeShare < 0.30) { pipeOwn = mix(pipeOwn, vec3(1.0), 0.62); }
if (pipeColour.a > 0.5 && pipeColour.a < 0.8) { pipeOwn = mix(pipeOwn, vec3(1.0, 0.50, 0.05), 0.85); }
if (pipeColour.a < 0.5) { pipeOwn = mix(pipeOwn, vec3(0.25, 0.62, 0.98), 0.55); }
ambientColor = pipeOwn;
diffuseColor = vec3(0.0);

//-- fragment //VTK::Light::Impl
fragOutput0.rgb = pipeOwn;
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float pipeFar = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-pipeFar * pipeFar));
  }
