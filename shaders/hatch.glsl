// Hatches over areas on the ground: their lines lie on the ground and keep their width and about
// their distance in pixels, because the distance on the ground halves and doubles.
//
// Replaces: nothing; goes before ground.glsl, which lays the area on the ground.
//
// Uniforms
//   hatchLook   form (0 plain, 1 diagonal, 2 cross, 3 diagonal the other way, 4 waves), pixels
//               between two lines, width of a line
//   hatchShare  how solid the area is, how solid the lines are
// Cost: two derivatives and some sums per pixel.

//-- fragment //VTK::UniformFlow::Impl
vec2 hatchEast = dFdx(groundPlace);
vec2 hatchNorth = dFdy(groundPlace);

//-- fragment //VTK::Light::Impl
float hatchMetres = hatchLook.y * max(sqrt(length(hatchEast) * length(hatchNorth)), 1e-5);
hatchMetres = exp2(floor(log2(hatchMetres) + 0.5));
float hatchInk = 0.0;
for (int hatchRun = 0; hatchRun < 2; hatchRun++)
  {
  if (hatchLook.x < 0.5 || (hatchRun == 1 && (hatchLook.x < 1.5 || hatchLook.x > 2.5))) { continue; }
  bool hatchBack = hatchRun == 1 || (hatchLook.x > 2.5 && hatchLook.x < 3.5);
  vec2 hatchAcross = hatchLook.x > 3.5 ? vec2(0.0, 1.0) : vec2(0.7071, hatchBack ? 0.7071 : -0.7071);
  float hatchAt = dot(groundPlace, hatchAcross);
  float hatchBend = 0.0;
  if (hatchLook.x > 3.5)
    {
    float hatchTurn = 6.2832 * groundPlace.x / (2.0 * hatchMetres);
    hatchBend = 0.22 * hatchMetres * sin(hatchTurn);
    }
  float hatchPixel = length(vec2(dot(hatchEast, hatchAcross), dot(hatchNorth, hatchAcross)));
  float hatchAway = abs(fract((hatchAt + hatchBend) / hatchMetres) - 0.5) * hatchMetres;
  hatchAway = abs(hatchAway) / max(hatchPixel, 1e-6);
  float hatchDense = smoothstep(0.2, 0.5, hatchPixel / hatchMetres);
  float hatchLine = 1.0 - smoothstep(0.5 * hatchLook.z - 0.5, 0.5 * hatchLook.z + 0.5, hatchAway);
  hatchInk = max(hatchInk, mix(hatchLine, 0.3, hatchDense));
  }
fragOutput0.a = mix(hatchShare.x, hatchShare.y, hatchInk);
