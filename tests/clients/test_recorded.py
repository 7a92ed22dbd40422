"""The recorded provider: which answer a round gets, what a pin leaves, and what is said of a wrong recording."""

import json

import pytest

from dossiers.clients.base import Context, Outcome, Policy, Query
from dossiers.clients.recorded import Recorded

POLICY = Policy("recorded-encyclopedia", "encyclopedia", grade="verbatim", licence="CC0 1.0", attribution="Nobody")
QUERY = Query("page", "Blue Lighthouse")
TEXT = {"title": "Blue Lighthouse", "text": "The lighthouse is 31 metres high."}
OLDER = {"recorded_on": "2024-05-01", "outcome": "ok", "found": [TEXT]}
NEWER = {"recorded_on": "2024-06-01", "outcome": "unavailable", "http_status": 503, "message": "It is closed."}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.RECORDED_DIR = tmp_path / "recorded"
    settings.RECORDED_DIR.mkdir()
    return settings.RECORDED_DIR


def record(folder, *answers, slug="blue-lighthouse", role="encyclopedia", **more):
    (folder / slug).mkdir(exist_ok=True)
    content = {"format": "dossiers-recording/1", "answers": list(answers), **more}
    (folder / slug / f"{role}.json").write_text(json.dumps(content))


def fetch(title="Blue Lighthouse", *, number=0, key="", policy=POLICY):
    return Recorded(policy).fetch(Query("page", title, key=key), Context(title, round=number))


def test_the_first_round_gets_the_first_answer_and_every_later_one_the_last(folder):
    record(folder, OLDER, NEWER)
    first = fetch(number=0)
    assert first.outcome == Outcome.OK
    assert [text.text for text in first.found] == ["The lighthouse is 31 metres high."]
    for number in (1, 2, 9):
        later = fetch(number=number)
        assert (later.outcome, later.http_status, later.message) == (Outcome.UNAVAILABLE, 503, "It is closed.")


def test_what_a_text_leaves_open_is_the_policys(folder):
    other = {**TEXT, "licence": "MIT", "grade": "rewritten", "published_at": "2024-04-30", "entity": "sample:light"}
    record(folder, {**OLDER, "found": [TEXT, other]})
    plain, own = fetch().found
    assert (plain.licence, plain.attribution, plain.grade, plain.published_at) == (
        "CC0 1.0",
        "Nobody",
        "verbatim",
        None,
    )
    assert (own.licence, own.grade, own.entity) == ("MIT", "rewritten", "sample:light")
    assert own.published_at.isoformat() == "2024-04-30T00:00:00+00:00"
    assert own.payload["text"] == TEXT["text"]


def test_no_recording_is_empty_and_says_so(folder):
    result = fetch("Red Lighthouse")
    assert result.outcome == Outcome.EMPTY
    assert "Red Lighthouse" in result.message
    assert not result.needs_person


def test_nothing_was_sent(folder):
    record(folder, OLDER)
    assert fetch().requests_made == 0


def test_a_pin_leaves_only_what_is_about_it(folder):
    texts = [{**TEXT, "entity": "wikidata:Q60"}, {**TEXT, "title": "Other", "entity": "wikidata:Q61"}]
    candidates = [{"key": "wikidata:Q60", "title": "Blue"}, {"key": "wikidata:Q61", "title": "Other"}]
    record(folder, {**OLDER, "found": texts, "candidates": candidates})
    for key in ("wikidata:Q61", "Q61"):
        result = fetch(key=key)
        assert [text.title for text in result.found] == ["Other"]
        assert [candidate.key for candidate in result.candidates] == ["wikidata:Q61"]
    assert fetch(key="wikidata:Q6").outcome == Outcome.EMPTY
    assert len(fetch().found) == 2


