"""Where live positions come from: a file that somebody writes, or topics of an MQTT broker.

A source is begun (that may take a while) and then polled, which never waits. The program opens
no port: it reads a file, or calls a broker when the user says so.
"""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from layers.drills.live import Reading, joined
from layers.drills.live_reading import Reader
from layers.errors import CityError
from layers.files.raw import Note
from layers.project import Project

LARGEST = 16 << 20  # bytes of a file that are looked at: of longer tables the last ones
WAITING = 2000  # messages kept between two looks
PASSWORD = "CITYSTAGE_MQTT_PASSWORD"
PLAIN, SECURE = 1883, 8883


class Source(Protocol):
    """Something that gives reports."""

    @property
    def name(self) -> str:
        """What it is called in texts."""

    def begin(self) -> None:
        """Open it; may wait a few seconds.

        Raises
        ------
        CityError
            ``live.*``, saying what is wrong.
        """

    def poll(self, project: Project, now: float) -> Reading | None:
        """Give what came since the last look, at once; None for nothing new.

        Raises
        ------
        CityError
            ``live.*``; the source may be polled again.
        """

    def end(self) -> None:
        """Let it go."""


@dataclass(slots=True)
class FollowedFile:
    """A file of reports that grows, or is written anew: .csv .txt, .json .geojson, .xml .cot.

    Of a table that grows only the new rows are read; a last row without an end waits until it
    is whole. All others are read whole whenever they change.

    Attributes
    ----------
    path : pathlib.Path
    """

    path: Path
    _stamp: tuple[int, int, int] = (-1, -1, -1)
    _heading: bytes = b""
    _offset: int = 0
    _line: int = 1

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.name

    def begin(self) -> None:
        """See that it is there.

        Raises
        ------
        CityError
            ``live.no_file``.
        """
        self._read_stamp()

    def poll(self, project: Project, now: float) -> Reading | None:
        """Read what is new.

        Raises
        ------
        CityError
            ``live.no_file``, ``live.no_places``, ``live.too_large``.
        """
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return None
        reader = Reader(project, now)
        suffix = self.path.suffix.lower()
        if suffix in (".json", ".geojson", ".ndjson", ".xml", ".cot"):
            if stamp[1] > LARGEST:
                raise CityError(
                    "live.too_large",
                    f"{self.name} has {stamp[1] >> 20} MB; reports are looked at up to "
                    f"{LARGEST >> 20} MB.",
                    hint="let the sender write the last positions only, or a table",
                    name=self.name,
                    megabytes=stamp[1] >> 20,
                )
            self._stamp = stamp
            return reader.any(_decoded(self._bytes(0)))
        reading = self._rows(reader, stamp)
        self._stamp = stamp
        return reading

    def end(self) -> None:
        """Forget how far it was read."""
        self._stamp, self._heading, self._offset, self._line = (-1, -1, -1), b"", 0, 1

    def _rows(self, reader: Reader, stamp: tuple[int, int, int]) -> Reading | None:
        heading = self._first_row()
        grown = stamp[0] == self._stamp[0] and stamp[1] >= self._offset
        if not grown or heading != self._heading:
            self._heading, self._offset, self._line = heading, len(heading), 1
        skipped = stamp[1] - self._offset > LARGEST
        start = stamp[1] - LARGEST if skipped else self._offset
        new = self._bytes(start)
        whole = new[: new.rfind(b"\n") + 1]
        self._offset = start + len(whole)
        if skipped:
            whole = whole[whole.find(b"\n") + 1 :]
        if not whole.strip():
            return None
        before = self._line
        self._line += whole.count(b"\n")
        return reader.table(_decoded(heading + whole), before)

    def _first_row(self) -> bytes:
        with self.path.open("rb") as file:
            return file.readline(1 << 16)

    def _bytes(self, start: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(LARGEST)

    def _read_stamp(self) -> tuple[int, int, int]:
        try:
            told = self.path.stat()
        except OSError as error:
            raise CityError(
                "live.no_file",
                f"{self.name} cannot be read: {error.strerror}.",
                hint="check the path; the file is looked for again and again",
                name=self.name,
                reason=str(error.strerror),
            ) from error
        return told.st_ino, told.st_size, told.st_mtime_ns


@dataclass(slots=True)
class MqttTopic:
    """Messages of an MQTT broker (3.1.1), each one report or more.

    Attributes
    ----------
    host : str
    topic : str
        May have ``+`` and ``#``; where a message does not say who sends, the last part of its
        topic does.
    port : int
        0 takes 1883, or 8883 with `secure`.
    user : str
        "" for none; its password stands in the environment, ``CITYSTAGE_MQTT_PASSWORD``.
    secure : bool
        Over TLS, with the certificates of the computer.
    """

    host: str
    topic: str
    port: int = 0
    user: str = ""
    secure: bool = False
    _client: Any = None
    _came: deque[tuple[str, bytes]] = field(default_factory=lambda: deque(maxlen=WAITING))
    _refused: str = ""
    _lost: bool = False
    _dropped: int = 0

    @property
    def name(self) -> str:
        """Broker and topic."""
        return f"{self.host}:{self._port} {self.topic}"

    @property
    def _port(self) -> int:
        return self.port or (SECURE if self.secure else PLAIN)

    def begin(self) -> None:
        """Call the broker and ask for the topic; waits at most ten seconds.

        Raises
        ------
        CityError
            ``live.no_broker``, ``live.refused``.
        """
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        self.end()
        client = Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
        client.connect_timeout = 5.0
        client.on_connect = self._connected
        client.on_message = self._message
        client.on_disconnect = self._disconnected
        if self.user:
            client.username_pw_set(self.user, os.environ.get(PASSWORD))
        self._refused, self._lost = "waiting", False
        try:
            if self.secure:
                client.tls_set()
            client.connect(self.host, self._port)
            ends = time.monotonic() + 5.0
            while self._refused == "waiting" and not self._lost and time.monotonic() < ends:
                client.loop(timeout=0.1)
        except (OSError, ValueError) as error:
            raise self._no_broker(str(error)) from error
        if self._refused:
            reason = self._refused
            client.disconnect()
            if reason == "waiting":
                raise self._no_broker("it does not answer")
            raise CityError(
                "live.refused",
                f"The broker {self.host} refuses: {reason}.",
                hint=f"give a user, and the password in {PASSWORD}",
                host=self.host,
                reason=reason,
            )
        self._client = client

    def poll(self, project: Project, now: float) -> Reading | None:
        """Read the messages that came.

        Raises
        ------
        CityError
            ``live.lost`` where the broker hung up; begin again then.
        """
        if self._client is None:
            return None
        for _ in range(WAITING):
            before = len(self._came)
            if self._lost or self._client.loop(timeout=0.0) != 0 or len(self._came) == before:
                break
        if self._lost and not self._came:
            self.end()
            raise CityError(
                "live.lost",
                f"The broker {self.host} hung up.",
                hint="it is called again; see whether the network is there",
                host=self.host,
            )
        if not self._came:
            return None
        reader, found = Reader(project, now), []
        while self._came:
            topic, payload = self._came.popleft()
            found.append(reader.any(_decoded(payload), topic))
        notes = joined(note for reading in found for note in reading.notes)
        if self._dropped:
            notes += (Note("live_dropped", {"count": self._dropped, "line": 0, "value": ""}),)
            self._dropped = 0
        sightings = tuple(one for reading in found for one in reading.sightings)
        return Reading(sightings, notes)

    def end(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop(timeout=0.0)

    def _no_broker(self, reason: str) -> CityError:
        return CityError(
            "live.no_broker",
            f"The broker {self.host}:{self._port} cannot be reached: {reason}.",
            hint="check host and port, and whether it wants TLS",
            host=self.host,
            port=str(self._port),
            reason=reason,
        )

    def _connected(
        self, client: Any, _data: object, _flags: object, reason: Any, _more: object
    ) -> None:
        self._refused = str(reason) if reason.is_failure else ""
        if not self._refused:
            client.subscribe(self.topic)

    def _message(self, _client: object, _data: object, message: Any) -> None:
        self._dropped += len(self._came) == WAITING
        self._came.append((message.topic, bytes(message.payload)))

    def _disconnected(
        self, _client: object, _data: object, _flags: object, _reason: object, _more: object
    ) -> None:
        self._lost = True


def source_of(text: str, *, topic: str = "", user: str = "", secure: bool = False) -> Source:
    """Give the source a text names: a path, or with a topic ``HOST`` or ``HOST:PORT``.

    Raises
    ------
    CityError
        ``live.no_source`` where nothing is named, or the port is no number.
    """
    if not text.strip():
        raise CityError(
            "live.no_source", "No file and no broker is named.",
            hint="give --file positions.csv, or --broker HOST --topic NAME",
        )  # fmt: skip
    if not topic:
        return FollowedFile(Path(text))
    host, _, port = text.removeprefix("mqtt://").removeprefix("mqtts://").partition(":")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise CityError(
            "live.no_source", f"'{port}' is no port.", hint="write HOST or HOST:PORT",
        )  # fmt: skip
    return MqttTopic(host, topic, int(port or 0), user, secure or text.startswith("mqtts://"))


def _decoded(raw: bytes) -> str:
    """Read UTF-8, else the Chinese encoding, else what can be read of it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", errors="replace")
