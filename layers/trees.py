"""What the fields of a layer of trees say: form, height, width of the crown."""

from __future__ import annotations

import numpy as np

from layers.kinds.base import Features
from layers.shapes import Codes, Floats, Ints
from layers.style import texts

#: Fields, in small letters, that tell how high and how wide a tree is, metres.
HEIGHTS = ("height", "height_m", "高度", "树高", "h")
CROWNS = ("crown", "crown_m", "diameter_crown", "冠幅", "冠径")
#: Fields that tell what a tree is.
SPECIES = (
    "form", "leaf_type", "species", "species_en", "genus", "taxon", "species:en", "species_name",
    "树种", "种名", "树木类型", "类型", "类别", "type",
)  # fmt: skip
FORMS = ("broadleaf", "conifer", "palm", "shrub")
BROADLEAF, CONIFER, PALM, SHRUB = range(4)
#: Parts of words that mean a form; the first form with a fitting one counts.
_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (SHRUB, ("shrub", "bush", "hedge", "灌木", "灌", "黄杨", "杜鹃", "冬青", "绿篱")),
    (PALM, ("palm", "trachycarpus", "phoenix", "washingtonia", "cocos", "棕", "椰", "蒲葵")),
    (CONIFER, (
        "needle", "conifer", "pine", "pinus", "spruce", "picea", "fir", "abies", "cedar",
        "cedrus", "cypress", "cupress", "juniper", "larch", "larix", "metasequoia", "taxodium",
        "taxus", "yew", "thuja", "sequoia", "针叶", "松", "杉", "柏",
    )),
)  # fmt: skip
TALL = {BROADLEAF: (5.0, 4.0), CONIFER: (7.0, 6.0), PALM: (5.0, 4.0), SHRUB: (1.0, 0.8)}
WIDE = {BROADLEAF: 0.62, CONIFER: 0.42, PALM: 0.55, SHRUB: 1.1}


def form_of(word: str) -> int:
    """Give the form, a position in ``FORMS``, that the name of a species means.

    >>> [FORMS[form_of(w)] for w in ("Masson pine", "水杉", "Camphor", "棕榈")]
    ['conifer', 'conifer', 'broadleaf', 'palm']
    """
    small = word.lower()
    for form, words in _WORDS:
        if any(part in small for part in words):
            return form
    return BROADLEAF


def tree_forms(features: Features, rows: Ints) -> Codes:
    """Give the form of trees, (k,) uint8, positions in ``FORMS``; most are broad-leaved."""
    names = {name.lower(): name for name in features.attributes.column_names}
    out = np.full(len(rows), BROADLEAF, dtype=np.uint8)
    for word in SPECIES:
        if word not in names:
            continue
        values = texts(features.attributes.column(names[word]))
        known: dict[str, int] = {v: form_of(v) for v in {v for v in values if v}}
        form = np.array([known.get(v, BROADLEAF) for v in values], dtype=np.uint8)
        own = form[features.feature[rows]]
        out = np.where(out == BROADLEAF, own, out)
    return out


def tree_sizes(features: Features, rows: Ints) -> Floats:
    """Give height and crown width of trees, (k, 2) metres.

    From the fields in ``HEIGHTS`` and ``CROWNS`` where there are such; else what is usual for the
    form, the same for the same tree at every time.
    """
    seed = (features.ids[rows].astype(np.uint64) * np.uint64(2654435761)) % np.uint64(1 << 32)
    chance = seed.astype(np.float64) / float(1 << 32)
    form = tree_forms(features, rows)
    low = np.array([TALL[code][0] for code in range(len(FORMS))])[form]
    more = np.array([TALL[code][1] for code in range(len(FORMS))])[form]
    height = low + more * chance
    names = {name.lower(): name for name in features.attributes.column_names}
    _take(features, names, HEIGHTS, rows, height)
    crown = np.array([WIDE[code] for code in range(len(FORMS))])[form] * height
    _take(features, names, CROWNS, rows, crown)
    return np.column_stack([height, crown])


def _take(
    features: Features, names: dict[str, str], words: tuple[str, ...], rows: Ints, target: Floats
) -> None:
    """Take the sound numbers of the first field that is there."""
    for word in words:
        if word in names:
            own = features.numbers(names[word])[rows]
            good = np.isfinite(own) & (own > 0.3) & (own < 120.0)
            target[good] = own[good]
            return
