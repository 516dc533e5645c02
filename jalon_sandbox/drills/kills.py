"""Workers killed while they send."""

import os
import random
import uuid
from functools import partial

from jalon_sandbox.drills.campaign import DOCUMENTS, Size, campaign
from jalon_sandbox.drills.deaths import plan, run
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.receivers import open_receivers
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.drills.sendings import everybody

EACH = 25  # sendings a death: none comes after the last delivery


def drill(options: Options) -> Report:
    """200 deaths during 5 000 sendings, or `size` deaths, on a throw-away server."""
    kills = options.size or 200
    size = Size(-(-kills * EACH // (2 * DOCUMENTS)), DOCUMENTS, kills)
    deaths = plan(kills, size.asked, random.Random(options.seed))  # noqa: S311  drawn again at will
    with served(options.data):
        folder = options.data / f"kills-{uuid.uuid4().hex[:8]}"
        citizens = [one.ins for one in everybody(size.people)]
        with open_receivers(folder / "services", citizens) as receivers:
            return campaign("kills", dict(os.environ), receivers, folder, size, partial(run, kills=deaths))
