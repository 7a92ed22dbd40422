"""Every capture that a retrieval gave, as a row of its own."""

from django.db import migrations

COPY = """
INSERT INTO dossiers_retrievedcapture (retrieval_id, capture_id, position)
SELECT id, capture_id, 0 FROM dossiers_retrieval WHERE capture_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_research")]
    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
