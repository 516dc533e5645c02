"""The worker outlives its database, and a sleep during which it was taken for dead; it stops when asked."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg

from jalon_sandbox.drills import database as drill
from jalon_sandbox.drills import pause
from jalon_sandbox.drills.campaign import Size, campaign
from jalon_sandbox.drills.deaths import House
from jalon_sandbox.drills.receivers import Receivers
from tests.faults.conftest import named, told

SIZE = Size(3, 5, 1)
SERVER = "postgres"


def cut(name: str) -> Callable[[House, str], None]:
    """Every connection of this database ends, and none is made for two seconds: a server that restarts."""

    def strike(house: House, kind: str) -> None:
        with psycopg.connect(named("postgres", SERVER), autocommit=True) as server:
            server.execute(f'alter database "{name}" with allow_connections false')
            server.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
            )
            time.sleep(2)
            server.execute(f'alter database "{name}" with allow_connections true')

    return strike


def test_a_worker_whose_database_went_away_comes_back_and_loses_nothing(
    database: str, receivers: Receivers, tmp_path: Path
) -> None:
    times: list[float] = []
    name = psycopg.conninfo.conninfo_to_dict(database.replace("postgres://", "postgresql://"))["dbname"]
    disturb = partial(drill.run, strike=cut(str(name)), faults=[("restarted", 0.3)], times=times)
    report = campaign("database", told(database), receivers, tmp_path, SIZE, disturb)
    assert report.faults == []
    assert max(times) < drill.BACK


def test_a_worker_that_was_taken_for_dead_registers_again(
    database: str, receivers: Receivers, tmp_path: Path
) -> None:
    report = campaign("pause", told(database), receivers, tmp_path, SIZE, partial(pause.run, sleeps=[2.5]))
    assert report.faults == []
