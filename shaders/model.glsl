// model.glsl: hand-made models under the same sun as the blocks; VTK's lighting is on for its normals.
//
// Does: takes the normal that VTK finds in view coordinates, turns it into the world, lights the
// material's colour (before its texture) as blocks.glsl lights walls and roofs, and lays tint and
// haze over the texture. Faces are lit from both sides: drawn models seldom agree on theirs.
//
// Uniforms: sunDirection  unit vector to the light, east, north, up
//           groundLight   colour of level ground in the sun
//           skyTint       colour of the sky's light, its mean is 1
//           skyShare      share of the light that comes from all of the sky, 0 to 1
//           viewRight, viewUp, viewBack  axes of the eye, unit vectors in the world
//           tintColour    colour of chosen models, tintShare how much of it, 0 to 1
//           hazeColour    colour of the horizon
//           hazeMetres    distance at which two thirds are haze; 0 for none
//           gradeShare, gradeDark, gradeBright  two tones of a look, as in grade.glsl; chosen
//                         models keep their tint
// Needs:    model_maps.glsl and shadow.glsl before it.
// Cost:     VTK's lights and some forty multiplications per pixel.
//-- fragment //VTK::Light::Impl
vec3 outward = normalVCVSOutput.x * viewRight + normalVCVSOutput.y * viewUp
  + normalVCVSOutput.z * viewBack;
float roof = smoothstep(0.2, 0.8, outward.z);
float fromSun = max(dot(outward, sunDirection), 0.0);
if (fromSun > 0.0) { fromSun *= sunReaches(scenePlace(), outward, 2.0); }
float across = dot(outward.xy, vec2(sunDirection.y, -sunDirection.x));
float below = smoothstep(0.2, 0.8, -outward.z);
float sky = skyShare * mix(mix(1.36 + 0.14 * across, 1.0, roof), 0.7, below);
float sun = (1.0 - skyShare) * fromSun * mix(0.72, 1.0 / max(sunDirection.z, 0.2), roof);
fragOutput0.rgb = diffuseColor * groundLight * (sky * mix(skyTint, vec3(1.0), roof) + sun);
//-- fragment //VTK::TCoord::Impl
if (fragOutput0.a < 0.3) { discard; }
fragOutput0.rgb = mix(fragOutput0.rgb, tintColour, tintShare);
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float far = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-far * far));
  }
float gradeLight = clamp(dot(fragOutput0.rgb, vec3(0.299, 0.587, 0.114)), 0.0, 1.0);
fragOutput0.rgb = mix(
  fragOutput0.rgb, mix(gradeDark, gradeBright, gradeLight), gradeShare * (1.0 - tintShare));
