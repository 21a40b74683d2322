// exact.glsl: colours that stand for values, just as the legend has them: no light, shadow or haze.
//
// Goes last, after select.glsl and what lights its surfaces (blocks.glsl, dots.glsl).
// Cost: none.
//-- fragment //VTK::Light::Impl
fragOutput0.rgb = own;
