import time, orjson, cProfile, pstats
from tests.exchange.transfer.files import *
from jalon.formats.tddui import read
from django.db import connection
from django.test.utils import CaptureQueriesContext


def copies(n):
    text = orjson.dumps(sample()).decode()
    return [text.replace("3010001246/77", f"3010001246/{1000 + i}").encode() for i in range(n)]


def test_speed(body):
    raws = copies(200)
    bring(raws[0])
    with CaptureQueriesContext(connection) as q:
        bring(raws[1])
    print("queries", len(q))
    t = time.process_time()
    w = time.time()
    datas = [read(r) for r in raws[2:]]
    print("read", (time.time() - w) / 198 * 1000, "ms wall", (time.process_time() - t) / 198 * 1000, "ms cpu")
    t = time.process_time()
    w = time.time()
    for d, r in zip(datas, raws[2:]):
        import_transfer(d, r, now=NOW, by=None)
    dt_ = time.time() - w
    print(
        "import",
        dt_ / 198 * 1000,
        "ms wall",
        (time.process_time() - t) / 198 * 1000,
        "ms cpu",
        198 / dt_,
        "records/s",
    )
    w = time.time()
    for d, r in zip(datas, raws[2:]):
        import_transfer(d, r, now=NOW, by=None)
    print("again", (time.time() - w) / 198 * 1000, "ms")
    w = time.time()
    for rec in Record.objects.select_related("person", "establishment")[:100]:
        export_record(rec)
    print("export_record", (time.time() - w) * 10, "ms")
    w = time.time()
    for rec in Record.objects.select_related("person", "establishment")[:100]:
        taken_out(rec)
    print("taken_out", (time.time() - w) * 10, "ms")
    p = cProfile.Profile()
    p.enable()
    for r in copies(260)[200:]:
        import_transfer(read(r), r, now=NOW, by=None)
    p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(70)


def test_one_file(body):
    import re

    merged = {"resourceType": "Bundle", "type": "transaction", "entry": []}
    for i, raw in enumerate(copies(200)):
        d = orjson.loads(raw.replace(b"https://dui.example/fhir/", f"https://dui.example/{i}/".encode()))
        # references relative -> absolute
        text = orjson.dumps(d["entry"]).decode()
        text = re.sub(
            r'"reference":"([A-Z][A-Za-z]+/[a-z]+)"',
            lambda m: f'"reference":"https://dui.example/{i}/{m[1]}"',
            text,
        )
        merged["entry"] += [e for e in orjson.loads(text)]
    raw = orjson.dumps(merged)
    print(len(raw) / 1e6, "MB", len(merged["entry"]))
    w = time.time()
    d = read(raw)
    print("read", time.time() - w)
    w = time.time()
    r = import_transfer(d, raw, now=NOW, by=None)
    print("import", time.time() - w, 200 / (time.time() - w))
    print(r.created)
    w = time.time()
    r = import_transfer(d, raw, now=NOW, by=None)
    print("again", time.time() - w)
    assert r.nothing_changed, r
