// street.glsl: what street surfaces, footways, grass and ballast are made of; goes before
// ground.glsl, which lights the colour that this file leaves.
//
// Does: breaks the even colour of a surface up by grain that stands still and fades out where it
// would be finer than the pixels, so that nothing shimmers. Paint on streets fades into the street
// where it would be narrower than a pixel.
//
// Uniforms
//   surfaceKind  0 asphalt, 1 paving, 2 grass, 3 ballast, 4 paint
//   paintFade    metres from the eye at which paint begins to fade and is gone; third: the share
//                that is gone in parallel pictures
//   paintUnder   colour of the street under the paint
//   naturalShare how far grass takes the duller green of a real one, 0 to 1
// Cost: three hashes per pixel and octave, two octaves; nothing where the grain is too fine.

//-- vertex //VTK::Normal::Dec
out vec3 surfacePlace;

//-- vertex //VTK::PositionVC::Impl
surfacePlace = vertexMC.xyz;

//-- fragment //VTK::Normal::Dec
in vec3 surfacePlace;
float surfaceHash(ivec2 p)
{
  uint n = uint(p.x) * 1597334677u ^ uint(p.y) * 3812015801u;
  n = (n ^ (n >> 15)) * 2246822519u;
  return float(n >> 8) / 16777216.0;
}
float surfaceNoise(vec2 p)
{
  ivec2 i = ivec2(floor(p));
  vec2 f = p - vec2(i);
  f = f * f * (3.0 - 2.0 * f);
  float low = mix(surfaceHash(i), surfaceHash(i + ivec2(1, 0)), f.x);
  float high = mix(surfaceHash(i + ivec2(0, 1)), surfaceHash(i + ivec2(1, 1)), f.x);
  return mix(low, high, f.y) - 0.5;
}

//-- fragment //VTK::UniformFlow::Impl
vec2 surfaceStep = max(abs(dFdx(surfacePlace.xy)), abs(dFdy(surfacePlace.xy)));
float surfacePixel = max(surfaceStep.x, surfaceStep.y);

//-- fragment //VTK::Light::Impl
if (surfaceKind > 3.5)
  {
  float gone = cameraParallel == 0 ? smoothstep(paintFade.x, paintFade.y, viewDepth) : paintFade.z;
  fragOutput0.rgb = mix(fragOutput0.rgb, paintUnder, gone);
  }
else
  {
  if (surfaceKind > 1.5 && surfaceKind < 2.5)
    {
    vec3 meadow = dot(fragOutput0.rgb, vec3(0.30, 0.59, 0.11)) * vec3(0.86, 0.96, 0.60);
    fragOutput0.rgb = mix(fragOutput0.rgb, meadow, 0.6 * naturalShare);
    }
  float coarse = surfaceKind > 1.5 && surfaceKind < 2.5 ? 9.0 : 14.0;
  float fine = surfaceKind > 1.5 && surfaceKind < 2.5 ? 1.3 : 0.35;
  float strength = surfaceKind < 0.5 ? 0.10 : (surfaceKind < 1.5 ? 0.06 : 0.18);
  float grain = 0.0;
  float seen = 1.0 - smoothstep(0.25, 0.6, surfacePixel / coarse);
  if (seen > 0.0) { grain += seen * surfaceNoise(surfacePlace.xy / coarse); }
  seen = 1.0 - smoothstep(0.25, 0.6, surfacePixel / fine);
  if (seen > 0.0) { grain += 1.2 * seen * surfaceNoise(surfacePlace.xy / fine); }
  fragOutput0.rgb *= 1.0 + strength * grain;
  if (surfaceKind > 0.5 && surfaceKind < 1.5)
    {
    float slab = 1.2;
    float joints = 1.0 - smoothstep(0.02, 0.10, surfacePixel / slab);
    if (joints > 0.0)
      {
      vec2 in_slab = abs(fract(surfacePlace.xy / slab) - 0.5) * slab;
      float edge = min(slab * 0.5 - in_slab.x, slab * 0.5 - in_slab.y);
      float line = 1.0 - smoothstep(0.015, 0.015 + surfacePixel, edge);
      fragOutput0.rgb *= 1.0 - 0.16 * joints * line;
      }
    }
  }
