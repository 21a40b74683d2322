"""What a layer's coordinates mean, also where they count in millimetres, or are shifted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.errors import CityError
from layers.files.map_shift import shift_of
from layers.files.options import ImportOptions
from layers.files.raw import Note, RawLayer
from layers.files.reference import Reference, settle
from layers.files.system_guesses import guesses
from layers.files.systems import WGS84, fits, horizontal
from layers.frame import CITY_GRID, Frame, is_metric, read_crs
from layers.shapes import Floats

#: Metres in one of what drawings and tables count in instead.
_UNITS = (("mm", 0.001), ("cm", 0.01), ("km", 1000.0))
_LENGTHS = ("Thickness", "Elevation", "TextHeight")  # what the reader of drawings measures itself
_CLOSE = 0.3  # degrees outside the area of a system that still count
_MOST = 0.9  # share of coordinates that has to fit


def settled(
    raw: RawLayer, sample: Floats, frame: Frame | None, options: ImportOptions, where: str
) -> tuple[RawLayer, Floats, Reference]:
    """Settle what a layer's coordinates mean; those not in the system's unit become metres.

    Parameters
    ----------
    raw : RawLayer
        The layer.
    sample : (n, 2) float64
        Some of its coordinates.
    frame : Frame or None
        The project's, where it has one.
    options : ImportOptions
        ``crs`` and ``swap_axes`` count here.
    where : str
        The file, for messages.

    Returns
    -------
    RawLayer, (n, 2) float64, Reference
        The layer and the sample, in metres where they were not, and what they mean.

    Raises
    ------
    CityError
        As `layers.files.reference.settle`.
    """
    shift = shift_of(options.crs)
    asked = WGS84 if shift else options.crs
    swap = options.swap_axes
    try:
        found = settle(sample, raw.crs, asked=asked, swap=swap, frame=frame, where=where)
    except CityError as error:
        there = None
        if error.code == "import.crs_wrong":
            there = _in_metres(raw, sample, asked or raw.crs)
        if there is None:
            raise
        raw, sample = there
        found = settle(sample, raw.crs, asked=asked, swap=swap, frame=frame, where=where)
    if shift:
        note = Note("shift_undone", {"system": shift})
        found = replace(found, shift=shift, notes=(*found.notes, note))
    return raw, sample, found


def _in_metres(raw: RawLayer, sample: Floats, crs: str | None) -> tuple[RawLayer, Floats] | None:
    """Give a layer in metres whose numbers fit its system in another unit only.

    Parameters
    ----------
    raw : RawLayer
        A layer whose coordinates cannot be in the system as they stand.
    sample : (n, 2) float64
        Some of its coordinates.
    crs : str or None
        The system that file or user name.

    Returns
    -------
    RawLayer and (n, 2) float64, or None
        The layer and the sample in metres; None where no unit fits.
    """
    coords = sample[np.isfinite(sample).all(axis=1)]
    if crs is None or crs == CITY_GRID or len(coords) == 0:
        return None
    try:
        flat = horizontal(crs)[0]
        if not is_metric(read_crs(flat)):
            return None
    except CityError:  # whoever settles the system has said what is wrong with it
        return None
    if any(guess.reason in ("degrees", "zone", "metric", "mercator") for guess in guesses(coords)):
        return None  # another system is the likelier reason
    for unit, factor in _UNITS:
        there = coords * factor
        if max(fits(there, flat, _CLOSE), fits(there[:, ::-1], flat, _CLOSE)) > _MOST:
            notes = tuple(note for note in raw.notes if note.key != "drawing_units")
            note = Note("coordinates_scaled", {"unit": unit})
            return replace(_scaled(raw, factor), notes=(*notes, note)), sample * factor
    return None


def _scaled(raw: RawLayer, factor: float) -> RawLayer:
    """Multiply all coordinates, and what the reader of drawings measured, by a factor."""
    geometry = np.asarray(raw.geometry, dtype=object).copy()
    deep = shapely.has_z(geometry)
    for mask, z in ((~deep, False), (deep, True)):
        if mask.any():
            geometry[mask] = shapely.transform(geometry[mask], lambda c: c * factor, include_z=z)
    table = raw.attributes
    if "EntityHandle" in table.column_names:
        for name in set(_LENGTHS) & set(table.column_names):
            values = pc.multiply(table.column(name).cast(pa.float64()), factor)
            table = table.set_column(table.column_names.index(name), name, values)
    surfaces = raw.surfaces
    if surfaces is not None:
        surfaces = replace(surfaces, coords=surfaces.coords * factor)
    return replace(raw, geometry=geometry, attributes=table, surfaces=surfaces)
