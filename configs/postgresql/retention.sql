-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Old weeks go, the next weeks' tables come. Called each day, by the database's owner: vmlife-retain.timer.
SET ROLE vmlife;
SET search_path = vmlife;

-- Drops weeks that ended longer ago than that; says which tables. Signatures stay: they tell what is new.
CREATE OR REPLACE FUNCTION retain(keep interval) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp AS $$
DECLARE
	name text;
	first_kept date := week_of(now() - keep);
BEGIN
	DELETE FROM finding WHERE week < first_kept; -- for the triggers of tally.sql, which a dropped table does not call
	DELETE FROM tally_release WHERE findings = 0;
	DELETE FROM tally_rule WHERE findings = 0;
	DELETE FROM tally_boot WHERE findings = 0;
	FOR name IN
		SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = ANY ('{finding,boot,coverage,line,reject}'::regclass[])
		  AND c.relname ~ '_[0-9]{8}$' AND to_date(right(c.relname, 8), 'YYYYMMDD') < first_kept
		ORDER BY 1
	LOOP
		EXECUTE format('DROP TABLE %I', name);
		RETURN NEXT name;
	END LOOP;
	DELETE FROM finding_key WHERE week < first_kept;
	DELETE FROM boot_key WHERE week < first_kept;
	DELETE FROM finding_update u WHERE u.received < first_kept AND NOT EXISTS (SELECT FROM finding_key k WHERE k.id = u.id);
	DELETE FROM inbox WHERE changed < first_kept;
	PERFORM week_ready(week_of(now() + n * interval '7 days')) FROM generate_series(0, 2) n;
END $$;
REVOKE ALL ON FUNCTION retain(interval) FROM PUBLIC;
RESET ROLE;
