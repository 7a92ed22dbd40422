"""Whether an acknowledged decision survives: kills the product again and again while editors decide, then compares.

    python bench/crash.py [KILLS]

Editors reject and undo over HTTP, each request with its own key; a request without an answer is sent again with the
same key, as a browser's user would. The victims are the supervisor, PostgreSQL and the web server, always with kill -9.
At the end every acknowledged decision must stand in the database once, nothing else may, and each claim must be what
its last decision says.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from config.stack.databases import APP_ROLE, embedded_url  # noqa: E402
from config.stack.options import Options  # noqa: E402
from config.stack.processes import find_marked, read_tail, wait_until  # noqa: E402
from tests.config.product import Product  # noqa: E402

VICTIMS = ("supervisor", "postgres", "web")
EDITORS = 4
STATUS_AFTER = {"reject": "rejected", "undo": "pending"}
MAKE_CLAIMS = """
from tests.builders import make_claim, make_topic, make_user
make_user("editor", password={password!r})
topic = make_topic()
for number in range({count}):
    make_claim(topic, f"value {{number}}")
"""
DISCONNECTED = (OSError, http.client.HTTPException)


class Forms(HTMLParser):
    """Reads the fields of the one form that posts to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.is_inside, self.is_found = action, False, False
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.is_inside = found.get("action", "").partition("?")[0] == self.action
            self.is_found |= self.is_inside
        elif tag == "input" and self.is_inside and found.get("name") and found.get("type") != "submit":
            self.fields[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False


class StayHere(urllib.request.HTTPRedirectHandler):
    """Leaves a 303 as the answer it is: the acknowledgement."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


class Editor(threading.Thread):
    """Rejects and undoes on one claim until told to end, and writes down what was acknowledged."""

    def __init__(self, address: str, password: str, claim: int) -> None:
        super().__init__(daemon=True)
        self.address, self.password, self.claim = address, password, claim
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies, StayHere)
        self.acknowledged: list[tuple[str, str]] = []
        self.repeated, self.refused, self.is_over = 0, [], threading.Event()

    def sign_in(self) -> None:
        """Sign in once; the session outlives every crash."""
        _, form = self.read_form("/accounts/login/", "/accounts/login/")
        status = self.post("/accounts/login/", {**form, "login": "editor", "password": self.password})
        assert status in {302, 303}, f"signing in answered {status}"

    def run(self) -> None:
        """Decide until it is over."""
        turn = 0
        while not self.is_over.is_set():
            action = ("reject", "undo")[turn % 2]
            turn += self.decide(action)

    def decide(self, action: str) -> int:
        """Open the card, send one decision until it is answered, and return how many were made: 1, or 0 if refused."""
        path = f"/review/claims/{self.claim}/{action}/"
        is_found, form = self.insist(lambda: self.read_form(f"/review/claims/{self.claim}/", path))
        if not is_found:
            self.refused.append((action, "no such form"))
            return 1
        words = {"reason_code": "wrong_value"} if action == "reject" else {}
        status = self.insist(lambda: self.post(path, {**form, **words}))
        if status not in {302, 303}:
            self.refused.append((action, status))
            return 1
        self.acknowledged.append((form["key"], action))
        return 1

    def insist(self, request):  # type: ignore[no-untyped-def]
        """Repeat a request until the product answers it with anything but a failure of its servers."""
        while True:
            try:
                answer = request()
                if not isinstance(answer, int) or answer < 500:
                    return answer
            except DISCONNECTED:
                pass
            self.repeated += 1
            time.sleep(0.1)

    def read_form(self, page: str, action: str) -> tuple[bool, dict[str, str]]:
        """Return whether a page has the form that posts to `action`, and its fields."""
        with self.opener.open(self.address + page, timeout=10) as answer:
            forms = Forms(action)
            forms.feed(answer.read().decode())
        return forms.is_found, forms.fields

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Post a form and return the status."""
        request = urllib.request.Request(self.address + path, urllib.parse.urlencode(fields).encode())
        request.add_header("Referer", self.address + path)
        try:
            with self.opener.open(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def kill(product: Product, victim: str) -> None:
    """Kill one process of the product with -9, and have the product back."""
    if victim == "supervisor":
        product.stop(signal.SIGKILL)
        product.start()
        return
    if victim == "postgres":
        pids = [int((product.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])]
    else:
        pids = find_marked(product.data_dir, victim)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    if not wait_until(product.is_ready, 60.0):
        product.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]
        print(product.process.stdout.read())  # type: ignore[union-attr]
        for name in ("web", "postgres"):
            print(read_tail(product.data_dir / "logs" / f"{name}.log", 20))
        raise SystemExit(f"not ready within a minute after {victim} was killed")


def connect(product: Product) -> psycopg.Connection:
    """Open the product's database as the application's role."""
    password = (product.data_dir / "secrets" / APP_ROLE).read_text()
    return psycopg.connect(embedded_url(APP_ROLE, password, Options(product.data_dir).socket_dir, "dossiers"))


def compare(product: Product, editors: list[Editor]) -> list[str]:
    """Return what is wrong: decisions that are missing, double, or nobody's, and claims that are half decided."""
    with connect(product) as database:
        rows = database.execute("SELECT idempotency_key::text, claim_id FROM dossiers_decision").fetchall()
        statuses = dict(database.execute("SELECT id, status FROM dossiers_claim").fetchall())
    stored, wrong = Counter(key for key, _ in rows), []
    for editor in editors:
        keys = [key for key, _ in editor.acknowledged]
        wrong += [
            f"claim {editor.claim}: acknowledged {key} stored {stored[key]} times" for key in keys if stored[key] != 1
        ]
        extra = {key for key, claim in rows if claim == editor.claim} - set(keys)
        wrong += [f"claim {editor.claim}: {key} was never acknowledged" for key in extra]
        if editor.acknowledged and statuses[editor.claim] != STATUS_AFTER[editor.acknowledged[-1][1]]:
            wrong.append(f"claim {editor.claim} is {statuses[editor.claim]} after {editor.acknowledged[-1][1]}")
        wrong += [f"claim {editor.claim}: {action} answered {status}" for action, status in editor.refused]
    return wrong


def main() -> None:
    """Run the kills and print what was found; the exit status is 1 if anything was lost, doubled or halved."""
    kills, chance = int(sys.argv[1]) if len(sys.argv) > 1 else 50, random.Random(7)
    with tempfile.TemporaryDirectory(prefix="dossiers-crash-") as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data", given={"SAMPLES": "0", "WEB_WORKERS": "2"})
        product.start()
        try:
            wrong = run(product, kills, chance)
        finally:
            product.stop(signal.SIGTERM)
    print("\n".join(wrong) or "nothing lost, nothing double, nothing half")
    raise SystemExit(1 if wrong else 0)


def run(product: Product, kills: int, chance: random.Random) -> list[str]:
    """Let editors decide while processes are killed, and compare afterwards."""
    password = secrets.token_urlsafe(12)
    made = product.run("manage", "shell", "--no-imports", stdin=MAKE_CLAIMS.format(password=password, count=EDITORS))
    assert made.returncode == 0, made.stderr
    with connect(product) as database:
        claims = database.execute(
            "SELECT id FROM dossiers_claim WHERE status = 'pending' ORDER BY id LIMIT %s", [EDITORS]
        )
        editors = [Editor(product.address, password, row[0]) for row in claims.fetchall()]
    for editor in editors:
        editor.sign_in()
        editor.start()
    for number in range(1, kills + 1):
        time.sleep(chance.uniform(0.5, 2.0))
        victim = VICTIMS[number % len(VICTIMS)]
        kill(product, victim)
        print(
            f"{number:3d} killed {victim:<11} decisions so far: {sum(len(e.acknowledged) for e in editors)}", flush=True
        )
    for editor in editors:
        editor.is_over.set()
    for editor in editors:
        editor.join(60.0)
    total, repeated = sum(len(e.acknowledged) for e in editors), sum(e.repeated for e in editors)
    print(f"{kills} kills, {len(editors)} editors, {total} decisions acknowledged, {repeated} requests sent again")
    return compare(product, editors)


if __name__ == "__main__":
    main()
