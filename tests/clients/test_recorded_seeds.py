"""The recorded answers of the samples: all in their form, owned by nobody, and with something for a refresh to find."""

import difflib
import json
import re
from dataclasses import asdict

import pytest
from django.conf import settings
from django.utils.text import slugify

from dossiers.clients.base import Context, Outcome, Policy, Query
from dossiers.clients.recorded import Recorded
from dossiers.clients.recordings import read_recording

SEEDS = settings.BASE_DIR / "seeds"
RECORDINGS = sorted((SEEDS / "recorded").glob("*/*.json"))
TITLES = {"CERN": "cern.json", "Mount Everest": "mount-everest.txt"}
TITLES |= {"International Collaboration (sample)": "international-collaboration.txt"}
ROLES = ("encyclopedia", "knowledge_base", "web_search", "geocoder")
FAILURES = {Outcome.UNAVAILABLE, Outcome.RATE_LIMITED}


def make_policy(role):
    return Policy(f"recorded-{role}", role, grade="verbatim", licence="CC0 1.0")


def fetch_all(title, number):
    answers = {
        role: Recorded(make_policy(role)).fetch(Query("page", title), Context(title, round=number)) for role in ROLES
    }
    return {role: answer for role, answer in answers.items() if answer.outcome != Outcome.EMPTY}


def list_texts(title, number):
    return {(role, text.url): text for role, answer in fetch_all(title, number).items() for text in answer.found}


def split(text):
    return re.split(r"(?<=\.) ", text)


def test_there_are_recordings_of_every_sample_topic():
    assert {path.parent.name for path in RECORDINGS} == {slugify(title) for title in TITLES}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_recording_is_in_its_form_with_two_dates(path):
    assert path.stem in ROLES
    first, second = read_recording(path.read_bytes(), make_policy(path.stem))
    assert first.recorded_on < second.recorded_on
    assert first.result.outcome in (Outcome.OK, Outcome.EMPTY)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_recorded_texts_say_that_they_are_samples_and_their_addresses_are_nobodys(path):
    for answer in read_recording(path.read_bytes(), make_policy(path.stem)):
        for found in answer.result.found:
            assert "sample data" in f"{found.publisher} {found.text}".lower()
            assert re.fullmatch(r"https://[a-z.]+\.example/[a-z-]+", found.url)
            assert found.published_at is None or found.published_at.date() <= answer.recorded_on
        hosts = re.findall(r"https?://([^/\"\s]+)", json.dumps(asdict(answer.result), default=str))
        assert all(host.endswith(".example") for host in hosts)


def test_no_recorded_text_is_a_copy_of_another_sample():
    samples = " ".join(" ".join((SEEDS / name).read_text().split()) for name in TITLES.values())
    shown = sorted(
        {sentence for title in TITLES for text in list_texts(title, 0).values() for sentence in split(text.text)}
    )
    assert len(shown) > 20
    for sentence in shown:
        match = difflib.SequenceMatcher(None, sentence, samples, autojunk=False).find_longest_match()
        assert match.size < 40, sentence


@pytest.mark.parametrize("title", TITLES)
def test_a_first_research_finds_texts_and_fails_nowhere(title):
    answers = fetch_all(title, 0)
    assert {answer.outcome for answer in answers.values()} == {Outcome.OK}
    assert len(list_texts(title, 0)) >= 3


@pytest.mark.parametrize("title", TITLES)
def test_a_second_research_finds_one_change_one_loss_and_one_failure(title):
    assert [a.outcome in FAILURES for a in fetch_all(title, 1).values()].count(True) == 1
    before, after = list_texts(title, 0), list_texts(title, 1)
    assert set(after) < set(before)
    gone, come = [], []
    for place, text in after.items():
        old, new = split(before[place].text), split(text.text)
        gone += [sentence for sentence in old if sentence not in new]
        come += [sentence for sentence in new if sentence not in old]
    assert (len(gone), len(come)) == (2, 1)
    changed = max(gone, key=lambda sentence: difflib.SequenceMatcher(None, sentence, come[0]).ratio())
    assert re.sub(r"\d", "0", changed) == re.sub(r"\d", "0", come[0])


def test_only_topics_with_a_place_have_a_geocoders_recording():
    found = {path.parent.name for path in RECORDINGS if path.stem == "geocoder"}
    assert found == {"cern", "mount-everest"}
    for title in ("CERN", "Mount Everest"):
        texts = fetch_all(title, 0)["geocoder"].found
        assert len(texts) >= 2
        assert all({"name", "category", "lat", "lon"} <= set(text.payload) for text in texts)
        assert {(t.text, t.entity) for t in fetch_all(title, 1)["geocoder"].found} == {
            (t.text, t.entity) for t in texts
        }


def test_the_readme_names_every_key_of_a_recording():
    readme = (SEEDS / "README.md").read_text()
    keys = set()
    for path in RECORDINGS:
        content = json.loads(path.read_text())
        keys |= set(content)
        for answer in content["answers"]:
            keys |= set(answer) | {
                key for part in ("found", "candidates") for item in answer.get(part, []) for key in item
            }
    assert {key for key in keys if not re.search(rf"[`.]{key}`", readme)} == set()
