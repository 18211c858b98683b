#!/usr/bin/env python3
"""OpenSSH's sftp-server with more, or worse, manners: odd-server.py SFTP-SERVER MANNER.

hash     offers check-file, and answers it truly
lie      offers check-file, and answers with the hash of something else
corrupt  changes a byte of whatever is written
stall    never answers what is written
once     changes a byte of the first that is written, and never again
Says on standard error when it was asked for a hash.
"""
import hashlib
import struct
import subprocess
import sys
import threading

server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
manner = sys.argv[2]
paths = {}  # of handles, and of requests that open
corrupted = 0
out_lock = threading.Lock()


def packet(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    return stream.read(struct.unpack(">I", head)[0])


def text(body, at):
    length = struct.unpack(">I", body[at : at + 4])[0]
    return body[at + 4 : at + 4 + length], at + 4 + length


def send(stream, body):
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def string(value):
    return struct.pack(">I", len(value)) + value


def answers():
    while (body := packet(server.stdout)) is not None:
        if body[0] == 2 and manner in ("hash", "lie"):
            body += string(b"check-file") + string(b"")
        if body[0] == 102:
            handle, _ = text(body, 5)
            paths[handle] = paths.get(body[1:5])
        with out_lock:
            send(sys.stdout.buffer, body)


def is_hash(body):
    return body[0] == 200 and text(body, 5)[0] == b"check-file-handle"


def answer_hash(body):
    print("asked for a hash", file=sys.stderr, flush=True)
    _, at = text(body, 5)
    handle, at = text(body, at)
    _, at = text(body, at)
    start, length = struct.unpack(">QQ", body[at : at + 16])
    with open(paths[handle], "rb") as file:
        file.seek(start)
        data = file.read(length)
    if manner == "lie":
        data += b"?"
    reply = b"\xc9" + body[1:5] + string(b"check-file") + string(b"sha256")
    with out_lock:
        send(sys.stdout.buffer, reply + hashlib.sha256(data).digest())


threading.Thread(target=answers, daemon=True).start()
while (request := packet(sys.stdin.buffer)) is not None:
    if request[0] == 3:
        paths[request[1:5]] = text(request, 5)[0]
    if is_hash(request):
        answer_hash(request)
        continue
    if request[0] == 6 and manner == "stall":
        continue
    if request[0] == 6 and (manner == "corrupt" or manner == "once" and not corrupted):
        corrupted += 1
        request = request[:-1] + bytes([request[-1] ^ 1])
    send(server.stdin, request)
