// pipe_thin.glsl: pipes so far away that a line is a pixel or two wide; VTK's own lighting off.
//
// Attributes: pipeMark   number of the object in the texture
// Uniforms:   pipeLook, pipeHovered, hazeColour, hazeMetres, pipeDark, pipeAway as in pipe_line.glsl;
//             the line that is pointed at lies before those it is drawn as one with
// Cost:       one look into a texture per end of a line, next to nothing per pixel.

//-- vertex //VTK::Normal::Dec
in float pipeMark;
uniform sampler2D pipeLook;
flat out vec4 pipeColour;

//-- vertex //VTK::PositionVC::Impl
int pipeSlot = int(pipeMark + 0.5);
pipeColour = texelFetch(pipeLook, ivec2(pipeSlot & 1023, pipeSlot >> 10), 0);
if (pipeSlot == int(pipeHovered) && pipeColour.a > 0.1)
  {
  pipeColour.a = 0.34;
  float pipeNearer = pipeAway < 0.0 ? 20.0 : 0.005 * gl_Position.w;
  if (pipeAway < 0.0) { gl_Position.z += pipeAway * pipeNearer; }
  else { gl_Position.z += pipeAway * (1.0 - gl_Position.w / max(gl_Position.w - pipeNearer, 1e-3)); }
  }
if (pipeColour.a < 0.1) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }

//-- fragment //VTK::Normal::Dec
flat in vec4 pipeColour;

//-- fragment //VTK::Color::Impl
vec3 pipeOwn = pipeColour.rgb * pipeDark;
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
