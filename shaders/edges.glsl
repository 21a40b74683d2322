// edges.glsl: lines along roofs and corners; goes with select.glsl, lighting off.
//
// Lines are drawn solid; far away their colour runs into the building's own, so that they fade
// without blending and without flicker. They are pulled a little to the eye.
//
// Uniforms: edgeBias     what to take off the clip depth
//           edgePixels   pixels of lines per radian (parallel: per metre)
//           edgeColour   red, green, blue
//           wallColour   what walls are drawn to
//           wallShare    how far, 0 to 1
//           groundLight  colour of level ground in the sun
//           hazeColour   colour of the horizon
//           hazeMetres   distance at which two thirds are haze; 0 for none
// Cost:     two points per line, no lighting; drawn for near tiles only.
//-- vertex //VTK::PositionVC::Impl
gl_Position.z -= edgeBias;
//-- fragment //VTK::Light::Impl
float pixelsPerMetre = cameraParallel == 1 ? edgePixels : edgePixels * gl_FragCoord.w;
float strength = smoothstep(0.45, 1.8, pixelsPerMetre) * 0.85;
own = mix(own, wallColour, wallShare);
vec3 line = mix(own * 0.66, edgeColour, strength) * groundLight;
if (buildingSelected) { line = vec3(0.55, 0.22, 0.0); }
fragOutput0.rgb = line;
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float far = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-far * far));
  }
