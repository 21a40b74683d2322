// grade.glsl: draws colours into two tones, for looks of the whole picture; goes last.
//
// Switch:   GRADE        defined where a look has tones of its own
// Uniforms: gradeShare   how much of the colour goes, 0 to 1
//           gradeDark    what black becomes
//           gradeBright  what white becomes
// Cost:     a few multiplications per pixel where it is on.

//-- fragment //VTK::Light::Impl
#ifdef GRADE
float gradeLight = clamp(dot(fragOutput0.rgb, vec3(0.299, 0.587, 0.114)), 0.0, 1.0);
fragOutput0.rgb = mix(fragOutput0.rgb, mix(gradeDark, gradeBright, gradeLight), gradeShare);
#endif
