#!/usr/bin/env python3
"""Exports a resume file through a running letraz-export. Standard library only.

    LETRAZ_URL=http://127.0.0.1:8080 LETRAZ_TOKEN=… python3 export.py my-resume.json resume.pdf
"""

import hashlib
import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid


def call(path, body=None, **headers):
    """Sends a request until it has an answer that stays: at most six times, at the intervals
    that the API asks for. Returns the headers and the body."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["Authorization"] = "Bearer " + os.environ["LETRAZ_TOKEN"]
    for tries in range(1, 7):
        pause = 0.2 * 2**tries * random.uniform(0.5, 1)
        request = urllib.request.Request(os.environ["LETRAZ_URL"] + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as err:
            problem = f"the API answers {err.code}: {err.read().decode('utf-8', 'replace')}"
            if err.code not in (429, 502, 503, 504):
                break
            pause = max(pause, seconds(err.headers))
        except (OSError, http.client.HTTPException) as err:  # no connection, or it broke
            problem = f"calling the API: {err}"
        if tries < 6:
            time.sleep(pause)
    raise SystemExit(problem)


def seconds(headers):
    """Returns what Retry-After asks for."""
    text = headers.get("Retry-After", "0")
    return int(text) if text.isdigit() else 0


def export(resume):
    # The same key for every try makes them one export.
    body = json.dumps({"resume": resume, "template": "modern"}).encode()
    _, data = call("/v1/exports", body, Content_Type="application/json", Idempotency_Key=str(uuid.uuid4()), Prefer="wait=30")
    now = json.loads(data)
    # 30 s are long; a busy service may still need longer.
    while now["status"] in ("queued", "rendering"):
        began = time.monotonic()
        headers, data = call("/v1/exports/" + now["id"], Prefer="wait=30")
        now = json.loads(data)
        if time.monotonic() - began < 1:
            time.sleep(seconds(headers))
    if now["status"] != "ready":
        raise SystemExit(f"the export is {now['status']}: {now.get('failure', {}).get('message', 'no reason was given')}")

    _, file = call("/v1/exports/" + now["id"] + "/download")
    if hashlib.sha256(file).hexdigest() != now["sha256"]:
        raise SystemExit("the download is damaged")
    return now, file


def main():
    if len(sys.argv) != 3:
        print("usage: export.py RESUME.json OUTPUT.pdf", file=sys.stderr)
        sys.exit(2)
    with open(sys.argv[1], encoding="utf-8") as source:
        done, file = export(json.load(source))
    with open(sys.argv[2], "wb") as output:
        output.write(file)
    for note in done.get("notes", []):
        print(f"note: {note['path']}: {note['message']}")
    print(f"{sys.argv[2]}: {done['pages']} pages, {done['size']} bytes, sha256 {done['sha256']}")


if __name__ == "__main__":
    main()
