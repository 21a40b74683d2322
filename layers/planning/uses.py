"""What buildings and plots are used for, in a few words that rules and tables share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.style import texts

USES = ("residential", "office", "commerce", "public", "industry", "other")
#: Fields of buildings that tell their use, the best first.
USE_FIELDS = (
    "use", "USE", "用途", "建筑用途", "功能", "建筑功能", "类型", "function", "usage", "building",
    "building:use", "type",
)  # fmt: skip
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "residential",
        r"住宅|居住|民居|宿舍|公寓|养老|residential|apartment|\bhouse$|dormitor|housing|terrace",
    ),
    ("office", r"办公|研发|写字|总部|office|research"),
    ("commerce", r"商业|商铺|商场|酒店|旅馆|零售|市场|餐饮|commerc|retail|shop|hotel|mall|market"),
    ("industry", r"厂房|工业|仓储|物流|industr|warehouse|factory|storage"),
    (
        "public",
        r"教育|学校|幼儿园|文化|体育|医疗|医院|行政|文物|交通|市政|图书|展览|宗教|school|education|kinder"
        r"|cultur|sport|medic|hospital|civic|admin|museum|heritage|univers|religio|public|station",
    ),
)  # fmt: skip
#: Fields of plots that tell their land use.
CLASS_FIELDS = ("类别", "用地性质", "用地类别", "分區類", "使用分", "class_en", "class", "landuse",
                "zone", "name")  # fmt: skip


def use_of(text: str | None) -> str:
    """Give the use that a word means; ``other`` where nothing fits.

    >>> use_of("住宅"), use_of("Retail"), use_of(None)
    ('residential', 'commerce', 'other')
    """
    if text:
        for key, pattern in _WORDS:
            if re.search(pattern, text, re.IGNORECASE):
                return key
    return "other"


def uses_of(features: Features, field: str = "") -> NDArray[np.object_]:
    """Give the use of each object, (n,) object, one of ``USES``."""
    name = field or first_field(features, USE_FIELDS)
    if not name:
        return np.full(len(features), "other", dtype=object)
    words = texts(features.column(name))
    known = {word: use_of(word) for word in set(words.tolist())}
    return np.array([known[word] for word in words], dtype=object)


def first_field(features: Features, names: Sequence[str]) -> str:
    """Give the first of some fields that a layer has, "" for none."""
    there = features.attributes.column_names
    return next((name for name in names if name in there), "")
