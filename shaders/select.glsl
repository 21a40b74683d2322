// select.glsl: the look of each single building, without touching its mesh.
//
// Goes after VTK's normal declarations and colours. Reads one texel of `buildingLook` per point:
// red, green, blue and a state in alpha: 0 hidden, 2/3 selected, 1 plain. The one pointed at is
// told by a number, so that the pointer costs no texture.
// Hidden buildings are thrown out of the picture in the vertex stage, so that early depth tests
// stay on.
//
// Attributes: mark.x slot of the building (exact below 2^24), mark.y metres above the ground.
// Uniforms:   buildingLook sampler2D, 1024 texels wide, slots row by row
//             hoveredSlot  slot of the building pointed at, -1 for none
// Cost:       one texelFetch per point; 8 bytes per point.
//-- vertex //VTK::Normal::Dec
in vec2 mark;
uniform sampler2D buildingLook;
flat out vec4 building;
out float aboveGround;
//-- vertex //VTK::PositionVC::Impl
int buildingSlot = int(mark.x + 0.5);
building = texelFetch(buildingLook, ivec2(buildingSlot & 1023, buildingSlot >> 10), 0);
aboveGround = mark.y;
if (buildingSlot == int(hoveredSlot) && building.a > 0.1) { building.a = 0.34; }
if (building.a < 0.1) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
else if (building.a < 0.5) { building.rgb = mix(building.rgb, vec3(0.25, 0.62, 0.98), 0.55); }
else if (building.a < 0.8) { building.rgb = mix(building.rgb, vec3(1.0, 0.50, 0.05), 0.85); }
//-- fragment //VTK::Normal::Dec
flat in vec4 building;
in float aboveGround;
//-- fragment //VTK::Color::Impl
bool buildingSelected = building.a > 0.5 && building.a < 0.8;
bool buildingHovered = building.a < 0.5;
vec3 own = building.rgb;
