"""A retrieval gives several captures: the column that held one goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_retrieved_captures")]
    operations = [migrations.RemoveField(model_name="retrieval", name="capture")]
