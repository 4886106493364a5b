"""The same answers wherever tasks run; what was finished is not done again; what goes wrong is one message."""

from __future__ import annotations

import hashlib
import sys
import time
from functools import partial

import numpy as np
import parallel_work as work
import pytest
from distributed import LocalCluster

from npcstats.errors import DataError, SpecError
from npcstats.parallel import Spreading, run_tasks, spread, stream_of, tasks
from npcstats.parallel.work import made_with

COUNT = 101


@pytest.fixture
def at_once(monkeypatch):
    """Worker processes from the first part on."""
    monkeypatch.setattr(tasks, "PATIENCE", -1.0)
    monkeypatch.setattr(tasks, "WORTH", -1.0)


def drawn(spreading=None):
    with spread(spreading or Spreading()):
        return run_tasks("drawing", work.draw, range(COUNT), seed=9)


def test_streams_depend_on_seed_name_and_place_only():
    """Four streams that differ in one of the three; the first again gives the same numbers."""
    asked = [(9, "drawing", 3), (8, "drawing", 3), (9, "Drawing", 3), (9, "drawing", 4), (9, "drawing", 3)]
    found = [stream_of(*place).random(4).tolist() for place in asked]
    assert found[0] == found[4]
    assert len({tuple(numbers) for numbers in found}) == 4


def test_numbers_of_a_stream():
    """The stream is NumPy's own of this seed sequence, with the name's hash by another library."""
    words = np.frombuffer(hashlib.sha256(b"drawing").digest(), dtype="<u4").tolist()
    expected = np.random.default_rng(np.random.SeedSequence(9, spawn_key=(*words, 3))).random(5)
    assert stream_of(9, "drawing", 3).random(5).tolist() == expected.tolist()


@pytest.mark.parametrize("workers", [2, 3])
def test_same_answer_in_processes(at_once, workers):
    assert drawn(Spreading(workers=workers)) == drawn()


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as started:
        yield started.scheduler_address


def test_same_answer_on_a_cluster(cluster):
    told = []
    found = drawn(Spreading(cluster=cluster, tell=lambda *news: told.append(news)))
    assert found == drawn()
    assert told[-1] == ("drawing", COUNT, COUNT)
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})


def test_refusal_of_a_task_on_a_cluster(cluster):
    with spread(Spreading(cluster=cluster)), pytest.raises(DataError, match="refusing, task 7: values: are not known"):
        run_tasks("refusing", work.refuse_the_seventh, range(20), seed=1)


@pytest.mark.parametrize("workers", [1, 2])
def test_refusal_of_a_task_says_which(at_once, workers):
    with spread(Spreading(workers=workers)), pytest.raises(DataError, match="refusing, task 7: values: are not known"):
        run_tasks("refusing", work.refuse_the_seventh, range(20), seed=1)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_a_task_says_which(at_once, workers):
    with spread(Spreading(workers=workers)), pytest.raises(ZeroDivisionError) as caught:
        run_tasks("dividing", work.divide, range(20), seed=1)
    assert "dividing, task 7" in caught.value.__notes__


def test_workers_have_arrays_of_their_own(at_once):
    """Arrays of 2 MB, which joblib by itself would map read-only."""
    arrays = [np.full(250_000, float(i)) for i in range(3)]
    with spread(Spreading(workers=2)):
        found = run_tasks("adding", work.add_in_place, arrays, seed=5)
    expected = [i * 250_000 + float(stream_of(5, "adding", i).random(250_000).sum()) for i in range(3)]
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("workers", [1, 2])
def test_work_within_work_runs_where_its_task_does(at_once, workers):
    told = []
    with spread(Spreading(workers=workers, tell=lambda name, *_: told.append(name))):
        found = run_tasks("outer", work.draw_within, range(5), seed=1)
    assert found == [run_tasks("inner", work.draw, range(size), seed=size) for size in range(5)]
    assert set(told) == {"outer"}


@pytest.mark.parametrize(
    ("spent", "done", "total", "long"),
    [(0.4, 1, 48, False), (0.6, 1, 48, True), (0.6, 20, 48, False), (0.6, 1, 2, False), (9.0, 1, 2, False),
     (9.0, 1, 3, True)],
)  # fmt: skip
def test_short_work_stays_here(spent, done, total, long):
    """Left are 28 seconds, then 0.8, 0.6, and one part that no second process could share, of 9; two of 9 seconds."""
    assert tasks._is_long(spent, done, total) is long


