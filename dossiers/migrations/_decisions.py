"""SQL of the decisions: compare-and-set, two pairs of eyes, and who may act."""

DECISION = """
CREATE FUNCTION dossiers_check_approval(the_decision dossiers_decision) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c dossiers_claim; p dossiers_proposal; last_live bigint; last_reset bigint;
BEGIN
    SELECT * INTO c FROM dossiers_claim WHERE id = NEW.claim_id FOR UPDATE;
    SELECT * INTO p FROM dossiers_proposal WHERE id = NEW.proposal_id;
    IF NOT EXISTS (SELECT 1 FROM auth_user WHERE id = NEW.editor_id AND is_active) THEN
        PERFORM dossiers_refuse('editor_unknown: a decision needs an active editor');
    END IF;
    IF c.id IS NULL THEN
        PERFORM dossiers_refuse('claim_unknown: a decision follows its claim');
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
            OR p.id <> (SELECT max(q.id) FROM dossiers_proposal q WHERE q.claim_id = c.id)
            OR EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.proposal_id = p.id)) THEN
        PERFORM dossiers_refuse('claim_is_stale: an amendment is one new proposal of its own editor');
    END IF;
    IF p.revision_hash <> NEW.seen_revision_hash OR p.evidence_hash <> NEW.seen_evidence_hash THEN
        PERFORM dossiers_refuse('claim_is_stale: what was shown is not this proposal and its evidence');
    END IF;
    -- Identifiers are the order of the fold: none may come before a decision that was already folded.
    IF EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.claim_id = NEW.claim_id AND x.id >= NEW.id) THEN
        PERFORM dossiers_refuse('claim_is_stale: a later decision was recorded first');
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
        -- Approving again what stands, after its source changed, is no second approval: the fold counts editors once.
        IF NOT (c.status = 'approved' AND c.challenger_id IS NULL AND dossiers_is_unwell(c.id)) AND EXISTS (
                SELECT 1 FROM dossiers_decision x WHERE x.claim_id = NEW.claim_id AND x.editor_id = NEW.editor_id
                    AND x.proposal_id = NEW.proposal_id AND x.action IN ('approve', 'amend') AND x.id > last_reset
                    AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id)) THEN
            PERFORM dossiers_refuse('own_second_approval: this editor already approved it; another editor must');
        END IF;
        PERFORM dossiers_check_approval(NEW);
    END IF;
    IF c.kind = 'place' AND NEW.action IN ('approve', 'amend') AND NOT p.is_statement THEN
        PERFORM dossiers_check_place(NEW.proposal_id, c.topic_id);
    END IF;
    IF NEW.action IN ('approve', 'amend') AND p.evidence_count = 0 AND NOT p.is_statement THEN
        PERFORM dossiers_refuse('no_evidence: nothing is approved without words, unless as a statement');
    END IF;
    -- Here and not after the statement, so that two rows of one statement cannot both have seen the same version.
    UPDATE dossiers_claim SET version = version + 1 WHERE id = NEW.claim_id;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_checked BEFORE INSERT ON dossiers_decision
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_decision();

CREATE FUNCTION dossiers_after_decision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM dossiers_derive_claim(NEW.claim_id);
    UPDATE dossiers_topic t SET last_updated_at = NEW.at FROM dossiers_claim c
        WHERE c.id = NEW.claim_id AND t.id = c.topic_id;
    UPDATE dossiers_publicstatus s SET has_unpublished_changes = true FROM dossiers_claim c
        WHERE c.id = NEW.claim_id AND s.topic_id = c.topic_id AND NOT s.has_unpublished_changes;
    RETURN NULL;
END $$;
CREATE TRIGGER decision_derives AFTER INSERT ON dossiers_decision
    FOR EACH ROW EXECUTE FUNCTION dossiers_after_decision();
"""

RESOLUTION = """
CREATE FUNCTION dossiers_check_resolution() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

ACTORS = """
-- A person's act names a person who may sign in; and an act about a thing names a thing that is there.
CREATE FUNCTION dossiers_check_editor() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.editor_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM auth_user WHERE id = NEW.editor_id AND is_active) THEN
        PERFORM dossiers_refuse('editor_unknown: this needs an active editor');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION dossiers_check_display() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM dossiers_proposal
            WHERE id = NEW.proposal_id AND evidence_hash = NEW.evidence_hash) THEN
        PERFORM dossiers_refuse('hash_mismatch: what was shown is not the evidence of this proposal');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER display_checked BEFORE INSERT ON dossiers_evidencedisplay
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_display();

CREATE FUNCTION dossiers_check_dismissal() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM dossiers_check k JOIN dossiers_proposal p ON p.id = NEW.proposal_id WHERE k.code = NEW.code
            AND (k.proposal_id = p.id OR k.claim_id = p.claim_id OR k.capture_id IN (
                SELECT e.capture_id FROM dossiers_evidence e WHERE e.proposal_id = p.id))) THEN
        PERFORM dossiers_refuse('check_unknown: there is no such check to dismiss');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dismissal_checked BEFORE INSERT ON dossiers_checkdismissal
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_dismissal();

CREATE TRIGGER editor_checked BEFORE INSERT ON dossiers_proposal
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_editor();
CREATE TRIGGER editor_checked BEFORE INSERT ON dossiers_evidencedisplay
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_editor();
CREATE TRIGGER editor_checked BEFORE INSERT ON dossiers_checkdismissal
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_editor();
CREATE TRIGGER editor_checked BEFORE INSERT ON dossiers_entityresolution
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_editor();

-- Where the order of identifiers means something, they come from the sequence and from nowhere else.
CREATE FUNCTION dossiers_check_number() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM currval(pg_get_serial_sequence(TG_RELID::regclass::text, 'id')) THEN
        RAISE EXCEPTION 'number_is_given: rows of % are numbered by the database', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_number BEFORE INSERT ON dossiers_decision FOR EACH ROW EXECUTE FUNCTION dossiers_check_number();
CREATE TRIGGER a_number BEFORE INSERT ON dossiers_proposal FOR EACH ROW EXECUTE FUNCTION dossiers_check_number();
CREATE TRIGGER a_number BEFORE INSERT ON dossiers_entityresolution
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_number();
"""
