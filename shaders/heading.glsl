// Arrow heads that show where something on the ground goes to, of a size in pixels.
//
// Replaces: nothing; adds to VTK's surface shader with lighting switched off. All corners of an
// arrow stand on the same point.
//
// Attributes
//   headingAhead    way on the ground, scene metres; nothing hides the arrow
//   headingCorner   pixels to the right of the way and along it
// Uniforms
//   headingFrame    width and height of the picture, pixels of the drawing per pixel of a corner
//   headingOrder    0 and more, the more the higher over everything
// Cost: one matrix product per corner.

//-- vertex //VTK::Normal::Dec
in vec3 headingAhead;
in vec2 headingCorner;

//-- vertex //VTK::PositionVC::Impl
vec4 headingTo = MCDCMatrix * vec4(vertexMC.xyz + headingAhead * 0.01 * max(gl_Position.w, 1.0), 1.0);
vec2 headingWay = headingFrame.xy * (headingTo.xy / max(headingTo.w, 1e-3) - gl_Position.xy / max(gl_Position.w, 1e-3));
float headingLong = length(headingWay);
headingWay = headingLong > 1e-5 ? headingWay / headingLong : vec2(0.0);
vec2 headingPixels = headingWay * headingCorner.y + vec2(headingWay.y, -headingWay.x) * headingCorner.x;
gl_Position.xy += 2.0 * headingFrame.z * headingPixels / headingFrame.xy * gl_Position.w;
float headingDepth = clamp(gl_Position.z / max(gl_Position.w, 1e-6), -1.0, 1.0);
gl_Position.z = (-0.9995 - 3e-6 * headingOrder + 1e-6 * headingDepth) * gl_Position.w;
