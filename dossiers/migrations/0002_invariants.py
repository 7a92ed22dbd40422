"""The invariants of docs/architecture.md as triggers: append-only rows, true quotes, compare-and-set, derived claims."""

from django.db import migrations

APPEND_ONLY = (
    "capture", "importedstatement", "proposal", "evidence", "sighting", "decision", "evidencedisplay", "checkdismissal",
    "entityresolution", "edition", "correction",
)

REFUSE_CHANGE = """
CREATE FUNCTION dossiers_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION 'append_only: rows of % are never changed or removed (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

CAPTURE = """
CREATE FUNCTION dossiers_check_capture() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.text_sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'hash_mismatch: text_sha256 is not the hash of the text' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capture_hash BEFORE INSERT ON dossiers_capture FOR EACH ROW EXECUTE FUNCTION dossiers_check_capture();
"""

EVIDENCE = """
CREATE FUNCTION dossiers_check_evidence() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    words text; of_topic bigint; claim_topic bigint; expected integer;
BEGIN
    SELECT c.text, s.topic_id INTO words, of_topic
        FROM dossiers_capture c JOIN dossiers_source s ON s.id = c.source_id WHERE c.id = NEW.capture_id;
    SELECT cl.topic_id, p.evidence_count INTO claim_topic, expected
        FROM dossiers_proposal p JOIN dossiers_claim cl ON cl.id = p.claim_id WHERE p.id = NEW.proposal_id;
    IF substring(words FROM NEW.start + 1 FOR NEW."end" - NEW.start) IS DISTINCT FROM NEW.exact THEN
        RAISE EXCEPTION 'quote_not_found: the words of capture % from % to % are not the quote',
            NEW.capture_id, NEW.start, NEW."end" USING ERRCODE = 'restrict_violation';
    END IF;
    IF right(left(words, NEW.start), length(NEW.prefix)) <> NEW.prefix
        OR substring(words FROM NEW."end" + 1 FOR length(NEW.suffix)) <> NEW.suffix THEN
        RAISE EXCEPTION 'quote_not_found: prefix or suffix is not beside the quote' USING ERRCODE = 'restrict_violation';
    END IF;
    IF of_topic <> claim_topic THEN
        RAISE EXCEPTION 'foreign_capture: evidence cites a capture of another topic' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.ordinal < 1 OR NEW.ordinal > expected THEN
        RAISE EXCEPTION 'evidence_is_closed: proposal % has % evidence rows', NEW.proposal_id, expected
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_quote BEFORE INSERT ON dossiers_evidence FOR EACH ROW EXECUTE FUNCTION dossiers_check_evidence();

