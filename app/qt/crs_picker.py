"""Choose a coordinate system: type a name, a place or a number, pick from the list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from app.qt.desk import Desk
from layers.errors import CityError
from layers.frame import is_metric, read_crs

#: Offered before anything is typed: what planners in China use most, then the world's.
USUAL = (
    "EPSG:4547", "EPSG:4548", "EPSG:4549", "EPSG:4546", "EPSG:4545", "EPSG:4544", "EPSG:4550",
    "EPSG:4543", "EPSG:4551", "EPSG:4542", "EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:3826",
    "EPSG:32650", "EPSG:32651", "EPSG:32633", "EPSG:25832", "EPSG:2056",
)  # fmt: skip
MOST = 200  # rows shown at once; typing narrows them
CODE = Qt.ItemDataRole.UserRole
ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Known:
    """One coordinate system of the table: ``EPSG:4547``, its name, where it is used."""

    code: str
    name: str
    place: str
    metric: bool
    search: str


@lru_cache(maxsize=1)
def known_systems() -> tuple[Known, ...]:
    """List the projected and geographic systems of the EPSG table."""
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    out = []
    for info in query_crs_info(
        auth_name="EPSG", pj_types=[PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS]
    ):
        place = (info.area_of_use.name if info.area_of_use is not None else "") or ""
        code = f"EPSG:{info.code}"
        metric = info.type == PJType.PROJECTED_CRS
        search = f"{code} {info.name} {place}".lower()
        out.append(Known(code, info.name, place, metric, search))
    return tuple(out)


class SystemList(QAbstractListModel):
    """The systems that fit what was typed."""

    def __init__(self, *, metric_only: bool) -> None:
        super().__init__()
        self._metric_only = metric_only
        self._rows: list[Known] = []
        self.narrow("")

    def narrow(self, typed: str) -> None:
        """Show only the systems that hold every word typed."""
        words = typed.lower().split()
        systems = [k for k in known_systems() if k.metric or not self._metric_only]
        if words:
            rows = [k for k in systems if all(word in k.search for word in words)]
            rows.sort(key=lambda k: (typed.strip() not in k.code, len(k.name)))
        else:
            order = {code: i for i, code in enumerate(USUAL)}
            rows = sorted((k for k in systems if k.code in order), key=lambda k: order[k.code])
        self.beginResetModel()
        self._rows = rows[:MOST]
        self.endResetModel()

    def rowCount(  # noqa: N802 - Qt's name
        self, parent: QModelIndex | QPersistentModelIndex = ROOT
    ) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Give code and name; the place as tooltip."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.code}   {row.name}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.place
        return row.code if role == CODE else None

    def row_of(self, code: str) -> int:
        """Give the row of a code, -1 where it is not shown."""
        return next((i for i, row in enumerate(self._rows) if row.code == code), -1)


class CrsPicker(QWidget):
    """A field to search in and the list that fits.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    metric_only : bool
        Offer only projected systems.

    Signals
    -------
    changed : (str,)
        The system chosen, "" for none.
    """

    changed = Signal(str)

    def __init__(self, desk: Desk, *, metric_only: bool = False) -> None:
        super().__init__()
        self.setObjectName("crs-picker")
        self._desk, self._metric_only = desk, metric_only
        self._crs = ""
        self._field = QLineEdit()
        self._field.setObjectName("crs-field")
        self._field.setClearButtonEnabled(True)
        desk.texts.bind(self._field, "setPlaceholderText", "crs-search")
        self._model = SystemList(metric_only=metric_only)
        self._list = QListView()
        self._list.setObjectName("crs-list")
        self._list.setModel(self._model)
        self._list.setUniformItemSizes(True)
        desk.texts.bind(self._list, "setAccessibleName", "crs-list")
        self._told = QLabel()
        self._told.setObjectName("crs-chosen")
        self._told.setProperty("role", "dim")
        self._told.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for part in (self._field, self._list, self._told):
            box.addWidget(part)
        self._field.textEdited.connect(self._typed)
        self._list.selectionModel().currentChanged.connect(self._picked)
        self._tell()

    @property
    def crs(self) -> str:
        """The system chosen, "" for none."""
        return self._crs

    def choose(self, crs: str) -> None:
        """Choose a system: ``EPSG:...``, a number, WKT or PROJ text; "" for none."""
        self._set(crs)
        self._field.setText(crs if len(crs) < 60 else "")
        self._model.narrow("" if self._model.row_of(crs) >= 0 else crs)
        row = self._model.row_of(crs)
        if row >= 0:
            self._list.setCurrentIndex(self._model.index(row))
            self._list.scrollTo(self._model.index(row))

    def _typed(self, text: str) -> None:
        self._model.narrow(text)
        typed = text.strip()
        code = f"EPSG:{typed}" if typed.isdigit() else typed
        if self._model.row_of(code.upper()) >= 0:
            self._list.setCurrentIndex(self._model.index(self._model.row_of(code.upper())))
            return
        self._set(typed if typed.startswith(("+proj", "PROJ", "GEO", "COMPD")) else "")

    def _picked(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._set(str(current.data(CODE)))

    def _set(self, crs: str) -> None:
        if crs != self._crs:
            self._crs = crs
            self._tell()
            self.changed.emit(self._crs)

    def _tell(self) -> None:
        if not self._crs:
            self._told.setText(self._desk.texts.t("crs-none"))
            return
        try:
            crs = read_crs(self._crs)
        except CityError as error:
            self._told.setText(self._desk.texts.error(error)[0])
            self._crs = ""
            return
        if self._metric_only and not is_metric(crs):
            self._told.setText(self._desk.texts.t("crs-not-metric", name=crs.name))
            self._crs = ""
            return
        place = crs.area_of_use.name if crs.area_of_use is not None else ""
        self._told.setText(self._desk.texts.t("crs-chosen", name=crs.name, place=place))
