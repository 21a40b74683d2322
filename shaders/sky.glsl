// The sky behind everything.
//
// Replaces: nothing; adds to VTK's surface shader, on one quad that fills the picture.
// Uniforms
//   zenithColour, horizonColour   red, green, blue
//   sunDirection                  unit vector to the sun, east, north, up
//   earthColour                   what lies below the horizon where one sees underground
//   earthShare                    how much of it, 0 to 1
//   glowColour                    light added around the sun
//   skyStretch                    times that heights are drawn higher
//   skyLook                       direction of looking, used where all lines of sight are parallel
// Cost: one normalisation a pixel of open sky.

//-- vertex //VTK::Normal::Dec
out vec3 skyWay;

//-- vertex //VTK::PositionVC::Impl
skyWay = vec3(vertexMC.xy, vertexMC.z * skyStretch);
gl_Position.z = gl_Position.w * 0.9999998;

//-- fragment //VTK::Normal::Dec
in vec3 skyWay;

//-- fragment //VTK::Light::Impl
vec3 way = cameraParallel != 0 ? skyLook : normalize(skyWay);
float rise = clamp(way.z, 0.0, 1.0);
vec3 sky = mix(horizonColour, zenithColour, 1.0 - exp(-3.2 * rise));
sky = mix(sky, earthColour, earthShare * (1.0 - smoothstep(-0.012, 0.0, way.z)));
float near = max(dot(way, sunDirection), 0.0);
sky += glowColour * (0.35 * pow(near, 8.0) + 0.65 * pow(near, 64.0)) * smoothstep(-0.02, 0.1, way.z);
float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
fragOutput0 = vec4(clamp(sky, 0.0, 1.0) + (grain - 0.5) / 255.0, 1.0);
