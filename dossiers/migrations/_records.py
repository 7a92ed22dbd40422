"""SQL of the records: append-only rows, true hashes, true quotes."""

# `pg_temp` stands last in every search path: unnamed it would come first, and a temporary table could pose as a record.
REFUSE = """
CREATE FUNCTION dossiers_refuse(reason text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION dossiers_refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'append_only: rows of % are never changed or removed (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""

CAPTURE = """
CREATE FUNCTION dossiers_check_capture() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.text_sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'hash_mismatch: text_sha256 is not the hash of the text' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capture_hash BEFORE INSERT ON dossiers_capture FOR EACH ROW EXECUTE FUNCTION dossiers_check_capture();
"""

# No backslash stands in these literals: `standard_conforming_strings` is the session's to switch.
EVIDENCE = """
CREATE FUNCTION dossiers_check_evidence() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    words text; of_topic bigint; claim_topic bigint; expected integer;
BEGIN
    SELECT c.text, s.topic_id INTO words, of_topic
        FROM dossiers_capture c JOIN dossiers_source s ON s.id = c.source_id WHERE c.id = NEW.capture_id;
    SELECT cl.topic_id, p.evidence_count INTO claim_topic, expected
        FROM dossiers_proposal p JOIN dossiers_claim cl ON cl.id = p.claim_id WHERE p.id = NEW.proposal_id;
    IF claim_topic IS NULL THEN
        RAISE EXCEPTION 'proposal_unknown: evidence follows its proposal' USING ERRCODE = 'restrict_violation';
    END IF;
    IF substring(words FROM NEW.start + 1 FOR NEW."end" - NEW.start) IS DISTINCT FROM NEW.exact THEN
        RAISE EXCEPTION 'quote_not_found: the words of capture % from % to % are not the quote',
            NEW.capture_id, NEW.start, NEW."end" USING ERRCODE = 'restrict_violation';
    END IF;
    IF right(left(words, NEW.start), length(NEW.prefix)) <> NEW.prefix
        OR substring(words FROM NEW."end" + 1 FOR length(NEW.suffix)) <> NEW.suffix THEN
        RAISE EXCEPTION 'quote_not_found: prefix or suffix is not beside the quote'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.exact ~ '[[][[:space:]]{0,3}([.][[:space:]]?[.][[:space:]]?[.]|…)[[:space:]]{0,3}[]]' THEN
        RAISE EXCEPTION 'quote_crosses_joint: the snippet was cut within the quote'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF of_topic IS DISTINCT FROM claim_topic THEN
        RAISE EXCEPTION 'foreign_capture: evidence cites a capture of another topic'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.ordinal < 1 OR NEW.ordinal > expected THEN
        RAISE EXCEPTION 'evidence_is_closed: proposal % has % evidence rows', NEW.proposal_id, expected
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_quote BEFORE INSERT ON dossiers_evidence
    FOR EACH ROW EXECUTE FUNCTION dossiers_check_evidence();

CREATE FUNCTION dossiers_check_evidence_count() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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

APPEND_ONLY = (
    "capture",
    "importedstatement",
    "proposal",
    "evidence",
    "sighting",
    "decision",
    "evidencedisplay",
    "checkdismissal",
    "entityresolution",
    "edition",
    "correction",
)
APPEND_ONLY_SINCE_0008 = ("generation",)


def make_append_only(tables: tuple[str, ...]) -> str:
    """Return the SQL of the triggers that refuse UPDATE, DELETE and TRUNCATE to everyone, the owner included."""
    return "".join(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON dossiers_{t} FOR EACH ROW "
        f"EXECUTE FUNCTION dossiers_refuse_change();"
        f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON dossiers_{t} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION dossiers_refuse_change();"
        for t in tables
    )
