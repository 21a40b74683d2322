// Pictures on the ground: an overview of the whole, and finer parts of it around what is looked at.
//
// Replaces: nothing; adds to VTK's surface shader, together with ground.glsl.
// Does: takes the colour of the finest part that holds the place; cuts away what lies beyond.
//
// Uniforms
//   pictureBase ... pictureD   the overview, then parts, the finest first
//   frameBase ... frameD       west, south edge in scene metres, 1 / width, 1 / height; width 0: none
// Cost: one texture read; about 4 % of a frame on a software rasteriser.

//-- fragment //VTK::Normal::Dec
bool inPicture(vec4 frame, vec2 place)
  {
  vec2 share = (place - frame.xy) * frame.zw;
  return frame.z > 0.0 && all(greaterThan(share, vec2(0.0))) && all(lessThan(share, vec2(1.0)));
  }

//-- fragment //VTK::Color::Impl
if (!inPicture(frameBase, groundPlace)) { discard; }
vec2 stepAcross = dFdx(groundPlace);
vec2 stepUp = dFdy(groundPlace);
vec4 seenPicture;
if (inPicture(frameA, groundPlace))
  {
  seenPicture = textureGrad(pictureA, (groundPlace - frameA.xy) * frameA.zw, stepAcross * frameA.zw, stepUp * frameA.zw);
  }
else if (inPicture(frameB, groundPlace))
  {
  seenPicture = textureGrad(pictureB, (groundPlace - frameB.xy) * frameB.zw, stepAcross * frameB.zw, stepUp * frameB.zw);
  }
else if (inPicture(frameC, groundPlace))
  {
  seenPicture = textureGrad(pictureC, (groundPlace - frameC.xy) * frameC.zw, stepAcross * frameC.zw, stepUp * frameC.zw);
  }
else if (inPicture(frameD, groundPlace))
  {
  seenPicture = textureGrad(pictureD, (groundPlace - frameD.xy) * frameD.zw, stepAcross * frameD.zw, stepUp * frameD.zw);
  }
else
  {
  seenPicture = textureGrad(pictureBase, (groundPlace - frameBase.xy) * frameBase.zw, stepAcross * frameBase.zw, stepUp * frameBase.zw);
  }
if (seenPicture.a < 0.02) { discard; }
ambientColor = seenPicture.rgb;
diffuseColor = vec3(0.0);
opacity *= seenPicture.a;
