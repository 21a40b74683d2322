"""The city for other programs: meshes in glTF, tiles of them, and how they lie on the earth."""
