"""A job file tells its mistakes with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app import jobs_model
from app.jobs_file import JobError, JobFile, keys_allowed, read_job
from app.toml_lines import Lines
from layers.errors import CityError

GOOD = """\
language = "zh-CN"

[[project]]
file = "city.gpkg"

[defaults]
sizes = ["1920x1080", [800, 600]]   # pixels
file = "{project}/{n:03}-{view}.png"

[[style]]
layer = "建筑"
colour_by = "高度"
mode = "ranges"

[[picture]]
views = ["*"]
hide = "影像"

[[picture]]
name = "here"
camera = [114.1, 30.5, 600, 20, -35]

[[measure]]
kind = "distance"
points = "0,0 3,4,5"

[[measure]]
kind = "area"
points = [
    [0, 0],
    [1, 0],
    [1, 1],
]

[[table]]
file = "{project}.xlsx"
"""


def read(folder: Path, text: str) -> JobFile:
    path = folder / "night.toml"
    path.write_text(text, encoding="utf-8")
    return read_job(path)


def test_a_good_job_is_understood(tmp_path: Path) -> None:
    file = read(tmp_path, GOOD)
    job = file.job
    assert job.project[0].called == "city"
    assert job.defaults.sizes == ((1920, 1080), (800, 600))
    assert job.picture[0].hide == ("影像",)
    assert list(job.picture[1].camera or ()) == [114.1, 30.5, 600, 20, -35]
    assert [len(item.points) for item in job.measure] == [2, 3]
    assert file.at("picture", 1) == "night.toml:19"
    assert file.beside("city.gpkg") == tmp_path / "city.gpkg"


def test_one_project_may_be_written_as_a_plain_table(tmp_path: Path) -> None:
    job = read(tmp_path, '\ufeff[project]\nsample = true\n[[picture]]\nview = "A"\n').job
    assert job.project[0].called == "sample"


PROJECT = '[project]\nfile = "a.gpkg"\n'

WRONG = [
    ("[project\n", 1, "job.syntax", "This is not TOML"),
    (PROJECT + 'title = "x\n', 3, "job.syntax", "This is not TOML"),
    (PROJECT + "file = 3\n", 3, "job.syntax", "cannot overwrite a value"),
    ('[[picture]]\nview = "A"\n', 1, "job.missing", "needs the key 'project'"),
    (PROJECT + '[[picture]]\nveiw = "A"\n', 4, "job.unknown_key", "[[picture]] has no key 'veiw'"),
    (PROJECT + "[picture]\n", 3, "job.value", "'picture'"),
    (PROJECT + "\n\n[[pictures]]\n", 5, "job.unknown_key", "no key 'pictures'"),
    (PROJECT + '[defaults]\nsize = "big"\n', 4, "argument.size", "'big'"),
    (PROJECT + '[defaults]\nsizes = [\n  "9x9",\n  "1920x1080",\n]\n', 5, "argument.size", "'9x9'"),
    (PROJECT + '[[picture]]\ncamera = "1,2,3"\n', 4, "argument.camera", "five numbers"),
    (PROJECT + "[[picture]]\ncamera = [1, 2, 3, 4]\n", 4, "argument.camera", "has 4"),
    (PROJECT + '[[picture]]\nfurniture = "yes please"\n', 4, "job.value", "'furniture'"),
    (PROJECT + '[[picture]]\nview = "A"\ncamera = "1,2,3,4,5"\n', 3, "job.picture_eye", "one of"),
    (PROJECT + '[[picture]]\nmoment = "noon"\n', 4, "daylight.moment", "'noon'"),
    (PROJECT + '[[picture]]\nfile = "{name}.png"\n', 3, "job.placeholder", "'name'"),
    (PROJECT + '[[picture]]\nfile = "{view.png"\n', 3, "job.placeholder", "placeholder"),
    (PROJECT + '[[picture]]\nfile = "../x.png"\n', 3, "job.outside", "outside"),
    (PROJECT + '[[picture]]\nproject = "b"\n', 4, "job.no_such_project", "'b'"),
    (PROJECT + '[[style]]\nlayer = "L"\nmode = "steps"\n', 5, "job.choice", "'steps'"),
    (PROJECT + '[[style]]\nlayer = "L"\ncolour = "red"\n', 5, "style.colour", "'red'"),
    (PROJECT + '[[style]]\nlayer = "L"\nopacity = 2\n', 5, "job.value", "'2'"),
    (PROJECT + '[[style]]\nlayer = "L"\nlimits = [9, 3]\n', 3, "argument.limits", "9,3"),
    (PROJECT + "[[style]]\n", 3, "job.missing", "'layer'"),
    (PROJECT + '[[measure]]\nkind = "distance"\npoints = "1,2"\n', 3, "job.points", "needs 2"),
    (PROJECT + '[[measure]]\nkind = "volume"\n', 4, "job.choice", "'volume'"),
    (PROJECT + '[[measure]]\nkind = "area"\npoints = "a,b"\n', 5, "argument.number", "'a'"),
    (PROJECT + '[[measure]]\nkind = "building"\n', 3, "job.building", "'layer' and 'object'"),
    (PROJECT + '[[table]]\nfile = "x.csv"\nwhat = "layer"\n', 3, "job.table_layer", "layer"),
    (PROJECT + '[[table]]\nfile = "{view}.csv"\n', 3, "job.placeholder", "'view'"),
    (PROJECT + 'sample = true\n', 1, "job.project_source", "one source"),
    ("project = []\n", 1, "job.no_project", "no project"),
    ("[project]\n", 1, "job.project_source", "one source"),
    ('[[project]]\nfile="a.gpkg"\n[[project]]\nfile="b/a.gpkg"\n', 3, "job.project_twice", "'a'"),
    ('[project]\n[[project.import]]\nfile = "a.shp"\nas_ = "x"\n', 4, "job.unknown_key", "'as_'"),
    ('[project]\n[[project.import]]\nfile = "a"\nstorey_height = 0\n', 4, "job.value", "'0'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "code", "told"), WRONG, ids=range(len(WRONG)))
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, code: str, told: str
) -> None:
    with pytest.raises(CityError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert (error.code, error.where) == (code, f"night.toml:{line}")
    assert told.casefold() in error.message.casefold()
    assert error.hint


def test_a_moment_of_toml_is_one(tmp_path: Path) -> None:
    job = read(tmp_path, PROJECT + "[[picture]]\nmoment = 2026-06-21T10:00:00\n").job
    assert job.picture[0].moment == "2026-06-21T10:00:00"


def test_a_near_miss_is_guessed_and_the_allowed_keys_are_listed(tmp_path: Path) -> None:
    with pytest.raises(CityError) as caught:
        read(tmp_path, PROJECT + "[[picture]]\ntransparant = true\n")
    assert "did you mean 'transparent'?" in caught.value.hint
    assert "camera" in caught.value.hint
    assert "as" in keys_allowed(("project", 0, "import", 0))


def test_all_mistakes_are_told_in_the_order_of_their_lines(tmp_path: Path) -> None:
    with pytest.raises(JobError) as caught:
        read(tmp_path, PROJECT + '[[style]]\ncolour = "red"\n[defaults]\nsize = "x"\nfoo = 1\n')
    everything = (caught.value, *caught.value.others)
    assert [error.where for error in everything] == [
        "night.toml:3", "night.toml:4", "night.toml:6", "night.toml:7",
    ]  # fmt: skip


def test_a_missing_file_and_a_file_that_is_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="cannot be read"):
        read_job(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("名称 = 1".encode("gbk"))
    with pytest.raises(CityError, match="UTF-8"):
        read_job(tmp_path / "gbk.toml")


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{1,5}", fullmatch=True),
            st.sampled_from(['"a # [b"', "'''x\n=\n[t]'''", "[1,\n 2, # c\n]", "{k = [1]}", "3"]),
            st.integers(0, 2),
        ),
        max_size=6,
        unique_by=lambda row: row[0],
    )
)
def test_the_line_of_every_key_is_found(rows: list[tuple[str, str, int]]) -> None:
    text, wanted = "", {}
    for key, value, blank in rows:
        text += "\n# note = 1\n" * blank
        wanted[key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    lines = Lines(text)
    assert {key: lines.of((key,)) for key, _, _ in rows} == wanted


@pytest.mark.parametrize("table", [table for table in vars(jobs_model).values()
                                   if isinstance(table, type) and issubclass(table, BaseModel)
                                   and table.__module__ in {"app.jobs_model", "app.jobs_ground",
                                                            "app.jobs_tours_model"}])  # fmt: skip
def test_the_page_on_job_files_names_every_key(table: type[BaseModel]) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "job-file.md").read_text("utf-8")
    names = [field.alias or name for name, field in table.model_fields.items()]
    written = [name for name in names
               if f"`{name}`" in page or f"`[{name}]`" in page or f"[[{name}]]" in page
               or f".{name}]]" in page]  # fmt: skip
    assert written == names
