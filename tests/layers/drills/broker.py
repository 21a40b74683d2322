"""An MQTT broker small enough for tests: it takes one client and says what it is told to say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence


class Broker:
    """Listens on a free port of this computer and speaks as much of MQTT 3.1.1 as is needed.

    Parameters
    ----------
    messages : sequence of (topic, payload)
        Sent once somebody asks for a topic.
    answer : int
        What it says to who calls: 0 welcome, 5 not allowed.
    hangs_up : bool
        Whether it goes after that.
    """

    def __init__(
        self, messages: Sequence[tuple[str, bytes]] = (), *, answer: int = 0, hangs_up: bool = False
    ) -> None:
        self._messages, self._answer, self._hangs_up = tuple(messages), answer, hangs_up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.topics: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._socket.close()
        self._thread.join(timeout=5.0)

    def _serve(self) -> None:
        try:
            client, _ = self._socket.accept()
        except OSError:
            return
        with client:
            client.settimeout(5.0)
            while True:
                try:
                    kind, body = _packet(client)
                except OSError:
                    return
                if kind == 0x10:  # CONNECT
                    client.sendall(bytes([0x20, 2, 0, self._answer]))
                    if self._answer:
                        return
                elif kind == 0x80:  # SUBSCRIBE
                    length = int.from_bytes(body[2:4], "big")
                    self.topics.append(body[4 : 4 + length].decode())
                    client.sendall(bytes([0x90, 3, body[0], body[1], 0]))
                    for topic, payload in self._messages:
                        client.sendall(_publish(topic, payload))
                    if self._hangs_up:
                        return
                elif kind == 0xE0:  # DISCONNECT
                    return


def _packet(client: socket.socket) -> tuple[int, bytes]:
    first = client.recv(1)
    if not first:
        raise OSError("closed")
    length, shift = 0, 0
    while True:
        part = client.recv(1)[0]
        length |= (part & 127) << shift
        shift += 7
        if part < 128:
            break
    body = b""
    while len(body) < length:
        body += client.recv(length - len(body))
    return first[0] & 0xF0, body


def _publish(topic: str, payload: bytes) -> bytes:
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + payload
    length, left = b"", len(body)
    while True:
        left, part = divmod(left, 128)
        length += bytes([part | (128 if left else 0)])
        if not left:
            return bytes([0x30]) + length + body
