// model_maps.glsl: the maps of shadow.glsl under other names; goes before it where things have
// coordinates of a texture of their own: VTK lays all textures over those but a few by name.
//
// Cost:     none.
//-- fragment //VTK::TCoord::Dec
#define shadowMap materialTex
#define ceilingMap anisotropyTex
