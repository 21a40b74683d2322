"""One mesh viewer on one GLB file; run by the Python of an environment of its own, see `viewers`.

    python mesh_viewer.py f3d city.glb 9486 [picture.png]

The number is the side of the city in metres. The cameras are those of the other benchmarks: the
middle of the city, which is near the file's origin, y up. One JSON line, milliseconds.
"""

import json
import math
import statistics
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

Place = tuple[float, float, float]

BEARINGS = 12
WIDE, HIGH, FOV = 1280, 720, 36.87
PITCH = math.radians(40.0)  # below the horizon


def eye(metres_per_pixel: float, bearing: float) -> Place:
    """Give the place of the eye around the origin: x east, y up, z south."""
    away = 1.5 * HIGH * metres_per_pixel
    level = away * math.cos(PITCH)
    return (-level * math.sin(bearing), away * math.sin(PITCH), level * math.cos(bearing))


class F3D:
    """The library of f3d."""

    def __init__(self) -> None:
        f3d: Any = import_module("f3d")

        f3d.Engine.autoload_plugins()
        f3d.Log.set_verbose_level(f3d.Log.QUIET)
        self.engine = f3d.Engine.create_egl()
        self.engine.window.size = WIDE, HIGH
        self.image: Any = None

    def load(self, path: str) -> None:
        """Read a file."""
        self.engine.scene.add(path)

    def draw(self, place: Place) -> None:
        """Draw a frame to its end."""
        camera = self.engine.window.camera
        camera.view_angle = FOV
        camera.focal_point, camera.position, camera.view_up = (
            (0.0, 0.0, 0.0),
            place,
            (0.0, 1.0, 0.0),
        )
        self.image = self.engine.window.render_to_image()

    def save(self, path: str) -> None:
        """Write the last frame."""
        self.image.save(path)


class Open3D:
    """The scene renderer of Open3D."""

    def __init__(self) -> None:
        self.o3d: Any = import_module("open3d")
        self.renderer = self.o3d.visualization.rendering.OffscreenRenderer(WIDE, HIGH)
        self.image: Any = None

    def load(self, path: str) -> None:
        """Read a file."""
        self.renderer.scene.add_model("city", self.o3d.io.read_triangle_model(path))

    def draw(self, place: Place) -> None:
        """Draw a frame to its end."""
        self.renderer.setup_camera(FOV, [0.0, 0.0, 0.0], list(place), [0.0, 1.0, 0.0])
        self.image = self.renderer.render_to_image()

    def save(self, path: str) -> None:
        """Write the last frame."""
        self.o3d.io.write_image(path, self.image)


def memory() -> float:
    """Give the proportional set size of this process, MB; 0 where it is not told."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(float(x.split()[1]) / 1024.0 for x in lines if x.startswith("Pss:"))
    except OSError:
        return 0.0


def main() -> None:
    """Run from the command line."""
    name, path, side = sys.argv[1], sys.argv[2], float(sys.argv[3])
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            peak[0] = max(peak[0], memory())

    threading.Thread(target=watch, daemon=True).start()
    viewer: F3D | Open3D = F3D() if name == "f3d" else Open3D()
    begin = time.perf_counter()
    viewer.load(path)
    scales = {"overview": side / 840.0, "near": 0.6}
    viewer.draw(eye(scales["overview"], 0.0))
    out = {"t_first": (time.perf_counter() - begin) * 1000.0}
    for view, scale in scales.items():
        times = []
        for number in range(BEARINGS):
            begin = time.perf_counter()
            viewer.draw(eye(scale, 2.0 * math.pi * number / BEARINGS))
            times.append((time.perf_counter() - begin) * 1000.0)
        out["ms_" + view] = statistics.median(times)
    if len(sys.argv) > 4:
        viewer.save(sys.argv[4])
    stop.set()
    out = {key: round(value, 1) for key, value in out.items()}
    print(json.dumps({**out, "peak_pss_mb": round(peak[0], 1)}))


if __name__ == "__main__":
    main()
