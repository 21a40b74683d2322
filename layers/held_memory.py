"""What memory the steps of a history keep, counted as it changes and not anew for each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from layers.condensed import memory_of_kept
from layers.swap import Work


@runtime_checkable
class Holding(Protocol):
    """A command that keeps contents of layers, which may be large."""

    def held(self) -> Iterator[object]:
        """Give the contents, or what is kept of them."""

    def condensing(self) -> Work | None:
        """Give the work of keeping less, None where there is nothing left to do."""


class HeldMemory:
    """Counts the bytes that commands keep; what several of them share counts once."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, int]] = {}  # bytes by address, by the command
        self._times: dict[int, int] = {}
        self._bytes: dict[int, int] = {}
        self._total = 0

    def note(self, command: object) -> None:
        """Count what a command keeps now, in place of what it kept."""
        now: dict[int, int] = {}
        if isinstance(command, Holding):
            for kept in command.held():
                now |= memory_of_kept(kept)
        before = self._of.pop(id(command), {})
        for address, size in now.items():
            times = self._times.get(address, 0)
            if times == 0:
                self._bytes[address] = size
                self._total += size
            self._times[address] = times + 1
        for address in before:
            self._times[address] -= 1
            if self._times[address] == 0:
                del self._times[address]
                self._total -= self._bytes.pop(address)
        if now:
            self._of[id(command)] = now

    def forget(self, commands: Iterable[object]) -> None:
        """Count commands no more that are gone."""
        for command in commands:
            for address in self._of.pop(id(command), {}):
                self._times[address] -= 1
                if self._times[address] == 0:
                    del self._times[address]
                    self._total -= self._bytes.pop(address)

    def beside(self, contents: Iterable[object]) -> int:
        """Give the bytes that are kept beside these contents."""
        shared = {a for content in contents for a in memory_of_kept(content)}
        return self._total - sum(self._bytes.get(address, 0) for address in shared)
