"""SQL of the editions: what is published is what stands approved."""

# A fact is compared with the rows it claims to rest on: standing decision, seen hashes, words, quotes and bylines.
# In each part of it, whatever is named like a column says what the column says; a decimal may be spelled as text.
FACT = """
CREATE FUNCTION dossiers_agrees(said jsonb, held jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM jsonb_each(said) AS s WHERE held ? s.key AND (
        CASE WHEN jsonb_typeof(held -> s.key) = 'number' THEN (said ->> s.key)::numeric = (held ->> s.key)::numeric
            ELSE s.value = held -> s.key END) IS NOT TRUE)
$$;

CREATE FUNCTION dossiers_is_quoted(q jsonb, the_proposal bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM dossiers_evidence e JOIN dossiers_capture c ON c.id = e.capture_id
        WHERE e.proposal_id = the_proposal AND e.capture_id = (q ->> 'capture')::bigint
            AND e.exact = q ->> 'exact' AND e.start = (q ->> 'start')::integer AND dossiers_agrees(q, to_jsonb(e))
            AND (NOT q ? 'passage' OR substring(c.text FROM (q -> 'passage' ->> 'start')::integer + 1
                FOR length(q -> 'passage' ->> 'text')) = q -> 'passage' ->> 'text'))
$$;

CREATE FUNCTION dossiers_is_signed(a jsonb, the_proposal bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM dossiers_decision d JOIN auth_user u ON u.id = d.editor_id
        WHERE d.proposal_id = the_proposal AND d.action = a ->> 'action' AND d.action IN ('approve', 'amend')
            AND NOT EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.undoes_id = d.id)
            AND a ->> 'editor' IN (u.username, btrim(u.first_name || ' ' || u.last_name))
            AND (a ->> 'at')::timestamptz = d.at)
$$;

CREATE FUNCTION dossiers_is_approved(f jsonb, the_topic bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM dossiers_claim c
            JOIN dossiers_decision d ON d.id = c.standing_decision_id
            JOIN dossiers_proposal p ON p.id = c.incumbent_id AND p.id = d.proposal_id
        WHERE c.id = (f ->> 'claim')::bigint AND c.topic_id = the_topic AND d.id = (f ->> 'decision')::bigint
            AND c.status = 'approved' AND d.action IN ('approve', 'amend') AND f ->> 'kind' = c.kind
            AND f ->> 'label' = p.label AND f ->> 'value' = p.value AND f ->> 'date_text' = p.date_text
            AND d.seen_revision_hash = p.revision_hash AND f ->> 'revision_hash' = p.revision_hash
            AND d.seen_evidence_hash = p.evidence_hash AND f ->> 'evidence_hash' = p.evidence_hash
            AND dossiers_agrees(f - 'id', to_jsonb(p))
            AND jsonb_array_length(f -> 'evidence') = p.evidence_count
            AND NOT EXISTS (SELECT 1 FROM dossiers_evidence e WHERE e.proposal_id = p.id AND NOT EXISTS (
                SELECT 1 FROM jsonb_array_elements(f -> 'evidence') AS q
                WHERE (q ->> 'capture')::bigint = e.capture_id AND dossiers_agrees(q, to_jsonb(e))))
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(f -> 'evidence') AS q
                WHERE NOT dossiers_is_quoted(q, p.id))
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(f -> 'approvals') AS a
                WHERE NOT dossiers_is_signed(a, p.id)))
$$;

CREATE FUNCTION dossiers_is_source(s jsonb, the_topic bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM dossiers_capture c JOIN dossiers_source o ON o.id = c.source_id
        WHERE c.id = (s ->> 'id')::bigint AND o.topic_id = the_topic AND c.text_sha256 = s ->> 'sha256'
            AND o.title = s ->> 'title' AND o.url = COALESCE(s ->> 'url', ''))
$$;
"""

EDITION = """
CREATE FUNCTION dossiers_check_edition() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    body jsonb := NEW.canonical::jsonb; t dossiers_topic; last record; part jsonb;
BEGIN
    SELECT * INTO t FROM dossiers_topic WHERE id = NEW.topic_id FOR UPDATE;
    SELECT number, sha256 INTO last FROM dossiers_edition WHERE topic_id = NEW.topic_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_sha256 <> COALESCE(last.sha256, '')
            OR (body ->> 'edition')::integer IS DISTINCT FROM NEW.number
            OR body ->> 'previous_sha256' IS DISTINCT FROM NEW.previous_sha256 THEN
        PERFORM dossiers_refuse('edition_out_of_order: number or previous hash does not follow the last edition');
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.canonical, 'UTF8')), 'hex') THEN
        PERFORM dossiers_refuse('hash_mismatch: sha256 is not the hash of the canonical JSON');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM auth_user WHERE id = NEW.published_by_id AND is_active) THEN
        PERFORM dossiers_refuse('editor_unknown: an edition needs an active publisher');
    END IF;
    IF (body ->> 'published_at')::timestamptz <> NEW.published_at
            OR NOT dossiers_agrees(body -> 'topic', to_jsonb(t)
                - '{first_mentioned_at,last_updated_at,research_retrieved_at}'::text[]) THEN
        PERFORM dossiers_refuse('edition_of_something_else: topic or time are not those of the record');
    END IF;
    IF jsonb_typeof(body -> 'facts') IS DISTINCT FROM 'array' THEN
        PERFORM dossiers_refuse('fact_not_approved: an edition lists its facts');
    END IF;
    SELECT f INTO part FROM jsonb_array_elements(body -> 'facts') AS f
        WHERE dossiers_is_approved(f, NEW.topic_id) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        PERFORM dossiers_refuse(format('fact_not_approved: fact %s is not what an editor approved', part ->> 'id'));
    END IF;
    SELECT s INTO part FROM jsonb_array_elements(body -> 'sources') AS s
        WHERE dossiers_is_source(s, NEW.topic_id) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        PERFORM dossiers_refuse(format('source_unknown: source %s is not what was captured', part ->> 'id'));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_checked BEFORE INSERT ON dossiers_edition FOR EACH ROW EXECUTE FUNCTION dossiers_check_edition();

-- A correction stands in its edition's own bytes: none can be added to what readers have.
CREATE FUNCTION dossiers_check_correction() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said jsonb;
BEGIN
    SELECT e.canonical::jsonb -> 'corrections' -> (NEW.ordinal - 1) INTO said FROM dossiers_edition e
        WHERE e.id = NEW.edition_id;
    IF NEW.ordinal < 1 OR (said ->> 'fact' = NEW.fact AND said ->> 'kind' = NEW.kind AND said ->> 'before' = NEW.before
            AND said ->> 'after' = NEW.after AND said ->> 'reason' = NEW.reason) IS NOT TRUE THEN
        PERFORM dossiers_refuse('correction_unknown: the edition does not hold this correction');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_checked BEFORE INSERT ON dossiers_correction
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_correction();

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
