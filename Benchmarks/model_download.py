#!/usr/bin/env python3
"""How fast a model of many files comes from an S3 server on this machine: `martlet model pull` beside boto3 (as KServe's
storage initializer calls it), the aws CLI and hf_transfer, one after another, from the same server.

4 GB in 64 files; MODEL_MEGABYTES=1000 for less. Martlet's time includes checking all MD5s and computing all SHA-256s,
which the others do not do.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "EndToEnd"))
from martlet import CACHE, PROGRAM  # noqa: E402
from s3_server import S3Server  # noqa: E402

MEGABYTES = int(os.environ.get("MODEL_MEGABYTES", "4000"))
FILES = 64
ROUNDS = int(os.environ.get("ROUNDS", "2"))

# What kserve_storage does: four processes, each with boto3's own transfers.
BOTO3 = """
import multiprocessing, os, sys, boto3
def start():
    global bucket
    bucket = boto3.resource("s3").Bucket("models")
def fetch(key):
    bucket.download_file(key, sys.argv[1] + "/" + os.path.basename(key))
if __name__ == "__main__":
    keys = [o.key for o in boto3.resource("s3").Bucket("models").objects.filter(Prefix="big/")]
    with multiprocessing.Pool(4, initializer=start) as pool:
        pool.map(fetch, keys)
"""

HF_TRANSFER = """
import os, sys, boto3, hf_transfer
s3 = boto3.client("s3")
for page in s3.get_paginator("list_objects_v2").paginate(Bucket="models", Prefix="big/"):
    for o in page["Contents"]:
        url = s3.generate_presigned_url("get_object", {"Bucket": "models", "Key": o["Key"]})
        hf_transfer.download(url, sys.argv[1] + "/" + os.path.basename(o["Key"]), 8, 10 * 1024 * 1024)
"""


def has(module, python):
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def contenders(s3, folder):
    """(name, command that downloads into a directory)"""
    programs = {"with_boto3.py": BOTO3, "with_hf_transfer.py": HF_TRANSFER}
    for name, text in programs.items():
        (folder / name).write_text(text)
    found = [
        ("martlet", lambda out: [PROGRAM, "model", "pull", "s3://models/big", "--data-dir", out]),
        ("boto3, 4 processes", lambda out: [s3.python, folder / "with_boto3.py", out])]
    if shutil.which("aws"):
        found.append(("aws s3 cp", lambda out: ["aws", "s3", "cp", "--quiet", "--recursive", "s3://models/big", out]))
    if has("hf_transfer", s3.python):
        found.append(("hf_transfer", lambda out: [s3.python, folder / "with_hf_transfer.py", out]))
    return found


def main():
    s3 = S3Server()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="download-", dir=CACHE))
    try:
        size = MEGABYTES * 1_000_000 // FILES
        (folder / "model").mkdir()
        for index in range(FILES):
            (folder / "model" / f"model-{index:05}.safetensors").write_bytes(os.urandom(size))
        s3.upload(folder / "model", "models", "big")
        shutil.rmtree(folder / "model")
        best = {}
        for _ in range(ROUNDS):
            for name, command in contenders(s3, folder):
                out = tempfile.mkdtemp(dir=folder)
                began = time.monotonic()
                subprocess.run(command(out), check=True, capture_output=True, env=s3.environment())
                took = time.monotonic() - began
                best[name] = min(best.get(name, took), took)
                shutil.rmtree(out)
        print(f"{MEGABYTES} MB in {FILES} files from moto on loopback, best of {ROUNDS}:")
        for name, took in sorted(best.items(), key=lambda item: item[1]):
            print(f"  {name:20} {took:7.2f} s  {MEGABYTES / took:7.0f} MB/s")
        peers = [took for name, took in best.items() if name != "martlet"]
        print(f"  fastest peer / martlet: {min(peers) / best['martlet']:.2f} (above 1: Martlet is faster)")
    finally:
        s3.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
