"""A cheap model server for load tests: the standard library alone, a few milliseconds of CPU to start.

Reads PORT and POD_IP, and of its own: START_SECONDS (how long loading takes), STOP_SECONDS (how long it goes
on after SIGTERM), FAIL (print this and end with 3), STATUS (what is answered instead of "200 OK").
    /            the revision that answers
    /slow?MS     the same after so many milliseconds
    /stream?N    N server-sent events, 50 ms apart, then [DONE]; data: the revision
"""

import asyncio
import os
import signal
import sys
import time

REVISION = os.environ.get("K_REVISION", "")
BODY = REVISION.encode()
STATUS = os.environ.get("STATUS", "200 OK").encode()
ANSWER = b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (STATUS, len(BODY), BODY)
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(text):
    return b"%x\r\n%s\r\n" % (len(text), text)


class Connection(asyncio.Protocol):
    """One request at a time: nobody pipelines here."""

    def connection_made(self, transport):
        self.transport = transport
        self.received = b""

    def data_received(self, data):
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        path = self.received.split(b" ", 2)[1].decode()
        self.received = b""
        kind, _, argument = path.partition("?")
        if kind == "/slow":
            loop.call_later(int(argument) / 1000, self.send, ANSWER)
        elif kind == "/stream":
            self.send(STREAM)
            self.event(int(argument))
        else:
            self.send(ANSWER)

    def send(self, text):
        if not self.transport.is_closing():
            self.transport.write(text)

    def event(self, left):
        if left == 0:
            self.send(chunk(b"data: [DONE]\n\n") + chunk(b""))
            return
        self.send(chunk(b"data: " + BODY + b"\n\n"))
        loop.call_later(0.05, self.event, left - 1)


if os.environ.get("FAIL"):
    print(os.environ["FAIL"], file=sys.stderr, flush=True)
    sys.exit(3)
time.sleep(float(os.environ.get("START_SECONDS", "0")))
loop = asyncio.new_event_loop()
address = os.environ.get("POD_IP", "127.0.0.1")
loop.add_signal_handler(signal.SIGTERM, loop.call_later, float(os.environ.get("STOP_SECONDS", "0")), loop.stop)
loop.run_until_complete(loop.create_server(Connection, address, int(os.environ["PORT"]), backlog=1024))
loop.run_forever()
