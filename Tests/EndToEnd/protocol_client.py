"""Calls by real clients of HTTP/2, gRPC and WebSocket, for test_19_protocols.py; it runs in an environment of its own.

protocol_client.py PORT CALL...: prints what each call returns, as one line of JSON.
"""

import asyncio
import json
import os
import sys
import threading
import time

PORT = sys.argv[1]
RAW = {"request_serializer": None, "response_deserializer": None}


def channel(host="echo"):
    import grpc
    return grpc.insecure_channel(f"127.0.0.1:{PORT}", options=[("grpc.default_authority", f"{host}.default.localhost")])


def unary():
    with channel() as calls:
        answer, call = calls.unary_unary("/test.Echo/Unary", **RAW).with_call(b"hello", metadata=[("x-key", "value")])
        return [answer.decode(), dict(call.initial_metadata()).get("x-seen"), dict(call.trailing_metadata())["x-end"]]


def server_stream():
    with channel() as calls:
        begin = time.monotonic()
        times = [time.monotonic() - begin for _ in calls.unary_stream("/test.Echo/Count", **RAW)(b"5")]
        return [len(times), times[0] < 0.3, times[-1] - times[0] > 0.3]


def client_stream():
    with channel() as calls:
        return calls.stream_unary("/test.Echo/Join", **RAW)(iter([b"a", b"b" * 100_000, b"c"])).decode()[:3]


def both_streams():
    """Each message is sent after the answer to the one before has come."""
    with channel() as calls:
        turn = threading.Semaphore(1)

        def messages():
            for number in range(5):
                turn.acquire()
                yield str(number).encode()
        answers = []
        for answer in calls.stream_stream("/test.Echo/Talk", **RAW)(messages()):
            answers.append(answer.decode())
            turn.release()
        return answers


def error(host="echo", path="/test.Echo/Fail"):
    import grpc
    with channel(host) as calls:
        try:
            calls.unary_unary(path, **RAW)(b"x", timeout=20)
        except grpc.RpcError as error:
            return [error.code().name, error.details()]


def unknown_host():
    return error("nobody")


def guarded():
    """The status of a call without a token, and of one with each in the environment's TOKENS."""
    import grpc
    options = [("grpc.default_authority", "guarded-default.localhost")]
    statuses = []
    with grpc.insecure_channel(f"127.0.0.1:{PORT}", options=options) as calls:
        for token in [None, *os.environ["TOKENS"].split()]:
            metadata = [("authorization", f"Bearer {token}")] if token else []
            try:
                statuses.append(calls.unary_unary("/test.Echo/Unary", **RAW)(b"in", metadata=metadata, timeout=60).decode())
            except grpc.RpcError as error:
                statuses.append(error.code().name)
    return statuses


def secure():
    """A call through TLS, with the authority in the file CA."""
    import grpc
    with open(os.environ["CA"], "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    options = [("grpc.default_authority", "echo.default.localhost"),
               ("grpc.ssl_target_name_override", "echo.default.localhost")]
    with grpc.secure_channel(f"127.0.0.1:{os.environ['TLS_PORT']}", credentials, options=options) as calls:
        return calls.unary_unary("/test.Echo/Unary", **RAW)(b"secret", timeout=20).decode()


def cancel():
    """Milliseconds from the client's cancelling until the server says that it knows."""
    with channel() as calls:
        stream = calls.unary_stream("/test.Echo/Forever", **RAW)(b"")
        next(stream)
        begin = time.time()
        stream.cancel()
        while True:
            seen = float(calls.unary_unary("/test.Echo/LastCancelled", **RAW)(b""))
            if seen >= begin:
                return (seen - begin) * 1000
            time.sleep(0.02)


def killed():
    """The status of a call whose server ends in the middle."""
    import grpc
    with channel() as calls:
        try:
            for _ in calls.unary_stream("/test.Echo/Die", **RAW)(b""):
                pass
        except grpc.RpcError as error:
            return error.code().name


def sleeper():
    with channel("sleeper") as calls:
        return calls.unary_unary("/test.Echo/Unary", **RAW)(b"woken", timeout=60).decode()


def http2():
    """httpx by prior knowledge: three requests on one connection, one of them a stream of events."""
    import httpx

    async def run():
        async with httpx.AsyncClient(http1=False, http2=True, base_url=f"http://127.0.0.1:{PORT}") as client:
            headers = {"Host": "fake.default.localhost"}

            async def events():
                async with client.stream("GET", "/stream?4", headers=headers) as response:
                    return [line async for line in response.aiter_lines() if line]
            one, two, lines = await asyncio.gather(
                client.get("/slow?100", headers=headers), client.get("/", headers=headers), events())
            return [one.http_version, one.text, two.status_code, lines[0], lines[-1], len(lines)]
    return asyncio.run(run())


def websocket():
    import socket
    import websockets.sync.client as websockets
    connection = socket.create_connection(("127.0.0.1", int(PORT)))
    with websockets.connect("ws://socket.default.localhost/talk", sock=connection, proxy=None) as talk:
        talk.send("hello")
        first = talk.recv()
        talk.send(b"x" * 200_000)
        return [first, len(talk.recv()), talk.ping().wait(5)]


for name in sys.argv[2:]:
    print(json.dumps(globals()[name]()), flush=True)
