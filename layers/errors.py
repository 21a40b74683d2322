"""The errors people see: a stable code, one clear sentence, and what to try."""

from __future__ import annotations


class CityError(Exception):
    """Something a person can understand and mend.

    Parameters
    ----------
    code : str
        Stable name of the error, dotted (``"buildings.height"``). It keys the
        translation and never changes once published.
    message : str
        One English sentence: what is wrong, how many, the first culprit.
    hint : str
        What to try, without a leading capital or a final full stop.
    where : str
        File, layer or field the sentence is about.
    **facts : object
        Values that the sentence mentions, for the translated sentence.
    """

    def __init__(
        self, code: str, message: str, *, hint: str = "", where: str = "", **facts: object
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where
        self.facts = facts

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  Try: {self.hint}" if self.hint else text


class Cancelled(Exception):  # noqa: N818 - not an error: somebody pressed stop
    """A long operation was stopped by its user; nothing was changed."""
