// figure.glsl: copies of one small body, each turned and put to its place by the card; goes after
// solid.glsl, which lights it.
//
// All copies lie in one mesh that never changes. What moves is one number list per figure, repeated
// for its points: ten thousand figures cost no work of their own.
//
// Attributes: figureAt   place, scene metres; radians clockwise from north, 1000 and more: nobody
//             figureTone clothes, see clothes.glsl
//             figureInk  own colour; 0 that colour, 1 shirt, 2 trousers
// Cost:       two trigonometric functions per point.
//-- vertex //VTK::Normal::Dec
in vec4 figureAt;
in float figureTone;
in vec4 figureInk;
out vec3 figureColour;
//-- vertex //VTK::PositionVC::Impl
float figureSin = sin(figureAt.w);
float figureCos = cos(figureAt.w);
solidPlace = vec3(
  vertexMC.x * figureCos + vertexMC.y * figureSin, vertexMC.y * figureCos - vertexMC.x * figureSin,
  vertexMC.z);
gl_Position = MCDCMatrix * vec4(figureAt.xyz + solidPlace, 1.0);
if (figureAt.w > 999.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
figureColour = figureInk.rgb;
if (figureInk.a > 1.5) { figureColour = trousersOf(figureTone); }
else if (figureInk.a > 0.5) { figureColour = shirtOf(figureTone); }
//-- fragment //VTK::Normal::Dec
in vec3 figureColour;
//-- fragment //VTK::Color::Impl
ambientColor = figureColour;
diffuseColor = vec3(0.0);
