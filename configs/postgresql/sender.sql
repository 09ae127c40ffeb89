-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Who may say more of a boot or a finding: the address that told it first, for a boot's id is known to nobody else at
-- that time. A machine with a certificate of the fleet cannot change or hide what another told.
SET ROLE vmlife;
SET search_path = vmlife;

-- IPv6: a machine changes its address within its network. One that is not known is like any.
CREATE OR REPLACE FUNCTION same_sender(a text, b text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL OR a = b THEN true
	WHEN a LIKE '%:%' AND b LIKE '%:%' AND a NOT ILIKE '::ffff:%'
	THEN network(set_masklen(a::inet, 64)) = network(set_masklen(b::inet, 64))
	ELSE false END
$$;

-- Why this sender may not tell this; null: it may. What was loaded by hand has no sender and binds nobody. For
-- machines whose addresses change while they run: ALTER DATABASE vmlife SET vmlife.any_sender = 'on'.
CREATE OR REPLACE FUNCTION not_its_own(doc jsonb, what text, sender text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = vmlife, pg_temp AS $$
DECLARE
	event uuid := CASE WHEN what IN ('finding', 'update', 'withdrawn') THEN doc->>'id' END;
	boots uuid[] := ARRAY[CASE WHEN what = 'boot' THEN coalesce(doc->>'id', doc->>'log_id')
		WHEN what IN ('finding', 'update', 'loss') THEN coalesce(doc->>'boot_id', doc->>'log_id') END]::uuid[];
	teller text;
	old finding;
BEGIN
	IF sender IS NULL OR current_setting('vmlife.any_sender', true) = 'on' THEN
		RETURN NULL;
	END IF;
	SELECT f.* INTO old FROM finding_key k JOIN finding f USING (week, id) WHERE k.id = event;
	IF FOUND AND NOT same_sender(old.sender, sender) THEN
		RETURN format('%s of finding %s, which is told by %s', what, event, old.sender);
	END IF;
	SELECT b.sender INTO teller FROM boot_key k JOIN boot b USING (week, id)
	WHERE k.id = ANY (boots || old.boot) AND NOT same_sender(b.sender, not_its_own.sender);
	RETURN CASE WHEN FOUND THEN format('%s of a boot, which is told by %s', what, teller) END;
END $$;

-- A machine got another address: what it told belongs to the new one, and what was rejected for that is taken in.
-- Called by the database's owner. Says what became of those lines.
CREATE OR REPLACE FUNCTION moved(old text, new text) RETURNS TABLE (outcome text, lines bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp AS $$
#variable_conflict use_column
BEGIN
	UPDATE boot SET sender = new WHERE sender = old;
	UPDATE finding SET sender = new WHERE sender = old;
	CREATE TEMPORARY TABLE again ON COMMIT DROP AS
	SELECT * FROM reject WHERE sender = new AND reason LIKE '%, which is told by ' || old;
	DELETE FROM reject r USING again a WHERE r.week = a.week AND r.hash = a.hash;
	RETURN QUERY SELECT x.said, count(*) FROM (
		SELECT ingest(a.line, a.sender, a.host) AS said FROM again a ORDER BY a.received) x GROUP BY 1;
END $$;
REVOKE ALL ON FUNCTION moved(text, text) FROM PUBLIC;
RESET ROLE;
