// figure_card.glsl: people of few pixels, each on one triangle that turns to the eye; goes before
// dot.glsl, which lights it.
//
// The card leans back by the width of a person, so that it covers what a person covers from any
// height of the eye. From some ten pixels on it is cut to head, body and legs; farther away it is a
// speck that never gets thinner than is seen. One triangle and few varyings: what a software
// rasteriser keeps of each is most of what a crowd costs.
//
// Attributes: cardAt     place, scene metres; clothes, see clothes.glsl, 100 and more: nobody
//             cardMore   nothing; phase of walking, radians, below 0: stands
//             cardCorner -1 left to 1 right, 0 feet to 1 head
// Uniforms:   cardEye    the eye, scene metres
//             cardLook   unit vector of looking east and north; 1 where lines of sight are parallel
//             cardPixels pixels of a metre at distance 1 (parallel: anywhere); least width, height
// Cost:       three points a person, some comparisons per pixel.
//-- vertex //VTK::Normal::Dec
in vec4 cardAt;
in vec2 cardMore;
in vec2 cardCorner;
flat out vec4 cardWear;
out vec2 cardPlace;
float cardPacked(vec3 colour)
{
  vec3 steps = floor(colour * 255.0 + 0.5);
  return steps.r + 256.0 * steps.g + 65536.0 * steps.b;
}
//-- vertex //VTK::PositionVC::Impl
vec2 cardAway = cardLook.z > 0.5 ? cardLook.xy : cardAt.xy - cardEye.xy;
float cardFar = length(cardAway);
vec2 cardAhead = cardFar > 1e-3 ? cardAway / cardFar : vec2(0.0, 1.0);
vec4 cardFoot = MCDCMatrix * vec4(cardAt.xyz, 1.0);
float cardMetre = cardPixels.x / max(cardFoot.w, 1e-3);
float cardWide = max(0.25, 0.5 * cardPixels.y / cardMetre);
float cardTall = max(1.76, cardPixels.z / cardMetre);
vec3 cardReach = vec3(
  vec2(cardAhead.y, -cardAhead.x) * cardCorner.x * cardWide
  + cardAhead * (cardCorner.y - 0.5) * 1.6 * cardWide, cardCorner.y * cardTall);
gl_Position = MCDCMatrix * vec4(cardAt.xyz + cardReach, 1.0);
if (cardAt.w > 99.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); }
cardPlace = cardCorner;
float cardShaped = cardMetre > 2.25 * cardPixels.y ? 1.0 : 0.0;
cardWear = vec4(
  cardPacked(shirtOf(cardAt.w)), cardPacked(trousersOf(cardAt.w)), cardPacked(headOf(cardAt.w)),
  cardShaped * ((cardAt.w < 0.0 ? 11.0 : 1.0) + (cardMore.y > -0.5 ? abs(sin(cardMore.y)) : 0.0)));
//-- fragment //VTK::Normal::Dec
flat in vec4 cardWear;
in vec2 cardPlace;
//-- fragment //VTK::Color::Impl
float cardSide = abs(cardPlace.x);
float cardUp = cardPlace.y;
float cardRound = (cardUp - 0.93) / 0.07;
float cardHalf = cardUp > 0.86 ? 0.44 * sqrt(max(1.0 - cardRound * cardRound, 0.0))
  : (cardUp > 0.47 ? mix(0.66, 0.96, smoothstep(0.47, 0.76, cardUp)) : 0.58);
float cardLow = max(0.47 - cardUp, 0.0) / 0.47; // legs go apart as their owner walks
bool cardCrew = cardWear.w > 5.0;
float cardApart = 0.55 * cardLow * max(cardWear.w - (cardCrew ? 11.0 : 1.0), 0.0);
if (cardUp < 0.47) { cardHalf += cardApart - 0.20 * cardLow; }
bool cardGap = cardUp < 0.40 && cardSide < 0.09 + cardApart;
if (cardWear.w < 0.5) { cardHalf = cardUp < 1.0 ? 1.0 : 0.0; cardGap = false; }
if (cardSide > cardHalf || cardGap) { discard; }
float cardInk = cardUp > 0.86 ? cardWear.z : (cardUp > 0.47 ? cardWear.x : cardWear.y);
ambientColor = mod(floor(vec3(cardInk) / vec3(1.0, 256.0, 65536.0)), 256.0) / 255.0;
if (cardUp > 0.945 && !cardCrew && cardWear.w > 0.5) { ambientColor = vec3(0.23, 0.18, 0.16); }
ambientColor *= 0.76 - 0.16 * clamp(cardPlace.x, -1.0, 1.0); // round, not flat
diffuseColor = vec3(0.0);
