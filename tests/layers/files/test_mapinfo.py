"""MapInfo exchange files with texts in an encoding that they do not name."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.layers.files.town import content, heights, house, keys, taken, told

HEAD = """Version 450
Charset "{charset}"
Delimiter ","
CoordSys Earth Projection 8, 104, "m", 114, 0, 1, 500000, 0
Columns 2
  {field} Char(40)
  高度 Char(20)
Data

"""


def table(path: Path, charset: str, codec: str, name: str) -> Path:
    field = "名稱" if codec == "big5" else "名称"
    text = HEAD.replace("{charset}", charset).replace("{field}", field)
    for number in range(3):
        corners = shapely.get_coordinates(house(number * 20)).tolist()
        text += "Region 1\n  5\n" + "".join(f"{x} {y}\n" for x, y in corners)
    path.write_bytes(text.encode(codec))
    rows = "".join(f'"{name}{i}","{9 + i}米"\n' for i in range(3))
    path.with_suffix(".mid").write_bytes(rows.encode(codec))
    return path


@pytest.mark.parametrize(
    ("charset", "codec", "name"),
    [
        ("WindowsSimpChinese", "gbk", "和平里"),
        ("Neutral", "gbk", "和平里"),
        ("Neutral", "big5", "臺北市政府"),
        ("neutral", "utf-8", "和平里"),
    ],
)
def test_texts_are_read_by_their_bytes(tmp_path: Path, charset: str, codec: str, name: str) -> None:
    made = taken(table(tmp_path / "楼.mif", charset, codec, name))
    assert heights(made) == [9.0, 10.0, 11.0]
    assert made.layers[0].name == "楼"
    assert content(made).attributes.column(0).to_pylist() == [f"{name}{i}" for i in range(3)]


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    path = table(tmp_path / "b.mif", "WindowsSimpChinese", "gbk", "楼")
    path.with_suffix(".mid").unlink()
    assert "mid_missing" in keys(told(path))
