// shadow.glsl: whether the sun reaches a pixel; goes with blocks.glsl and ground.glsl.
//
// Does: asks two maps of the light, see scene.shadow_raster. The first holds three windows on the
// city, fine to coarse, in red, green and blue: for each line of light, by the place where it
// meets level 0, the height of the highest solid on it. The second holds how high the shadow of
// the terrain reaches over each place. Gives 1 in the sun and 0 in shadow, smooth over a texel.
//
// Uniforms: shadowsOn      1 asks, 0 leaves everything in the sun
//           shadowSlant    metres east and north per metre of height to where light comes from
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
// Cost:     four to eight texture reads per pixel: about a tenth of a frame of 1280 x 720 on a
//           software rasteriser, nothing where they are off.
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
float sunReaches(vec3 place, vec3 outward, float lift)
  {
  if (shadowsOn < 0.5) { return 1.0; }
  float reached = 1.0;
  for (int k = 0; k < 3; k++)
    {
    vec3 window = k == 0 ? shadowWindow0 : (k == 1 ? shadowWindow1 : shadowWindow2);
    if (window.z <= 0.0) { continue; }
    vec3 off = place + outward * lift / window.z;
    vec2 q = (off.xy - off.z * shadowSlant.xy - window.xy) * window.z - 0.5;
    if (min(q.x, q.y) < 1.0 || max(q.x, q.y) > shadowSide - 3.0) { continue; }
    ivec2 i = ivec2(floor(q));
    vec2 part = q - vec2(i);
    vec4 tops = vec4(
      texelFetch(shadowMap, i, 0)[k], texelFetch(shadowMap, i + ivec2(1, 0), 0)[k],
      texelFetch(shadowMap, i + ivec2(0, 1), 0)[k], texelFetch(shadowMap, i + ivec2(1, 1), 0)[k]);
    vec4 open = vec4(lessThanEqual(tops, vec4(off.z + 0.05)));
    reached = mix(mix(open.x, open.y, part.x), mix(open.z, open.w, part.x), part.y);
    break;
    }
  if (ceilingStep.x > 0.0)
    {
    vec2 q = (place.xy - ceilingPlace.xy) / ceilingStep.xy;
    ivec2 size = textureSize(ceilingMap, 0);
    if (min(q.x, q.y) > 0.0 && q.x < float(size.x - 1) && q.y < float(size.y - 1))
      {
      ivec2 i = ivec2(floor(q));
      vec2 part = q - vec2(i);
      float top = mix(
        mix(texelFetch(ceilingMap, i, 0).r, texelFetch(ceilingMap, i + ivec2(1, 0), 0).r, part.x),
        mix(texelFetch(ceilingMap, i + ivec2(0, 1), 0).r, texelFetch(ceilingMap, i + ivec2(1, 1), 0).r,
            part.x), part.y);
      reached *= smoothstep(0.0, 1.0, (place.z - top) / ceilingStep.z + 1.0);
      }
    }
  return reached;
  }
