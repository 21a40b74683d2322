// clothes.glsl: what people wear, told by one number, so that a crowd is no row of copies.
//
// A tone from 0 to 1 chooses shirt and trousers of civilians; below 0 stands a crew: orange jacket,
// dark trousers, yellow helmet. The same tone gives the same clothes near and far.
//
// Cost: three look-ups per point.
//-- vertex //VTK::Normal::Dec
vec3 shirtOf(float tone)
{
  const vec3 shirts[8] = vec3[8](
    vec3(0.24, 0.48, 0.29), vec3(0.82, 0.80, 0.75), vec3(0.20, 0.33, 0.55), vec3(0.63, 0.22, 0.22),
    vec3(0.45, 0.47, 0.50), vec3(0.80, 0.62, 0.26), vec3(0.16, 0.19, 0.24), vec3(0.52, 0.66, 0.78));
  return tone < 0.0 ? vec3(0.94, 0.49, 0.10) : shirts[int(fract(tone) * 7.999)];
}
vec3 trousersOf(float tone)
{
  const vec3 trousers[4] = vec3[4](
    vec3(0.15, 0.20, 0.30), vec3(0.22, 0.22, 0.22), vec3(0.36, 0.31, 0.26), vec3(0.28, 0.34, 0.44));
  return tone < 0.0 ? vec3(0.15, 0.20, 0.30) : trousers[int(fract(tone * 7.31) * 3.999)];
}
vec3 headOf(float tone) { return tone < 0.0 ? vec3(1.00, 0.82, 0.25) : vec3(0.78, 0.60, 0.45); }
