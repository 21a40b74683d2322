// solid.glsl: bodies coloured by their points (decks, posts, trees) in the light that blocks.glsl
// gives to buildings; VTK's own lighting off.
//
// Does: finds the face's normal from neighbouring pixels, so that points carry none.
//
// Uniforms: sunDirection  unit vector to the light, east, north, up
//           groundLight   colour of level ground in the sun
//           skyTint       colour of the sky's light, its mean is 1
//           skyShare      share of the light that comes from all of the sky, 0 to 1
//           hazeColour    colour of the horizon
//           hazeMetres    distance at which two thirds are haze; 0 for none
//           softness      0 hard faces, 1 light through and through, as in leaves
//           leafTone      how far leaves take the duller green of real ones, 0 to 1
//           solidLift     texels from a face to where its shadow is looked up, so that it throws
//                         none on itself
// Needs:    shadow.glsl before it.
// Cost:     some forty multiplications per pixel.

//-- vertex //VTK::Normal::Dec
out vec3 solidPlace;

//-- vertex //VTK::PositionVC::Impl
solidPlace = vertexMC.xyz;

//-- fragment //VTK::Normal::Dec
in vec3 solidPlace;

//-- fragment //VTK::UniformFlow::Impl
vec3 solidFace = cross(dFdx(solidPlace), dFdy(solidPlace));
vec3 solidOutward = solidFace / max(length(solidFace), 1e-12);

//-- fragment //VTK::Light::Impl
float solidTop = smoothstep(0.2, 0.8, solidOutward.z);
float solidUnder = smoothstep(0.2, 0.8, -solidOutward.z);
float solidSun = max(mix(dot(solidOutward, sunDirection), 0.7, 0.5 * softness), 0.0);
float solidAcross = dot(solidOutward.xy, vec2(sunDirection.y, -sunDirection.x));
float solidSky = mix(1.25 + 0.14 * solidAcross, 1.0, solidTop) * (1.0 - 0.45 * solidUnder);
if (solidSun > 0.0)
  {
  vec3 solidSpot = scenePlace() + sunDirection * 2.5 * softness;
  solidSun *= sunReaches(solidSpot, solidOutward, solidLift * (1.0 - 0.6 * softness));
  }
float solidDirect = (1.0 - skyShare) * solidSun * mix(0.72, 1.0 / max(sunDirection.z, 0.2), solidTop);
vec3 solidLit = groundLight * (skyShare * solidSky * mix(skyTint, vec3(1.0), solidTop) + solidDirect);
vec3 leafOwn = dot(fragOutput0.rgb, vec3(0.30, 0.59, 0.11)) * vec3(0.92, 1.10, 0.58);
fragOutput0.rgb = mix(fragOutput0.rgb, leafOwn, 0.6 * leafTone);
fragOutput0.rgb *= min(solidLit * (1.0 + 0.22 * softness), vec3(1.35));
if (hazeMetres > 0.0 && cameraParallel == 0)
  {
  float solidFar = 1.0 / (gl_FragCoord.w * hazeMetres);
  fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, 1.0 - exp(-solidFar * solidFar));
  }
