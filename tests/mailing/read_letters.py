"""Reads letters with Python's own parser and checks their signatures with dkimpy.

usage: read_letters.py FOLDER

FOLDER holds truth.json: {"records": {name: value}, "csv": text, "letters": [{"file", "subject", "text", "html"}]}.
"""

import csv
import email
import email.policy
import io
import json
import pathlib
import sys

import dkim

folder = pathlib.Path(sys.argv[1])
truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
wrong = []


def record_of(name, timeout=5):
    return truth["records"][name.decode().rstrip(".")].encode()


def verifies(message, nth):
    try:
        return dkim.DKIM(message).verify(idx=nth, dnsfunc=record_of)
    except dkim.DKIMException:
        return False


def lines(text):
    return text.replace("\r\n", "\n")


def check(letter):
    message = (folder / letter["file"]).read_bytes()
    read = email.message_from_bytes(message, policy=email.policy.default)
    if read.defects:
        yield f"defects {read.defects}"
    if str(read["subject"]) != letter["subject"]:
        yield f"subject {read['subject']!r}"
    for kind in ("plain", "html"):
        body = read.get_body((kind,)).get_content()
        if lines(body).rstrip("\n") != lines(letter["text" if kind == "plain" else kind]).rstrip("\n"):
            yield f"its {kind} text is another"
    attached = [part.get_payload(decode=True) for part in read.iter_attachments()]
    if attached[:1] != [truth["csv"].encode()]:
        yield "its list is another"
    if len(attached) != 2 or not attached[1].startswith(b"%PDF-"):
        yield "its page is not there"
    rows = list(csv.reader(io.StringIO(attached[0].decode(), newline="")))
    if rows != list(csv.reader(io.StringIO(truth["csv"], newline=""))) or len({len(row) for row in rows}) != 1:
        yield "its rows are others"
    for nth in range(2):
        if not verifies(message, nth):
            yield f"signature {nth} does not verify"
    if len(read.get_all("dkim-signature")) != 2:
        yield "not two signatures"
    # Whoever changes a word or adds a sender is found out.
    changed = message.replace(b"Respectfully", b"Disrespectfully").replace(b"\r\n\r\n--", b"\r\n\r\nx\r\n--", 1)
    if verifies(changed, 0) or verifies(b"From: a@b.example\r\n" + message, 1):
        yield "a changed letter verifies"


for letter in truth["letters"]:
    wrong.extend(f"{letter['file']}: {what}" for what in check(letter))
for line in wrong[:20]:
    print(line, file=sys.stderr)
print(f"{len(truth['letters'])} letters read, {len(wrong)} things wrong")
sys.exit(bool(wrong) or not truth["letters"])