def test_a_killed_worker_is_one_message(at_once):
    with spread(Spreading(workers=2)), pytest.raises(SpecError, match="dying: a worker process ended before"):
        run_tasks("dying", work.die, range(8), seed=1)
    assert drawn(Spreading(workers=2)) == drawn()  # and the next work finds new workers


def test_a_worker_with_other_packages_is_refused(cluster, monkeypatch):
    for name, other in (("numpy", "0.1"), ("code", "")):
        monkeypatch.setitem(made_with(), name, other)  # of this process; workers know their own
    with pytest.raises(SpecError, match=r"workers have numpy .* for 0\.1, other code of npcstats; the same"):
        drawn(Spreading(cluster=cluster))


def test_a_cluster_without_workers_is_refused():
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(SpecError, match="it has no worker; one or more are required"),
    ):
        drawn(Spreading(cluster=empty.scheduler_address))


@pytest.mark.filterwarnings("ignore")  # of the cluster's own, whose workers are killed
def test_killed_workers_of_a_cluster_are_one_message():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as fragile,
        spread(Spreading(cluster=fragile.scheduler_address)),
        pytest.raises(SpecError, match=r"dying: workers ended, or the scheduler did"),
    ):
        run_tasks("dying", work.die, range(2), seed=1)


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr("npcstats.parallel.cluster._SECONDS", 1)
    begun = time.monotonic()
    with pytest.raises(SpecError, match="no scheduler answers there"):
        drawn(Spreading(cluster="tcp://127.0.0.1:1"))
    assert time.monotonic() - begun < 30


def test_without_dask(monkeypatch):
    monkeypatch.delitem(sys.modules, "npcstats.parallel.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SpecError, match=r"distributed is not installed; `pip install npcstats\[cluster\]`"):
        drawn(Spreading(cluster="tcp://127.0.0.1:1"))


def test_order_of_the_work_is_that_of_the_tasks(at_once):
    with spread(Spreading(workers=2)):
        found = run_tasks("drawing", work.draw, range(1000), seed=2)
    assert [int(value) for value in found] == list(range(1000))


def test_no_tasks():
    assert run_tasks("drawing", work.draw, [], seed=1) == []


class TestStore:
    def run(self, folder, store, count=COUNT, function=work.draw_and_count):
        with spread(Spreading(store=store)):
            return run_tasks("drawing", partial(function, str(folder)), range(count), seed=9)

    def test_interrupted_work_goes_on(self, tmp_path):
        """Parts hold three of 101 tasks: those of tasks 0 to 59 are finished when 60 stops, and only these are kept."""
        ran, store = tmp_path / "ran", tmp_path / "store"
        ran.mkdir()
        with pytest.raises(KeyboardInterrupt):
            self.run(ran, store, function=work.stop_at)
        assert len([*store.iterdir()]) == 20
        assert self.run(ran, store, function=work.stop_at) == drawn()
        assert len([path for path in ran.iterdir() if path.name != "stopped"]) == COUNT  # none ran twice

    def test_a_damaged_part_is_done_again(self, tmp_path):
        """Of 102 tasks every part holds three."""
        ran, store = tmp_path / "ran", tmp_path / "store"
        ran.mkdir()
        first = self.run(ran, store, count=102)
        damaged = sorted(store.iterdir())[0]
        content = bytearray(damaged.read_bytes())
        content[-1] ^= 1
        damaged.write_bytes(bytes(content))
        sorted(store.iterdir())[1].write_bytes(b"")
        assert self.run(ran, store, count=102) == first
        assert len([*ran.iterdir()]) == 102 + 6

    @pytest.mark.parametrize("change", [{"count": COUNT + 1}, {"function": work.stop_at}])
    def test_other_tasks_or_another_function_are_other_work(self, tmp_path, change):
        ran, store = tmp_path / "ran", tmp_path / "store"
        ran.mkdir()
        (ran / "stopped").touch()
        self.run(ran, store)
        before = {path.name for path in store.iterdir()}
        self.run(ran, store, **change)
        after = {path.name for path in store.iterdir()}
        # of 102 tasks the parts of the first 99 are the same
        assert len(after - before) == (1 if "count" in change else len(before))


def test_an_address_that_is_none_is_refused():
    with pytest.raises(SpecError, match="--cluster nonsense: no address; one such as"):
        Spreading(cluster="nonsense")


@pytest.mark.parametrize("asked", [{"workers": 0}, {"workers": 2, "cluster": "tcp://127.0.0.1:1"}])
def test_what_cannot_run_is_refused(asked):
    with pytest.raises(SpecError, match="--workers"):
        Spreading(**asked)
