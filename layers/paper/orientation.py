"""Which pages of a report lie across: text stands upright, wide tables and pictures lie."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.paper.document import (
    Block,
    Document,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Picture,
    Sheet,
    Table,
)
from layers.pipes.plate import Plate

#: Letters of all columns, room between them included, that an upright page holds in good order.
UPRIGHT = 130.0
DRAWN = 200.0  # millimetres of a drawing from which on its texts would get too small
FEW_LINES = 14.0  # between two pages across: what is no longer does not stand up for itself
LEAD = 6.0  # lines below a heading that go along with the heading below them
LETTERS = 95.0  # of a line of text


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks that follow each other on pages of one kind.

    Attributes
    ----------
    across : bool
        Whether the pages lie across.
    blocks : tuple of Block
        What stands on them.
    """

    across: bool
    blocks: tuple[Block, ...]


def lies(block: Block) -> bool:
    """Say whether a block needs a page across: it was asked for, or its columns are too many."""
    match block:
        case Table():
            return block.wide or (not block.widths and sum(block.shares()) > UPRIGHT)
        case Picture(source=Plate(width=wide), width_mm=0.0):
            return block.wide or wide > DRAWN
        case Picture():
            return block.wide
        case _:
            return False


def runs(document: Document) -> tuple[Run, ...]:
    """Split a report into what stands upright and what lies across.

    Headings go with what follows them, and notes with the table that they are about. A few lines
    between two pages across stay there. A table has no title below a heading that says the same.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    tuple of Run
        One where all pages are of one kind.
    """
    blocks = document.blocks
    if document.wide or not any(lies(block) for block in blocks):
        return (Run(document.wide, _said_once(blocks)),) if blocks else ()
    across = [lies(block) for block in blocks]
    for at in [at for at, flag in enumerate(across) if flag]:
        for before in range(_leads(blocks, at), at):
            across[before] = True
        after = at + 1
        while after < len(blocks) and isinstance(blocks[after], Paragraph):
            across[after] = True
            after += 1
    cut = _split(blocks, across)
    for number in range(1, len(cut) - 1):
        low, high = cut[number]
        if not across[low] and _lines(blocks[low:high]) <= FEW_LINES:
            across[low:high] = [True] * (high - low)
    for low, high in _split(blocks, across)[1:]:  # few lines before a drawing on its own page
        sheet = next((k for k in range(low, high) if isinstance(blocks[k], Sheet)), low)
        if not across[low] and _lines(blocks[low:sheet]) <= FEW_LINES:
            across[low:sheet] = [True] * (sheet - low)
    made = [Run(across[low], _bare(blocks[low:high])) for low, high in _split(blocks, across)]
    return tuple(run for run in made if run.blocks)


def _leads(blocks: Sequence[Block], at: int) -> int:
    """Give where the headings and the words before a block begin that belong to it."""
    start = _headed(blocks, at)
    while start < at and isinstance(head := blocks[start], Heading) and head.level > 1:
        above = _headed(blocks, start)
        if above == start or _lines(blocks[above:start]) > LEAD:
            break
        start = above
    return start


def _headed(blocks: Sequence[Block], at: int) -> int:
    """Go back over paragraphs to the headings above them; stay where there are none."""
    text = at
    while text > 0 and isinstance(blocks[text - 1], Paragraph):
        text -= 1
    top = text
    while top > 0 and isinstance(blocks[top - 1], Heading):
        top -= 1
    return top if top < text else at


def _split(blocks: Sequence[Block], across: Sequence[bool]) -> list[tuple[int, int]]:
    """Give where each run starts and ends."""
    edges = [0, *(k for k in range(1, len(blocks)) if across[k] != across[k - 1]), len(blocks)]
    return list(itertools.pairwise(edges))


def _lines(blocks: Sequence[Block]) -> float:
    """Guess how many lines blocks take; a drawing or a page break counts as very many."""
    total = 0.0
    for block in blocks:
        match block:
            case Heading():
                total += 2.0
            case Paragraph():
                total += 1.0 + len(block.text) / LETTERS
            case Listing():
                total += len(block.items)
            case Table():
                total += 2.0 + len(block.rows)
            case PageBreak():
                total += 0.0
            case _:
                total += FEW_LINES + 1.0
    return total


def _bare(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Take page breaks from the ends: another kind of page begins there by itself."""
    kept = list(blocks)
    while kept and isinstance(kept[0], PageBreak):
        kept.pop(0)
    while kept and isinstance(kept[-1], PageBreak):
        kept.pop()
    return _said_once(kept)


def _said_once(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Take the title from tables below a heading that says the same."""
    out: list[Block] = []
    said = ""
    for block in blocks:
        if isinstance(block, Heading):
            said = block.text
        same = isinstance(block, Table) and block.title == said
        out.append(replace(block, title="") if isinstance(block, Table) and same else block)
    return tuple(out)
