"""The colour of every object of a layer, by its style."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import OWN_COLUMNS, Pipes
from layers.palettes import field_numbers, field_values
from layers.style import Rgb, Style, colour_numbers, colour_texts, rgb, texts


def object_colours(data: Features, style: Style) -> Rgb:
    """Give red, green, blue of each object.

    Parameters
    ----------
    data : Features
        n objects.
    style : Style
        Their look. The field ``height`` of a colouring means a building's height where there is
        no attribute of that name, ``class`` and the like a pipe's own columns; a field that is not
        there at all gives the colour for the rest.

    Returns
    -------
    (n, 3) ndarray of uint8
    """
    colouring = style.colouring
    if colouring is None:
        return np.tile(np.array(rgb(style.colour), dtype=np.uint8), (len(data), 1))
    named = colouring.field in data.attributes.column_names
    built = colouring.field == "height" and isinstance(data, Buildings)
    own = isinstance(data, Pipes) and colouring.field in OWN_COLUMNS
    if not named and not built and not own:
        return np.tile(np.array(rgb(colouring.other), dtype=np.uint8), (len(data), 1))
    if colouring.mode == "ranges":
        return colour_numbers(field_numbers(data, colouring.field), colouring)
    if not named:
        return colour_texts(texts(field_values(data, colouring.field)), colouring)
    column = data.attributes.column(colouring.field)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = pa.concat_arrays(one.chunks) if one.num_chunks else pa.array([]).dictionary_encode()
    words = np.array([*texts(one.dictionary), None], dtype=object)
    palette = colour_texts(words, colouring)  # each word once
    codes = pc.fill_null(one.indices, -1).to_numpy(zero_copy_only=False)
    return np.asarray(palette[codes.astype(np.int64)[data.feature]])
