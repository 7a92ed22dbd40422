"""The invariants of docs/architecture.md as triggers: append-only rows, true quotes, compare-and-set, derived state."""

from django.db import migrations

from dossiers.migrations._claims import DERIVE
from dossiers.migrations._decisions import ACTORS, DECISION, RESOLUTION
from dossiers.migrations._editions import EDITION, FACT
from dossiers.migrations._records import APPEND_ONLY, CAPTURE, EVIDENCE, REFUSE, make_append_only


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (
            REFUSE + make_append_only(APPEND_ONLY),
            CAPTURE,
            EVIDENCE,
            DERIVE,
            DECISION,
            RESOLUTION,
            ACTORS,
            FACT,
            EDITION,
        )
    ]
