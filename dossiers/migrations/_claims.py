"""SQL of the claims: what is derived from decisions and proposals, and that nothing else sets it."""

# Status, standing decision, incumbent and challenger are a fold over the live decisions, oldest first; nothing else
# sets them. A rejection of anything but the incumbent leaves the incumbent standing: a challenger was turned away.
DERIVE = """
-- Whether something happened to a claim's evidence that no editor has decided on since.
CREATE FUNCTION dossiers_is_unwell(the_claim bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM dossiers_claimhealth h WHERE h.claim_id = the_claim AND h.state <> 'ok'
        AND NOT EXISTS (SELECT 1 FROM dossiers_decision x WHERE x.claim_id = the_claim AND x.id > h.since_decision
            AND x.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM dossiers_decision u WHERE u.undoes_id = x.id)))
$$;

CREATE FUNCTION dossiers_derive_claim(the_claim bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
        status = new_status, standing_decision_id = standing, incumbent_id = stands,
        newest_proposal_id = newest, challenger_id = challenging,
        needs_review = new_status IN ('pending', 'awaiting_second', 'escalated') OR challenging IS NOT NULL
            OR (new_status = 'approved' AND dossiers_is_unwell(the_claim))
    WHERE id = the_claim;
END $$;

CREATE FUNCTION dossiers_start_claim() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.version := 0; NEW.status := 'pending'; NEW.standing_decision_id := NULL; NEW.incumbent_id := NULL;
    NEW.newest_proposal_id := NULL; NEW.challenger_id := NULL; NEW.needs_review := true;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_start BEFORE INSERT ON dossiers_claim FOR EACH ROW EXECUTE FUNCTION dossiers_start_claim();

CREATE FUNCTION dossiers_check_proposal() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM dossiers_claim WHERE id = NEW.claim_id) THEN
        PERFORM dossiers_refuse('claim_unknown: a proposal follows its claim');
    END IF;
    IF NEW.is_statement AND NEW.author_kind <> 'editor' OR NEW.author_kind = 'editor' AND NOT NEW.is_statement
            AND NEW.evidence_count = 0 THEN
        PERFORM dossiers_refuse('no_evidence: an amendment cites evidence or is labelled a statement');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposal_checked BEFORE INSERT ON dossiers_proposal
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_proposal();

CREATE FUNCTION dossiers_after_proposal() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE dossiers_claim SET version = version + 1 WHERE id = NEW.claim_id;
    PERFORM dossiers_derive_claim(NEW.claim_id);
    RETURN NULL;
END $$;
CREATE TRIGGER proposal_derives AFTER INSERT ON dossiers_proposal
    FOR EACH ROW EXECUTE FUNCTION dossiers_after_proposal();

-- The policy is part of the fold, so a change of it is folded at once and not at some later act.
CREATE FUNCTION dossiers_after_policy() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM dossiers_derive_claim(c.id) FROM (
        SELECT id FROM dossiers_claim WHERE topic_id = NEW.id AND standing_decision_id IS NOT NULL ORDER BY id) AS c;
    RETURN NULL;
END $$;
CREATE TRIGGER policy_derives AFTER UPDATE OF approvals_needed ON dossiers_topic FOR EACH ROW
    WHEN (OLD.approvals_needed <> NEW.approvals_needed) EXECUTE FUNCTION dossiers_after_policy();

CREATE FUNCTION dossiers_date_health() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.state, OLD.detail) = (NEW.state, NEW.detail) THEN
        NEW.since_decision := OLD.since_decision;
    ELSE
        SELECT COALESCE(max(x.id), 0) INTO NEW.since_decision FROM dossiers_decision x WHERE x.claim_id = NEW.claim_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER health_dated BEFORE INSERT OR UPDATE ON dossiers_claimhealth
    FOR EACH ROW EXECUTE FUNCTION dossiers_date_health();

-- An editor who has the card open has not seen the change: the version moves where something stands.
CREATE FUNCTION dossiers_after_health() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state = 'ok'
            OR TG_OP = 'UPDATE' AND (OLD.state, OLD.detail) = (NEW.state, NEW.detail) THEN
        RETURN NULL;
    END IF;
    UPDATE dossiers_claim SET version = version + 1 WHERE id = NEW.claim_id AND incumbent_id IS NOT NULL;
    IF FOUND THEN PERFORM dossiers_derive_claim(NEW.claim_id); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER health_derives AFTER INSERT OR UPDATE ON dossiers_claimhealth
    FOR EACH ROW EXECUTE FUNCTION dossiers_after_health();
"""
