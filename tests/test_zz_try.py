import orjson, datetime as dt
from pathlib import Path
from jalon.formats.tddui import reader, writer, changes
from tests.formats.tddui.test_round_trip import published, examples
from tests.formats.tddui.sample_record import bundle
import pytest
NOW=dt.datetime(2026,11,22,9,30,tzinfo=dt.UTC)
def go(raw):
    from jalon.exchange.transfer.importer import import_transfer
    from jalon.exchange.transfer.exporter import export_record
    from jalon.records.models import Record
    r=import_transfer(reader.read(raw), b"x", now=NOW, by=None)
    print(r)
    r2=import_transfer(reader.read(raw), b"x", now=NOW, by=None)
    print(r2)
    for rec in Record.objects.all():
        out=writer.write(export_record(rec))
        for c in changes(raw,out): print(str(c)[:300])
def test_sample(body): go(orjson.dumps(bundle()))
def test_pub(body): go(orjson.dumps(published()))
@pytest.mark.parametrize("p",[p for p in examples() if p.name.startswith("Bundle")],ids=lambda p:p.name)
def test_b(body,p): go(p.read_bytes())