CREATE FUNCTION dossiers_check_evidence_count() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT count(*) FROM dossiers_evidence WHERE proposal_id = NEW.id) <> NEW.evidence_count THEN
        RAISE EXCEPTION 'evidence_is_missing: proposal % announced % evidence rows', NEW.id, NEW.evidence_count
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER proposal_evidence_count AFTER INSERT ON dossiers_proposal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_evidence_count();
"""

# Status, standing decision, incumbent and challenger are a fold over the live decisions, oldest first; nothing else sets
# them. A rejection of anything but the incumbent leaves the incumbent standing: it was a challenger that was turned away.
DERIVE = """
CREATE FUNCTION dossiers_derive_claim(the_claim bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    d record;
    new_status text := 'pending'; standing bigint; stands bigint; rejected bigint;
    approvers bigint[] := '{}'; turned_away bigint[] := '{}';
    needed integer; newest bigint; challenging bigint; escalated bigint;
BEGIN
    PERFORM 1 FROM dossiers_claim WHERE id = the_claim FOR UPDATE;
    SELECT t.approvals_needed INTO needed
        FROM dossiers_claim c JOIN dossiers_topic t ON t.id = c.topic_id WHERE c.id = the_claim;
    FOR d IN
        SELECT x.id, x.action, x.proposal_id, x.editor_id FROM dossiers_decision x
        WHERE x.claim_id = the_claim AND x.action <> 'undo'
            AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id)
        ORDER BY x.id
    LOOP
        IF d.action IN ('approve', 'amend') THEN
            IF stands IS DISTINCT FROM d.proposal_id OR new_status NOT IN ('approved', 'awaiting_second') THEN
                approvers := '{}';
            END IF;
            IF NOT d.editor_id = ANY (approvers) THEN approvers := approvers || d.editor_id::bigint; END IF;
            stands := d.proposal_id; standing := d.id; rejected := NULL;
            turned_away := array_remove(turned_away, d.proposal_id);
            new_status := CASE WHEN cardinality(approvers) >= needed THEN 'approved' ELSE 'awaiting_second' END;
        ELSIF d.action = 'reject' THEN
            turned_away := turned_away || d.proposal_id;
            IF stands IS NULL OR stands = d.proposal_id THEN
                new_status := 'rejected'; standing := d.id; stands := NULL; rejected := d.proposal_id;
            ELSIF new_status = 'escalated' THEN
                new_status := CASE WHEN cardinality(approvers) >= needed THEN 'approved' ELSE 'awaiting_second' END;
            END IF;
        ELSIF d.action = 'escalate' THEN
            new_status := 'escalated'; escalated := d.proposal_id;
            IF stands IS NULL THEN standing := d.id; END IF;
        END IF;
    END LOOP;
    SELECT max(p.id) INTO newest FROM dossiers_proposal p
        WHERE p.claim_id = the_claim AND p.author_kind = 'extraction' AND NOT p.id = ANY (turned_away);
    -- The incumbent's own value in other words corroborates it; only another value challenges.
    SELECT max(p.id) INTO challenging FROM dossiers_proposal p, dossiers_proposal i
        WHERE i.id = stands AND p.claim_id = the_claim AND p.author_kind = 'extraction' AND p.id > stands
        AND p.value_hash <> i.value_hash AND NOT p.id = ANY (turned_away);
    IF new_status = 'rejected' AND newest > rejected THEN new_status := 'pending'; END IF;
    IF new_status = 'escalated' AND stands IS NULL THEN newest := GREATEST(newest, escalated); END IF;
    IF newest IS NULL OR new_status = 'rejected' THEN
        newest := COALESCE(rejected, (SELECT max(p.id) FROM dossiers_proposal p WHERE p.claim_id = the_claim));
    END IF;
    UPDATE dossiers_claim SET
        version = version + 1, status = new_status, standing_decision_id = standing, incumbent_id = stands,
        newest_proposal_id = newest, challenger_id = challenging,
        needs_review = new_status IN ('pending', 'awaiting_second', 'escalated') OR challenging IS NOT NULL
    WHERE id = the_claim;
END $$;

CREATE FUNCTION dossiers_start_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.version := 0; NEW.status := 'pending'; NEW.standing_decision_id := NULL; NEW.incumbent_id := NULL;
    NEW.newest_proposal_id := NULL; NEW.challenger_id := NULL; NEW.needs_review := true;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_start BEFORE INSERT ON dossiers_claim FOR EACH ROW EXECUTE FUNCTION dossiers_start_claim();

CREATE FUNCTION dossiers_after_proposal() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM dossiers_derive_claim(NEW.claim_id);
    RETURN NULL;
END $$;
CREATE TRIGGER proposal_derives AFTER INSERT ON dossiers_proposal FOR EACH ROW EXECUTE FUNCTION dossiers_after_proposal();
"""

DECISION = """
CREATE FUNCTION dossiers_refuse(reason text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION dossiers_check_approval(the_decision dossiers_decision) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM dossiers_evidencedisplay v WHERE v.editor_id = the_decision.editor_id
            AND v.proposal_id = the_decision.proposal_id AND v.evidence_hash = the_decision.seen_evidence_hash) THEN
        PERFORM dossiers_refuse('evidence_not_shown: this editor has not been shown the evidence');
    END IF;
    IF EXISTS (
        SELECT 1 FROM dossiers_check k WHERE k.severity = 'error'
            AND (k.proposal_id = the_decision.proposal_id OR k.claim_id = the_decision.claim_id OR k.capture_id IN (
                SELECT e.capture_id FROM dossiers_evidence e WHERE e.proposal_id = the_decision.proposal_id))
            AND NOT EXISTS (SELECT 1 FROM dossiers_checkdismissal m
                WHERE m.proposal_id = the_decision.proposal_id AND m.code = k.code)) THEN
        PERFORM dossiers_refuse('open_error: a check of severity error is neither cleared nor dismissed');
    END IF;
