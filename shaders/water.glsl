// water.glsl: calm water; goes before ground.glsl, which lights the colour that this file leaves.
//
// Does: lets shallow water be lighter, ruffles the surface by noise that stands still, and mirrors
// the sky the more, the flatter one looks. Waves finer than the pixels fade out: far water is
// smooth and never shimmers.
//
// Uniforms
//   eyePlace     the eye, scene metres
//   lookAlong    unit vector of looking, for parallel pictures
//   waterRuffle  height of the waves against their length
//   naturalShare how far the colour goes to that of a real river, 0 to 1
//   skyColour    colour of the sky overhead
//   hazeColour   colour of the sky over the horizon (declared for ground.glsl)
// Cost: four noises near the eye, one far away.

//-- vertex //VTK::Normal::Dec
in float waterDepth;
out vec3 waterPlace;
out float waterBelow;

//-- vertex //VTK::PositionVC::Impl
waterPlace = vertexMC.xyz;
waterBelow = waterDepth;

//-- fragment //VTK::Normal::Dec
in vec3 waterPlace;
in float waterBelow;
float waterHash(ivec2 p)
{
  uint n = uint(p.x) * 1597334677u ^ uint(p.y) * 3812015801u;
  n = (n ^ (n >> 15)) * 2246822519u;
  return float(n >> 8) / 16777216.0;
}
vec3 waterNoise(vec2 p)
{
  ivec2 i = ivec2(floor(p));
  vec2 f = p - vec2(i);
  vec2 u = f * f * (3.0 - 2.0 * f);
  vec2 du = 6.0 * f * (1.0 - f);
  float a = waterHash(i);
  float b = waterHash(i + ivec2(1, 0));
  float c = waterHash(i + ivec2(0, 1));
  float d = waterHash(i + ivec2(1, 1));
  float k = a - b - c + d;
  return vec3(a + (b - a) * u.x + (c - a) * u.y + k * u.x * u.y,
              du * (vec2(b - a, c - a) + k * u.yx));
}

//-- fragment //VTK::UniformFlow::Impl
vec2 waterStep = max(abs(dFdx(waterPlace.xy)), abs(dFdy(waterPlace.xy)));
float waterPixel = max(waterStep.x, waterStep.y);

//-- fragment //VTK::Light::Impl
vec2 ruffle = vec2(0.0);
float waveLength = 23.0;
float share = 1.0;
for (int octave = 0; octave < 4; ++octave)
  {
  float seen = 1.0 - smoothstep(0.12, 0.45, waterPixel / waveLength);
  if (seen > 0.0) { ruffle += seen * share * waterNoise(waterPlace.xy / waveLength).yz; }
  waveLength *= 0.37;
  share *= 0.8;
  }
vec3 upward = normalize(vec3(-waterRuffle * ruffle, 1.0));
vec3 toEye = cameraParallel == 0 ? normalize(eyePlace - waterPlace) : -lookAlong;
float facing = clamp(dot(upward, toEye), 0.0, 1.0);
float mirrored = 0.03 + 0.72 * pow(1.0 - facing, 4.0);
vec3 back = reflect(-toEye, upward);
vec3 sky = mix(hazeColour, skyColour, pow(clamp(back.z, 0.0, 1.0), 0.55));
fragOutput0.rgb = mix(fragOutput0.rgb, vec3(0.25, 0.38, 0.40), 0.8 * naturalShare);
float shallow = 1.0 - smoothstep(0.0, 2.5, waterBelow);
vec3 body = mix(fragOutput0.rgb * (0.96 + 0.05 * ruffle.x), fragOutput0.rgb * 1.06 + 0.02, shallow);
float glint = pow(max(dot(back, sunDirection), 0.0), 90.0) * (1.0 - smoothstep(2.0, 8.0, waterPixel));
vec3 mirrorLight = max(groundLight, vec3(0.12));
fragOutput0.rgb = mix(body, sky / mirrorLight, mirrored) + 0.15 * glint;
