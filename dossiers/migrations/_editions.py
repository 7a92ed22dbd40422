"""SQL of the editions: what is published is what stands approved."""

# An edition is compared with the rows it claims to rest on: standing decision, seen hashes, words and quotes.
EDITION = """
CREATE FUNCTION dossiers_check_edition() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body jsonb := NEW.canonical::jsonb; last record; fact jsonb;
BEGIN
    PERFORM 1 FROM dossiers_topic WHERE id = NEW.topic_id FOR UPDATE;
    SELECT number, sha256 INTO last FROM dossiers_edition WHERE topic_id = NEW.topic_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_sha256 <> COALESCE(last.sha256, '')
            OR (body ->> 'edition')::integer IS DISTINCT FROM NEW.number
            OR body ->> 'previous_sha256' IS DISTINCT FROM NEW.previous_sha256 THEN
        PERFORM dossiers_refuse('edition_out_of_order: number or previous hash does not follow the last edition');
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.canonical, 'UTF8')), 'hex') THEN
        PERFORM dossiers_refuse('hash_mismatch: sha256 is not the hash of the canonical JSON');
    END IF;
    IF jsonb_typeof(body -> 'facts') IS DISTINCT FROM 'array' THEN
        PERFORM dossiers_refuse('fact_not_approved: an edition lists its facts');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM auth_user WHERE id = NEW.published_by_id AND is_active) THEN
        PERFORM dossiers_refuse('editor_unknown: an edition needs an active publisher');
    END IF;
    SELECT f INTO fact FROM jsonb_array_elements(body -> 'facts') AS f
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
                AND q ->> 'exact' = e.exact AND (q ->> 'start')::integer = e.start))
        AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(f -> 'evidence') AS q WHERE NOT EXISTS (
            SELECT 1 FROM dossiers_evidence e WHERE e.proposal_id = p.id AND (q ->> 'capture')::bigint = e.capture_id
                AND q ->> 'exact' = e.exact AND (q ->> 'start')::integer = e.start))) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        PERFORM dossiers_refuse(format('fact_not_approved: fact %s is not what an editor approved', fact ->> 'id'));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_checked BEFORE INSERT ON dossiers_edition FOR EACH ROW EXECUTE FUNCTION dossiers_check_edition();

-- What readers are shown of a topic is an edition of that topic.
CREATE FUNCTION dossiers_check_status() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.current_edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM dossiers_edition
            WHERE id = NEW.current_edition_id AND topic_id = NEW.topic_id) THEN
        PERFORM dossiers_refuse('foreign_edition: readers are shown an edition of the topic itself');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER status_checked BEFORE INSERT OR UPDATE ON dossiers_publicstatus
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_status();
"""
