// shade.glsl: soft shadows on the ground below figures, lying away from the sun; VTK's lighting off.
//
// People throw a long one that begins at their feet; below vehicles lies one of their own form.
//
// Attributes: shadeAt     place, scene metres; radians clockwise from north, 1000 and more: nobody
//             shadeMore   half the length of a vehicle, 0 for people; height of people, metres
//             shadeCorner corner of a triangle around the circle of radius one
// Uniforms:   shadeWay    unit vector away from the sun, east and north; metres of shadow per metre
//             shadePull   clip depth by which it comes out of the ground
//             shadeDark   how dark its middle is, 0 to 1
// Cost:       one square root per pixel.
//-- vertex //VTK::Normal::Dec
in vec4 shadeAt;
in vec2 shadeMore;
in vec2 shadeCorner;
out vec2 shadePlace;
//-- vertex //VTK::PositionVC::Impl
bool shadeWheels = shadeMore.x > 0.0;
vec2 shadeAlong = shadeWheels ? vec2(sin(shadeAt.w), cos(shadeAt.w)) : shadeWay.xy;
float shadeTip = shadeWheels ? 0.0 : 0.9 * shadeMore.y * shadeWay.z;
float shadeLong = shadeWheels ? 1.25 * shadeMore.x : 0.30 + 0.5 * shadeTip;
float shadeWide = shadeWheels ? 0.35 * shadeMore.x + 0.6 : 0.34;
vec2 shadeGround = shadeAlong * (0.5 * shadeTip + shadeCorner.y * shadeLong)
  + vec2(shadeAlong.y, -shadeAlong.x) * shadeCorner.x * shadeWide;
gl_Position = MCDCMatrix * vec4(shadeAt.xy + shadeGround, shadeAt.z + 0.03, 1.0);
gl_Position.z -= shadePull;
if (shadeAt.w > 999.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
shadePlace = shadeCorner;
//-- fragment //VTK::Normal::Dec
in vec2 shadePlace;
//-- fragment //VTK::Light::Impl
float shadeFar = dot(shadePlace, shadePlace);
if (shadeFar > 1.0) { discard; }
float shadeSoft = 1.0 - smoothstep(0.15, 1.0, sqrt(shadeFar));
fragOutput0 = vec4(0.05, 0.06, 0.09, shadeDark * shadeSoft);
