// shadow.glsl: whether the sun reaches a pixel; goes with blocks.glsl and ground.glsl.
//
// Does: asks two maps of the light, see scene.shadow_raster. The first holds three windows on the
// city, fine to coarse, in red, green and blue: for each line of light, by the place where it
// meets level 0, the height of the highest solid on it. The second holds how high the shadow of
// the terrain reaches over each place. Gives 1 in the sun and 0 in shadow, smooth over a texel.
//
// Switch:   SHADOWS        defined where maps are asked; else everything is in the sun
// Uniforms: shadowSlant    metres east and north per metre of height to where light comes from
//           shadowWindow0..2  west, south edge of a window, scene metres; texels per metre, 0 for none
//           shadowSide     texels along a side of the windows
//           shadowMap      the three windows
//           ceilingPlace   west, south middle of the first texel, scene metres; 0 for no terrain
//           ceilingStep    metres between texels, east and north; soft border, metres
//           ceilingMap     the height of the terrain's shadow, scene metres
//           sightFrom, sightMiddle, sightRight, sightUp  the eye and its lines of sight, see
//                          FrameState; metres to the border where they are parallel
//           sightSize      width and height of the picture, pixels; 1 for parallel lines of sight
//           sightReach     near and far, metres
// Cost:     eight texture reads per pixel where they are on, nothing where they are off. There are
//           no branches around the reads: a software rasteriser would go through all of them.
//-- fragment //VTK::TCoord::Dec
vec3 scenePlace()
  {
  vec2 at = 2.0 * gl_FragCoord.xy / sightSize.xy - 1.0;
  vec3 across = at.x * sightRight + at.y * sightUp;
  if (sightSize.z > 0.5)
    {
    return sightFrom + across + sightMiddle * mix(sightReach.x, sightReach.y, gl_FragCoord.z);
    }
  return sightFrom + (sightMiddle + across) / gl_FragCoord.w;
  }
#ifdef SHADOWS
float sunReaches(vec3 place, vec3 outward, float lift)
  {
  int k = -1;
  vec3 off = place;
  vec2 q = vec2(0.0);
  for (int i = 2; i >= 0; i--)
    {
    vec3 window = i == 0 ? shadowWindow0 : (i == 1 ? shadowWindow1 : shadowWindow2);
    vec3 tried = place + outward * lift / max(window.z, 1e-6);
    vec2 at = (tried.xy - tried.z * shadowSlant.xy - window.xy) * window.z - 0.5;
    bool inside = window.z > 0.0 && min(at.x, at.y) >= 1.0 && max(at.x, at.y) <= shadowSide - 3.0;
    k = inside ? i : k;
    off = inside ? tried : off;
    q = inside ? at : q;
    }
  ivec2 i = ivec2(floor(q));
  vec2 part = q - vec2(i);
  vec3 some = vec3(k == 0, k == 1, k == 2);
  vec4 tops = vec4(
    dot(some, texelFetch(shadowMap, i, 0).rgb), dot(some, texelFetch(shadowMap, i + ivec2(1, 0), 0).rgb),
    dot(some, texelFetch(shadowMap, i + ivec2(0, 1), 0).rgb),
    dot(some, texelFetch(shadowMap, i + ivec2(1, 1), 0).rgb));
  vec4 open = vec4(lessThanEqual(tops, vec4(off.z + 0.05)));
  float reached = k < 0 ? 1.0 : mix(mix(open.x, open.y, part.x), mix(open.z, open.w, part.x), part.y);
  ivec2 last = textureSize(ceilingMap, 0) - 1;
  q = (place.xy - ceilingPlace.xy) / max(ceilingStep.xy, vec2(1e-6));
  bool under = ceilingStep.x > 0.0 && min(q.x, q.y) > 0.0 && q.x < float(last.x) && q.y < float(last.y);
  q = under ? q : vec2(0.0);
  i = min(ivec2(floor(q)), max(last - 1, ivec2(0)));
  part = q - vec2(i);
  float top = mix(
    mix(texelFetch(ceilingMap, i, 0).r, texelFetch(ceilingMap, i + ivec2(1, 0), 0).r, part.x),
    mix(texelFetch(ceilingMap, i + ivec2(0, 1), 0).r, texelFetch(ceilingMap, i + ivec2(1, 1), 0).r,
        part.x), part.y);
  float cleared = smoothstep(0.0, 1.0, (place.z - top) / max(ceilingStep.z, 1e-6) + 1.0);
  return under ? reached * cleared : reached;
  }
#else
float sunReaches(vec3 place, vec3 outward, float lift) { return 1.0; }
#endif
