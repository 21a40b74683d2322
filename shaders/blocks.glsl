// blocks.glsl: walls and roofs as a white model under the sun; goes with select.glsl, VTK's own
// lighting off: six lights with highlights cost more than the rest of the frame.
//
// Does: finds the face's normal from neighbouring pixels, so that points carry none; places are
// told from the eye for it: told from the tile they would tremble on a near wall. Level faces
// get just the light that level ground gets (ground.glsl), so that a roof in the sun has the
// colour of the legend. Walls take a share of the sky, more on one shaded side than on the other,
// and less towards the ground, where the houses around take it away.
//
// Uniforms: eyeLook, eyeRight, eyeUp  way from the eye, metres per clip coordinate
//           eyeParallel   1 where lines of sight are parallel
//           sunDirection  unit vector to the light, east, north, up
//           groundLight   colour of level ground in the sun
//           skyTint       colour of the sky's light, its mean is 1
//           skyShare      share of the light that comes from all of the sky, 0 to 1
//           hazeColour    colour of the horizon
//           hazeMetres    distance at which two thirds are haze; 0 for none
// Needs:    shadow.glsl before it.
// Cost:     some thirty multiplications per pixel; haze is reckoned at the points.
//-- vertex //VTK::Normal::Dec
out vec3 fromEye;
out float blockHaze;
//-- vertex //VTK::PositionVC::Impl
fromEye = eyeRight * gl_Position.x + eyeUp * gl_Position.y
        + eyeLook * mix(gl_Position.w, gl_Position.z, eyeParallel);
blockHaze = 0.0;
if (hazeMetres > 0.0 && eyeParallel < 0.5)
  {
  float far = gl_Position.w / hazeMetres;
  blockHaze = 1.0 - exp(-far * far);
  }
//-- fragment //VTK::Normal::Dec
in vec3 fromEye;
in float blockHaze;
//-- fragment //VTK::UniformFlow::Impl
vec3 outward = normalize(cross(dFdx(fromEye), dFdy(fromEye)));
//-- fragment //VTK::Light::Impl
float roof = smoothstep(0.2, 0.8, outward.z);
float flatness = step(0.95, outward.z);
float fromSun = max(dot(outward, sunDirection), 0.0);
if (fromSun > 0.0)
  {
  fromSun *= sunReaches(scenePlace() + vec3(0.0, 0.0, 0.1 * flatness), outward, 1.6 * (1.0 - flatness));
  }
float across = dot(outward.xy, vec2(sunDirection.y, -sunDirection.x));
float openSky = mix(0.80, 1.0, smoothstep(0.0, 22.0, aboveGround));
float wallSky = (1.44 + 0.14 * across) * openSky;
float sun = (1.0 - skyShare) * fromSun;
float level = skyShare + (1.0 - skyShare) * max(sunDirection.z, 0.2);
vec3 lit = groundLight * mix(skyShare * wallSky * skyTint + 0.72 * sun, vec3((skyShare + sun) / level), roof);
if (buildingSelected) { lit = max(lit, vec3(0.62)); }
fragOutput0.rgb = own * lit;
fragOutput0.rgb = mix(fragOutput0.rgb, hazeColour, blockHaze);