def test_a_recorded_failure_stays_what_it_is_for_a_pin_too(folder):
    record(folder, {"recorded_on": "2024-05-01", "outcome": "quota", "needs_person": True, "retry_after": 2})
    result = fetch(key="wikidata:Q60")
    assert (result.outcome, result.needs_person, result.retry_after) == (Outcome.QUOTA, True, 2)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"outcome": "ok", "found": [TEXT]}, "answers[0] lacks `recorded_on`"),
        ({**OLDER, "recorded_on": "yesterday"}, "answers[0].recorded_on must be a date"),
        ({**OLDER, "outcome": "fine"}, "answers[0].outcome must be one of"),
        ({**OLDER, "colour": "blue"}, "answers[0] has the unknown key 'colour'"),
        ({**OLDER, "found": []}, "must fit the outcome 'ok'"),
        ({**NEWER, "found": [TEXT]}, "must fit the outcome 'unavailable'"),
        ({**NEWER, "http_status": "503"}, "answers[0].http_status has the wrong type"),
        ({**NEWER, "http_status": True}, "answers[0].http_status has the wrong type"),
        ({**NEWER, "needs_person": 1}, "answers[0].needs_person has the wrong type"),
        ({**OLDER, "found": [{"title": "x"}]}, "found[0] lacks `text`"),
        ({**OLDER, "found": [{**TEXT, "text": " "}]}, "found[0].text is empty"),
        ({**OLDER, "found": [{**TEXT, "grade": "good"}]}, "found[0].grade must be one of"),
        ({**OLDER, "found": ["x"]}, "found[0] must be an object"),
        ({**OLDER, "candidates": [{"key": "a"}]}, "candidates[0] lacks `title`"),
        (7, "answers[0] must be an object"),
    ],
)
def test_a_malformed_answer_is_invalid_and_says_where(folder, answer, said):
    record(folder, answer)
    result = fetch()
    assert result.outcome == Outcome.INVALID
    assert "blue-lighthouse/encyclopedia.json" in result.message
    assert said in result.message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "the recording must be an object"),
        (b'{"answers": []}', "lacks `format`"),
        (b'{"format": "other/1", "answers": []}', "`format` must be"),
        (b'{"format": "dossiers-recording/1", "answers": []}', "an answer or more"),
        (b" " * 1_000_001, "larger than 1,000,000 bytes"),
    ],
)
def test_a_malformed_file_is_invalid_and_named(folder, data, said):
    (folder / "blue-lighthouse").mkdir()
    (folder / "blue-lighthouse" / "encyclopedia.json").write_bytes(data)
    result = fetch()
    assert result.outcome == Outcome.INVALID
    assert "blue-lighthouse/encyclopedia.json" in result.message
    assert said in result.message


def test_answers_out_of_order_are_refused(folder):
    record(folder, NEWER, OLDER)
    assert fetch().outcome == Outcome.INVALID
    record(folder, OLDER, OLDER)
    assert fetch().outcome == Outcome.INVALID


@pytest.mark.parametrize("title", ["../outside", "..", "/etc", "a/../../outside", "outside\x00", "…", ""])
def test_no_title_leads_outside_the_folder(folder, title):
    record(folder.parent, OLDER, slug="outside")
    assert fetch(title).outcome == Outcome.EMPTY


def test_no_role_and_no_link_leads_outside_the_folder(folder):
    record(folder.parent, OLDER, slug="outside")
    record(folder, OLDER)
    (folder / "linked").symlink_to(folder.parent / "outside")
    assert fetch("Linked").outcome == Outcome.EMPTY
    sly = Policy("sly", "../../outside/encyclopedia")
    assert fetch(policy=sly).outcome == Outcome.EMPTY


def test_health_counts_the_recordings_of_the_role(folder):
    record(folder, OLDER)
    record(folder, OLDER, slug="other")
    record(folder, OLDER, slug="third", role="geocoder")
    health = Recorded(POLICY).health()
    assert health.outcome == Outcome.OK
    assert "2" in health.message


def test_health_names_a_malformed_recording_and_a_missing_folder(folder, settings):
    record(folder, {**OLDER, "outcome": "fine"})
    assert Recorded(POLICY).health().outcome == Outcome.INVALID
    settings.RECORDED_DIR = folder / "nowhere"
    assert Recorded(POLICY).health().outcome == Outcome.UNAVAILABLE
