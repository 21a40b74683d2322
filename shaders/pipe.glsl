// pipe.glsl: pipes, ducts, chambers and fittings under the ground; VTK's own lighting off.
//
// Does: takes colour and state of each object from a texture, lights smooth round bodies, keeps
// thin ones from falling between pixels, and marks what is planned or assumed along the pipe.
//
// Attributes: pipeOutward  unit vector out of the surface
//             pipeMark     slot in the texture; what it is of (0 own colour, 1 plate, 2 red,
//                          3 concrete, 5 a band of error: every fourth pixel) plus 8 if planned, 16 if assumed; metres along the run;
//                          half the thickness, metres
// Uniforms:   pipeLook     sampler2D, 1024 texels wide: colour, and state as in select.glsl
//             pipeHovered  slot of the object pointed at, -1 for none
//             pipePixels   pixels per radian, or per metre where lines of sight are parallel; not
//                          those of a picture that is drawn larger than it will be
//             sunDirection, groundLight, skyTint, skyShare, hazeColour, hazeMetres as in solid.glsl
// Cost:       one texelFetch per point, some forty multiplications per pixel.

//-- vertex //VTK::Normal::Dec
in vec3 pipeOutward;
in vec4 pipeMark;
uniform sampler2D pipeLook;
out vec3 pipeFacing;
flat out vec4 pipeColour;
flat out int pipeKind;
out float pipeAlong;

//-- vertex //VTK::PositionVC::Impl
int pipeSlot = int(pipeMark.x + 0.5);
pipeColour = texelFetch(pipeLook, ivec2(pipeSlot & 1023, pipeSlot >> 10), 0);
if (pipeSlot == int(pipeHovered) && pipeColour.a > 0.1) { pipeColour.a = 0.34; }
pipeKind = int(pipeMark.y + 0.5);
pipeAlong = pipeMark.z;
pipeFacing = pipeOutward;
float pipeShort = 0.9 * max(gl_Position.w, 1e-3) / pipePixels - pipeMark.w;
if (pipeMark.w > 0.0 && pipeShort > 0.0) { gl_Position += MCDCMatrix * vec4(pipeOutward * pipeShort, 0.0); }
if (pipeColour.a < 0.1) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }

//-- fragment //VTK::Normal::Dec
in vec3 pipeFacing;
flat in vec4 pipeColour;
flat in int pipeKind;
in float pipeAlong;

//-- fragment //VTK::Color::Impl
int pipePart = pipeKind & 7;
vec3 pipeOwn = pipeColour.rgb;
if (pipePart == 1) { pipeOwn = vec3(0.27, 0.28, 0.30); }
if (pipePart == 2) { pipeOwn = vec3(0.80, 0.13, 0.10); }
if (pipePart == 3) { pipeOwn = mix(vec3(0.74, 0.73, 0.70), pipeOwn, 0.22); }
if (pipePart == 5 && ((int(gl_FragCoord.x) | int(gl_FragCoord.y)) & 1) != 0) { discard; }
float pipeEvery = max(2.0, exp2(ceil(log2(max(10.0 * fwidth(pipeAlong), 1e-3)))));
float pipeShare = fract(pipeAlong / pipeEvery);
if ((pipeKind & 8) != 0 && pipeShare > 0.62) { discard; }
if ((pipeKind & 16) != 0 && pipeShare < 0.30) { pipeOwn = mix(pipeOwn, vec3(1.0), 0.62); }
if (pipeColour.a > 0.5 && pipeColour.a < 0.8) { pipeOwn = mix(pipeOwn, vec3(1.0, 0.50, 0.05), 0.85); }
if (pipeColour.a < 0.5) { pipeOwn = mix(pipeOwn, vec3(0.25, 0.62, 0.98), 0.55); }
ambientColor = pipeOwn;
diffuseColor = vec3(0.0);

//-- fragment //VTK::Light::Impl
vec3 pipeOut = normalize(pipeFacing);
float pipeTop = smoothstep(0.2, 0.8, pipeOut.z);
float pipeUnder = smoothstep(0.2, 0.8, -pipeOut.z);
float pipeAcross = dot(pipeOut.xy, vec2(sunDirection.y, -sunDirection.x));
float pipeSky = mix(1.15 + 0.14 * pipeAcross, 1.0, pipeTop) * (1.0 - 0.45 * pipeUnder);
float pipeSun = max(dot(pipeOut, sunDirection), 0.0) / max(sunDirection.z, 0.35);
vec3 pipeLit = groundLight * (0.5 * pipeSky * mix(skyTint, vec3(1.0), pipeTop) + 0.55 * pipeSun);
fragOutput0.rgb = pipeOwn * min(max(pipeLit, vec3(0.22)), vec3(1.3)) + 0.02;
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float pipeFar = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-pipeFar * pipeFar));
  }
