"""Emergency layers: what can help, what can harm, and what a field of a file says of each.

Any layer of points will do. A field counts by its name, English or Chinese; what no field says
is unknown, never guessed. The columns keep the names and values of the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Features, Kind
from layers.kinds.valid_time import DAY, Moment, Valid, clock_text, read_time
from layers.shapes import Bools, Floats
from layers.style import Style, numbers, texts

Texts = NDArray[np.object_]

RESOURCES = Kind("resources", Features, "point", Style(colour="#00a86b", point_size=11.0), 86)
HAZARDS = Kind("hazards", Features, "point+polygon", Style(colour="#f9a825", point_size=11.0), 87)
KINDS = (RESOURCES, HAZARDS)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of resource or hazard.

    Attributes
    ----------
    key : str
        Stable name; its words are ``sort-KEY``.
    pattern : str
        What its values look like in files, a regular expression.
    symbol : str
        Class of the symbol: ``D`` resources, ``C`` places to protect, ``B`` hazards.
    """

    key: str
    pattern: str
    symbol: str


RESOURCE_SORTS: tuple[Sort, ...] = (
    Sort("hydrant", r"hydrant|消火栓|消防栓", "D"),
    Sort("fire-station", r"fire.?(station|house|brigade)|消防(站|救援站|队|大队|中队)", "D"),
    Sort("hospital", r"hospital|clinic|医院|急救|诊所|门诊|卫生(院|所|站|室|中心|服务)", "D"),
    Sort("shelter", r"shelter|避难|避险|安置", "D"),
    Sort("depot", r"depot|warehouse|stores?\b|物资|储备|仓库", "D"),
    Sort("vehicle", r"vehicle|engine|ladder|ambulance|truck|车$|消防车|救护车|抢险车", "D"),
    Sort("police", r"police|公安|派出所|交警|警", "D"),
    Sort("team", r"team|crew|squad|队伍?$|救援队|抢险队", "D"),
    Sort("camera", r"camera|cctv|摄像|监控", "D"),
    Sort("water-source", r"water.?(source|intake|tank)|取水|水鹤|水池", "D"),
    Sort("assembly", r"assembly|muster|集合|集结", "D"),
)
HAZARD_SORTS: tuple[Sort, ...] = (
    Sort("hazardous-store", r"hazard|chemical|危险(品|源|化学)|危化|油库|化工", "B"),
    Sort("gas-station", r"(gas|petrol|fuel|filling).?station|加油|加气", "B"),
    Sort("gas-governor", r"governor|regulator|调压|门站", "B"),
    Sort("reservoir", r"reservoir|dam|dike|levee|水库|堤|坝", "B"),
    Sort("underpass", r"underpass|low.?lying|下穿|涵洞|低洼|积水|内涝", "B"),
    Sort("slope", r"landslide|slope|滑坡|边坡|地质", "B"),
    Sort("high-rise", r"high.?rise|高层", "B"),
)
SORTS = {"resources": RESOURCE_SORTS, "hazards": HAZARD_SORTS}
OTHER = "other"

STATES = ("ready", "committed", "out-of-service", "unknown")
NOT_NOW = "not-in-service"  # outside of its valid time; nothing that a file says
_STATE_WORDS = {
    "ready": r"^(ready|available|ok|active|act$|open|in.?service|normal"
             r"|待命|可用|正常|在岗|完好|良好)",
    "committed": r"^(committed|busy|assigned|dispatched|使用|出动|占用|执行)",
    "out-of-service": r"^(out|abandon|abn$|broken|defect|closed|inactive"
                      r"|停用|故障|损坏|维修|停运|报废|关闭)",
}  # fmt: skip

DATES = ("valid_from", "valid_to")  # meanings that are dates
#: Names of fields that hold the same in files, in small letters, the best first.
FIELDS: dict[str, tuple[str, ...]] = {
    "sort": ("sort", "type", "类型", "类别", "资源类型", "风险类型", "category", "kind", "amenity"),
    "name": ("name", "名称", "单位名称", "site_name", "label", "title", "location", "地点"),
    "state": ("state", "status", "状态", "operational", "condition"),
    "quantity": ("quantity", "count", "数量", "number"),
    "unit": ("unit", "单位", "计量单位"),
    "capacity": ("capacity", "容量", "容纳人数", "床位", "capacity_persons", "beds"),
    "contact": ("contact", "phone", "tel", "telephone", "联系电话", "电话", "联系人"),
    "owner": ("owner", "权属单位", "所属单位", "operator", "owner_name", "managed_by"),
    "valid_from": ("valid_from", "有效期起", "启用日期", "生效日期", "投用日期"),
    "valid_to": ("valid_to", "有效期至", "失效日期", "有效期止", "到期日期", "有效期"),
    "substance": ("substance", "chemical", "物质", "危险物质", "介质", "品名"),
    "amount_t": ("amount_t", "amount", "储量_t", "储量", "存量", "最大储量"),
    "place": ("place", "address", "地址", "位置"),
}  # fmt: skip


