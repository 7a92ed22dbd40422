"""A place is approved by the entity that an editor chose, and a run keeps the hash of what its extraction read."""

from django.db import migrations, models

# The geocoder's own answer counts where there is one: it names the entity of the hit's source, or one of its captures.
# Else an answer about the topic's article or entry does, for a hit that its provider says is the same item, and for the
# kinds that have a place.
CHECK_PLACE = """
CREATE OR REPLACE FUNCTION dossiers_check_place(the_proposal bigint, the_topic bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    answer text; is_chosen boolean;
BEGIN
    SELECT r.choice INTO answer FROM dossiers_entityresolution r
        WHERE r.topic_id = the_topic AND r.provider = 'geocoder' AND r.editor_id IS NOT NULL
        ORDER BY r.id DESC LIMIT 1;
    IF answer IS NOT NULL THEN
        SELECT EXISTS (
            SELECT 1 FROM dossiers_evidence e JOIN dossiers_capture c ON c.id = e.capture_id
                JOIN dossiers_source s ON s.id = c.source_id
            WHERE e.proposal_id = the_proposal AND (answer = s.entity
                OR answer IN (SELECT 'capture:' || x.id FROM dossiers_capture x WHERE x.source_id = s.id)))
            INTO is_chosen;
    ELSE
        SELECT EXISTS (
            SELECT 1 FROM dossiers_evidence e JOIN dossiers_capture c ON c.id = e.capture_id
                JOIN dossiers_source s ON s.id = c.source_id JOIN dossiers_topic t ON t.id = s.topic_id
                JOIN dossiers_retrievedcapture g ON g.capture_id = c.id
                JOIN dossiers_retrieval v ON v.id = g.retrieval_id
                CROSS JOIN LATERAL jsonb_array_elements(v.candidates) AS k
            WHERE e.proposal_id = the_proposal AND s.provider = 'geocoder' AND k -> 'capture' = to_jsonb(c.id)
                AND t.kind IN ('place', 'event', 'organization', 'work')
                AND replace(COALESCE(k -> 'features' ->> 'wikibase_item', k -> 'features' ->> 'wikidata'),
                    'wikidata:', '') IN (
                    SELECT replace(COALESCE(NULLIF(m ->> 'item', ''), m ->> 'key'), 'wikidata:', '')
                    FROM (SELECT DISTINCT ON (r.provider) r.choice, r.candidates FROM dossiers_entityresolution r
                        WHERE r.topic_id = the_topic AND r.provider <> 'geocoder' AND r.editor_id IS NOT NULL
                        ORDER BY r.provider, r.id DESC) AS a
                    CROSS JOIN LATERAL jsonb_array_elements(a.candidates) AS m WHERE m ->> 'key' = a.choice))
            INTO is_chosen;
    END IF;
    IF NOT is_chosen THEN
        PERFORM dossiers_refuse('place_not_chosen: no editor has chosen this place among the candidates');
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0010_research_indexes")]
    operations = [
        migrations.AddField(
            model_name="run",
            name="extraction_sha256",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of all that its extraction read: where the next run's is equal, nothing is new.",
                max_length=64,
            ),
        ),
        migrations.RunSQL(CHECK_PLACE, migrations.RunSQL.noop),
    ]
