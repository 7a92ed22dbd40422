"""The lock: one stack for each data folder, and word of who it is for the others."""

from config.stack.lock import DataLock


def test_a_data_folder_has_one_stack_at_a_time(tmp_path):
    first, second = DataLock(tmp_path), DataLock(tmp_path)
    assert first.try_lock()
    assert not second.try_lock()
    assert not second.wait_for_lock(0.2)
    first.release()
    assert second.wait_for_lock(5.0)
    second.release()


def test_others_learn_who_holds_it_and_whether_it_is_ready(tmp_path):
    first, second = DataLock(tmp_path), DataLock(tmp_path)
    assert first.try_lock()
    assert second.read_holder() is None
    first.describe("serving", "http://127.0.0.1:8137", is_ready=False)
    assert second.read_holder().is_ready is False
    first.describe("serving", "http://127.0.0.1:8137", is_ready=True)
    holder = second.read_holder()
    assert (holder.mode, holder.address, holder.is_ready) == ("serving", "http://127.0.0.1:8137", True)
    first.release()
    assert second.read_holder() is None


def test_word_of_a_killed_holder_is_not_believed(tmp_path):
    killed = DataLock(tmp_path)
    killed.describe("serving", "http://127.0.0.1:8137", is_ready=True)
    assert DataLock(tmp_path).try_lock()
    assert killed.read_holder() is None
