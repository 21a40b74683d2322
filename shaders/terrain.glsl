// Colours of the terrain by height, slope or aspect, before light falls on it.
//
// Replaces: nothing; goes before ground.glsl and takes its place, height and relief texture.
// Switch
//   TINTS        defined where there are colours
// Uniforms
//   tintField    0 leaves the colour; 1 height, 2 slope, 3 aspect
//   tintRange    lowest value, 1 / (highest less lowest); metres or degrees
//   tintLevel    colour of ground that faces nowhere
//   tintColours  the colours from the lowest to the highest value, a row of texels
// Cost: two texture reads.
//-- fragment //VTK::Color::Impl
#ifdef TINTS
if (tintField > 0.5)
  {
  float tintValue = groundHeight;
  bool facesNowhere = false;
  if (tintField > 1.5)
    {
    vec2 tintRead = texture(reliefTexture, clamp((groundPlace - reliefOrigin) * reliefScale, 0.0, 1.0)).rg;
    vec2 tintCoded = (tintRead * 255.0 - 128.0) / 127.0;
    vec2 tintSlope = 2.0 * tintCoded * abs(tintCoded);
    tintValue = degrees(atan(length(tintSlope)));
    if (tintField > 2.5)
      {
      facesNowhere = tintValue < 0.3;
      tintValue = mod(degrees(atan(-tintSlope.x, -tintSlope.y + 1e-9)) + 382.5, 360.0) - 22.5;
      }
    }
  vec3 tinted = texture(tintColours, vec2(clamp((tintValue - tintRange.x) * tintRange.y, 0.002, 0.998), 0.5)).rgb;
  ambientColor = facesNowhere ? tintLevel : tinted;
  diffuseColor = vec3(0.0);
  }
#endif
