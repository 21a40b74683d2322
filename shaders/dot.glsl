// dot.glsl: points of a few pixels without a form, such as trees far away; VTK's lighting off.
//
// Does: lights the colour as level ground is lit and lets far points fade into the horizon.
//
// Uniforms: groundLight  colour of level ground in the sun
//           leafTone     how far leaves take the duller green of real ones, 0 to 1
//           hazeColour   colour of the horizon
//           hazeMetres   distance at which two thirds are haze; 0 for none
// Needs:    shadow.glsl before it.
// Cost:     next to nothing.

//-- fragment //VTK::Light::Impl
float dotSun = sunReaches(scenePlace() + vec3(0.0, 0.0, 4.0), vec3(0.0, 0.0, 1.0), 0.0);
vec3 leafOwn = dot(fragOutput0.rgb, vec3(0.30, 0.59, 0.11)) * vec3(0.92, 1.10, 0.58);
fragOutput0.rgb = mix(fragOutput0.rgb, leafOwn, 0.6 * leafTone);
fragOutput0.rgb *= groundLight * mix(0.6, 1.0, dotSun);
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float dotFar = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-dotFar * dotFar));
  }