COLUMNS = ("ids", "coords", "sort", "name", "state", "unit", "contact", "owner", "substance",
           "place", "quantity", "capacity", "amount_t")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Emergency:
    """What a layer says of each of n resources or hazards.

    Attributes
    ----------
    ids : (n,) int64
        Objects of the layer.
    coords : (n, 2) float64
        Where, project coordinates; the middle of areas.
    sort, name, state, unit, contact, owner, substance, place : (n,) object
        Texts, "" where nothing is said; sort and state are keys.
    quantity, capacity, amount_t : (n,) float64
        NaN where nothing is said.
    valid : Valid
        From when to when each is in service.
    """

    ids: NDArray[np.int64]
    coords: Floats
    sort: Texts
    name: Texts
    state: Texts
    unit: Texts
    contact: Texts
    owner: Texts
    substance: Texts
    place: Texts
    quantity: Floats
    capacity: Floats
    amount_t: Floats
    valid: Valid

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: Bools) -> Emergency:
        """Give those that are chosen, (n,) bool."""
        parts = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return Emergency(**parts, valid=self.valid.take(chosen))

    def states(self, moment: Moment | None) -> Texts:
        """Give the states at a moment, (n,): ``not-in-service`` outside of the valid time.

        None gives the states as they are told, whatever the time.
        """
        if moment is None:
            return self.state
        return np.where(self.valid.holds(moment), self.state, NOT_NOW)

    @classmethod
    def of(cls, features: Features, kind: str = "resources", layer_name: str = "") -> Emergency:
        """Read the fields of all objects of a layer.

        Parameters
        ----------
        features : Features
            The layer's content.
        kind : str
            ``resources`` or ``hazards``.
        layer_name : str
            Tells the sort where no field does, such as a layer called Hydrants.
        """
        said = _Said(features)
        sorts = SORTS[kind]
        usual = sort_of(layer_name, sorts)
        words = said.texts("sort")
        names = said.texts("name")
        sort = np.array(
            [
                found if (found := sort_of(word, sorts)) != OTHER
                else usual if usual != OTHER else sort_of(name, sorts)
                for word, name in zip(words, names, strict=True)
            ],
            dtype=object,
        )  # fmt: skip
        state = np.array([state_of(word) for word in said.texts("state")], dtype=object)
        return cls(
            features.ids, features.shapes.centres(), sort, names, state, said.texts("unit"),
            said.texts("contact"), said.texts("owner"), said.texts("substance"),
            said.texts("place"), said.numbers("quantity"), said.numbers("capacity"),
            said.numbers("amount_t"), said.valid(),
        )  # fmt: skip


def valid_of(features: Features) -> Valid:
    """Give from when to when the objects of a layer are in service; nothing else is read."""
    return _Said(features).valid()


def date_word(value: object) -> str:
    """Give a date that somebody typed as files keep it; a word for no limit stays as it is.

    Raises
    ------
    CityError
        ``resource.no_date`` for what nobody can read.

    Examples
    --------
    >>> date_word("2026年6月30日"), date_word("30/6/2026 18:00"), date_word("长期")
    ('2026-06-30', '2026-06-30 18:00', '长期')
    """
    text = str(value).strip()
    span = read_time(value)
    if span is None:
        raise CityError(
            "resource.no_date", f"'{text}' is no date.",
            hint="write 2026-06-30, 2026-06-30 18:00 or 2026年6月30日; leave it empty for no limit",
            value=text,
        )  # fmt: skip
    whole = span.end - span.begin > DAY  # a month or a year is kept as it was written
    if not math.isfinite(span.begin) or span.zoned or whole:
        return text
    return clock_text(span.begin)


def dates_of(column: pa.ChunkedArray) -> Texts:
    """Give a column of dates as texts, None where there is none; numbers keep all their digits."""
    if pa.types.is_floating(column.type):
        return np.array(
            [None if v is None or not math.isfinite(v) else repr(v).removesuffix(".0")
             for v in column.to_pylist()], dtype=object,
        )  # fmt: skip
    return texts(column)


class _Said:
    def __init__(self, features: Features) -> None:
        self._table, self._at = features.attributes, features.feature
        self._names = {name.lower(): name for name in reversed(self._table.column_names)}

    def _columns(self, meaning: str) -> list[str]:
        return [self._names[word] for word in FIELDS[meaning] if word in self._names]

    def valid(self) -> Valid:
        if not any(self._columns(meaning) for meaning in DATES):
            return Valid.always(len(self._at))
        return Valid.of(*(self.texts(meaning, dates_of) for meaning in DATES))

    def texts(self, meaning: str, of: Callable[[pa.ChunkedArray], Texts] = texts) -> Texts:
        out = np.full(len(self._at), "", dtype=object)
        for name in self._columns(meaning):
            own = of(self._table.column(name))[self._at]
            own = np.array([(value or "").strip() for value in own], dtype=object)
            out = np.where(out == "", own, out)
        return out

    def numbers(self, meaning: str) -> Floats:
        out = np.full(len(self._at), np.nan)
        for name in self._columns(meaning):
            own = numbers(self._table.column(name))[self._at]
            out = np.where(np.isfinite(out), out, own)
        return out


def sort_of(word: str, sorts: Sequence[Sort]) -> str:
    """Give the sort a word means, ``other`` for none.

    Examples
    --------
    >>> sort_of("消防救援站", RESOURCE_SORTS), sort_of("加油站", HAZARD_SORTS)
    ('fire-station', 'gas-station')
    """
    text = word.lower()
    if any(text == sort.key for sort in sorts):
        return text
    return next((s.key for s in sorts if text and re.search(s.pattern, text)), OTHER)


def state_of(word: str) -> str:
    """Give the state a word means, ``unknown`` for none.

    Examples
    --------
    >>> state_of("待命"), state_of("Out of service"), state_of("")
    ('ready', 'out-of-service', 'unknown')
    """
    text = word.strip().lower()
    if text in STATES:
        return text
    found = (key for key, pattern in _STATE_WORDS.items() if re.search(pattern, text))
    return next(found, "unknown") if text else "unknown"
