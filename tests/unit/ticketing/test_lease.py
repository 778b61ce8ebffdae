import os

import pytest

from ticketing.conversations import lease
from ticketing.conversations.lease import is_gone, new_holder

needs_proc = pytest.mark.skipif(not lease.PROC.is_dir(), reason="no /proc on this system")


def replaced(holder: str, place: int, part: str) -> str:
    parts = holder.split("/")
    parts[place] = part
    return "/".join(parts)


def test_this_process_runs() -> None:
    assert not is_gone(new_holder())


def test_two_names_of_one_process_differ() -> None:
    assert new_holder() != new_holder()


@needs_proc
def test_a_process_id_given_to_another_program_since_is_gone() -> None:
    assert is_gone(replaced(new_holder(), 2, "1"))


@needs_proc
def test_a_process_that_has_ended_is_gone() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)

    assert is_gone(replaced(new_holder(), 1, str(child)))


@pytest.mark.parametrize("holder", ["", "x", "elsewhere/1/1/x", "///", "a/b/c/d"])
def test_of_another_place_nothing_is_known(holder: str) -> None:
    assert not is_gone(holder)


def test_without_proc_nobody_is_taken_for_gone(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(lease, "PROC", tmp_path)

    assert not is_gone(new_holder())
    assert not is_gone(replaced(new_holder(), 1, "999999"))
