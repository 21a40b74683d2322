// Patterns along lines: a picture of one piece is repeated as often as it fits without becoming
// too short. Pieces halve and double with the size in the picture and are drawn out at their ends,
// so that arrows and ticks keep their form and size in pixels at every distance.
//
// Replaces: nothing; goes after wide_line.glsl, which makes the strip.
//
// Attributes
//   lineShare     place along the line, 0 where it starts to 1 where it ends
//   lineGap       share of the line that the stretch is
// Uniforms
//   linePattern   picture of a piece, the line runs to the right
//   patternLook   length of a piece, pixels; least pieces of a line; how solid
// Cost: one texture read per pixel of a strip.

//-- vertex //VTK::Normal::Dec
in float lineShare;
in float lineGap;
out float patternLong;
out float patternShare;
out float patternSide;

//-- vertex //VTK::PositionVC::Impl
patternShare = lineShare;
patternSide = sign(lineSide);
vec4 patternEnd = lineAhead(ofStart ? lineTo : lineFrom, lineHere);
patternLong = length(linePixels(patternEnd) - linePixels(lineHere)) / max(lineGap, 1e-7);
patternLong *= max(patternEnd.w, lineNear) / max(lineHere.w, lineNear);

//-- fragment //VTK::Normal::Dec
in float patternShare;
in float patternLong;
in float patternSide;

//-- fragment //VTK::UniformFlow::Impl
float patternStep = max(length(vec2(dFdx(patternShare), dFdy(patternShare))), 1e-9);

//-- fragment //VTK::Light::Impl
float pieces = exp2(floor(log2(max(patternLong / patternLook.x, 1.0))));
float fromMiddle = (fract(patternShare * pieces) - 0.5) / (pieces * patternStep);
vec2 inPiece = vec2(clamp(fromMiddle / patternLook.x + 0.5, 0.004, 0.996), 0.5 + 0.5 * patternSide);
vec4 pieceColour = textureLod(linePattern, inPiece, 0.0);
if (pieceColour.a < 0.02) { discard; }
fragOutput0 = vec4(pieceColour.rgb * lineLight, pieceColour.a * patternLook.z);