END $$;

CREATE FUNCTION dossiers_check_place(the_proposal bigint, the_topic bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM (SELECT r.choice FROM dossiers_entityresolution r
                WHERE r.topic_id = the_topic AND r.provider = 'geocoder' AND r.editor_id IS NOT NULL
                ORDER BY r.id DESC LIMIT 1) AS answer
            JOIN dossiers_evidence e ON answer.choice = 'capture:' || e.capture_id
        WHERE e.proposal_id = the_proposal) THEN
        PERFORM dossiers_refuse('place_not_chosen: no editor has chosen this place among the candidates');
    END IF;
END $$;

CREATE FUNCTION dossiers_check_decision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    c dossiers_claim; p dossiers_proposal; last_live bigint; last_reset bigint;
BEGIN
    SELECT * INTO c FROM dossiers_claim WHERE id = NEW.claim_id FOR UPDATE;
    SELECT * INTO p FROM dossiers_proposal WHERE id = NEW.proposal_id;
    IF NOT EXISTS (SELECT 1 FROM auth_user WHERE id = NEW.editor_id AND is_active) THEN
        PERFORM dossiers_refuse('editor_unknown: a decision needs an active editor');
    END IF;
    IF p.claim_id IS DISTINCT FROM NEW.claim_id THEN
        PERFORM dossiers_refuse('foreign_proposal: the proposal is of another claim');
    END IF;
    IF NEW.action <> 'amend' AND c.version <> NEW.seen_claim_version THEN
        PERFORM dossiers_refuse('claim_is_stale: the claim moved on since it was shown');
    END IF;
    -- The amendment's own proposal, inserted in this transaction, raised the version by one.
    IF NEW.action = 'amend' AND (c.version <> NEW.seen_claim_version + 1 OR p.author_kind <> 'editor'
            OR p.editor_id <> NEW.editor_id
            OR EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.proposal_id = p.id)) THEN
        PERFORM dossiers_refuse('claim_is_stale: an amendment is one new proposal of its own editor');
    END IF;
    IF p.revision_hash <> NEW.seen_revision_hash OR p.evidence_hash <> NEW.seen_evidence_hash THEN
        PERFORM dossiers_refuse('claim_is_stale: what was shown is not this proposal and its evidence');
    END IF;
    SELECT max(x.id) INTO last_live FROM dossiers_decision x WHERE x.claim_id = NEW.claim_id AND x.action <> 'undo'
        AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id);
    IF NEW.action = 'undo' AND NEW.undoes_id IS DISTINCT FROM last_live THEN
        PERFORM dossiers_refuse('nothing_to_undo: only the newest decision that stands can be undone');
    END IF;
    IF NEW.action = 'approve' THEN
        SELECT COALESCE(max(x.id), 0) INTO last_reset FROM dossiers_decision x
            WHERE x.claim_id = NEW.claim_id AND (x.action = 'escalate'
                OR (x.action = 'reject' AND x.proposal_id = NEW.proposal_id)
                OR (x.action IN ('approve', 'amend') AND x.proposal_id <> NEW.proposal_id))
            AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id);
        IF EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.claim_id = NEW.claim_id AND x.editor_id = NEW.editor_id
                AND x.proposal_id = NEW.proposal_id AND x.action IN ('approve', 'amend') AND x.id > last_reset
                AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id)) THEN
            PERFORM dossiers_refuse('own_second_approval: this editor already approved it; another editor must');
        END IF;
        PERFORM dossiers_check_approval(NEW);
    END IF;
    IF c.kind = 'place' AND NEW.action IN ('approve', 'amend') AND NOT p.is_statement THEN
        PERFORM dossiers_check_place(NEW.proposal_id, c.topic_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_checked BEFORE INSERT ON dossiers_decision FOR EACH ROW EXECUTE FUNCTION dossiers_check_decision();

CREATE FUNCTION dossiers_after_decision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM dossiers_derive_claim(NEW.claim_id);
    UPDATE dossiers_topic t SET last_updated_at = NEW.at FROM dossiers_claim c
        WHERE c.id = NEW.claim_id AND t.id = c.topic_id;
    UPDATE dossiers_publicstatus s SET has_unpublished_changes = true FROM dossiers_claim c
        WHERE c.id = NEW.claim_id AND s.topic_id = c.topic_id AND NOT s.has_unpublished_changes;
    RETURN NULL;
END $$;
CREATE TRIGGER decision_derives AFTER INSERT ON dossiers_decision FOR EACH ROW EXECUTE FUNCTION dossiers_after_decision();
"""

RESOLUTION = """
CREATE FUNCTION dossiers_check_resolution() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM dossiers_topic WHERE id = NEW.topic_id FOR UPDATE;
    IF NEW.editor_id IS NULL AND EXISTS (SELECT 1 FROM dossiers_entityresolution r WHERE r.topic_id = NEW.topic_id
            AND r.provider = NEW.provider AND r.editor_id IS NOT NULL) THEN
        PERFORM dossiers_refuse('resolution_is_pinned: an editor has settled this provider for this topic');
    END IF;
    IF NEW.choice NOT IN ('', 'none') AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(NEW.candidates) AS k WHERE k ->> 'key' = NEW.choice) THEN
        PERFORM dossiers_refuse('candidate_unknown: the choice is not among the candidates');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resolution_checked BEFORE INSERT ON dossiers_entityresolution
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_resolution();
"""

# An edition is compared with the rows it claims to rest on: standing decision, seen hashes, words and quotes.
EDITION = """
CREATE FUNCTION dossiers_check_edition() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    body jsonb := NEW.canonical::jsonb; last record; wrong text;
BEGIN
    PERFORM 1 FROM dossiers_topic WHERE id = NEW.topic_id FOR UPDATE;
    SELECT number, sha256 INTO last FROM dossiers_edition WHERE topic_id = NEW.topic_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_sha256 <> COALESCE(last.sha256, '')
            OR (body ->> 'edition')::integer <> NEW.number OR body ->> 'previous_sha256' <> NEW.previous_sha256 THEN
        PERFORM dossiers_refuse('edition_out_of_order: number or previous hash does not follow the last edition');
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.canonical, 'UTF8')), 'hex') THEN
        PERFORM dossiers_refuse('hash_mismatch: sha256 is not the hash of the canonical JSON');
    END IF;
    SELECT f ->> 'id' INTO wrong FROM jsonb_array_elements(body -> 'facts') AS f
        LEFT JOIN dossiers_claim c ON c.id = (f ->> 'claim')::bigint AND c.topic_id = NEW.topic_id
        LEFT JOIN dossiers_decision d ON d.id = c.standing_decision_id AND d.id = (f ->> 'decision')::bigint
        LEFT JOIN dossiers_proposal p ON p.id = c.incumbent_id AND p.id = d.proposal_id
    WHERE (c.status = 'approved' AND d.action IN ('approve', 'amend')
        AND d.seen_revision_hash = p.revision_hash AND f ->> 'revision_hash' = p.revision_hash
        AND d.seen_evidence_hash = p.evidence_hash AND f ->> 'evidence_hash' = p.evidence_hash
        AND f ->> 'kind' = c.kind AND f ->> 'label' = p.label AND f ->> 'value' = p.value
        AND f ->> 'date_text' = p.date_text AND jsonb_array_length(f -> 'evidence') = p.evidence_count
        AND NOT EXISTS (SELECT 1 FROM dossiers_evidence e WHERE e.proposal_id = p.id AND NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(f -> 'evidence') AS q WHERE (q ->> 'capture')::bigint = e.capture_id
                AND q ->> 'exact' = e.exact AND (q ->> 'start')::integer = e.start))) IS NOT TRUE
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        PERFORM dossiers_refuse('fact_not_approved: fact ' || wrong || ' is not what an editor approved');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_checked BEFORE INSERT ON dossiers_edition FOR EACH ROW EXECUTE FUNCTION dossiers_check_edition();
"""


def _append_only() -> str:
    return "".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON dossiers_{t} FOR EACH ROW "
        f"EXECUTE FUNCTION dossiers_refuse_change();"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON dossiers_{t} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION dossiers_refuse_change();"
        for t in APPEND_ONLY
    )


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        migrations.RunSQL(sql, migrations.RunSQL.noop)
        for sql in (REFUSE_CHANGE + _append_only(), CAPTURE, EVIDENCE, DERIVE, DECISION, RESOLUTION, EDITION)
    ]
