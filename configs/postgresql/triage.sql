-- SPDX-License-Identifier: LGPL-2.1-or-later
-- A new signature is on alert until somebody says that it was seen, here or as a known issue.
SET ROLE vmlife;
SET search_path = vmlife;

-- The signature that begins so, as lists show it ("v2:91905907").
CREATE OR REPLACE FUNCTION signature_of(start text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = vmlife, pg_temp AS $$
DECLARE
	found text[] := ARRAY(SELECT s.signature FROM signature s WHERE starts_with(s.signature, start) AND s.real_since IS NOT NULL ORDER BY 1 LIMIT 3);
BEGIN
	IF length(start) < 8 THEN
		RAISE 'a signature begins with "v2:" and at least five digits, not "%"', left(start, 40) USING ERRCODE = 'invalid_parameter_value';
	ELSIF cardinality(found) = 0 THEN
		RAISE 'no signature begins with "%"', left(start, 40) USING ERRCODE = 'no_data_found';
	ELSIF cardinality(found) > 1 THEN
		RAISE '"%" begins several signatures: %', left(start, 40), array_to_string(found, ', ') USING ERRCODE = 'cardinality_violation';
	END IF;
	RETURN found[1];
END $$;

-- It was looked at: no alert names it any more. Says which it is.
CREATE OR REPLACE FUNCTION acknowledge(start text, note text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp AS $$
DECLARE
	of text := signature_of(start);
BEGIN
	INSERT INTO acknowledged AS a VALUES (of, session_user, left(note, 1000), now())
	ON CONFLICT (signature) DO UPDATE SET by = excluded.by, note = coalesce(excluded.note, a.note), at = excluded.at;
	RETURN of || ' ' || (SELECT s.title FROM signature s WHERE s.signature = of);
END $$;

-- It is to be on alert again.
CREATE OR REPLACE FUNCTION unacknowledge(start text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp AS $$
DECLARE
	of text := signature_of(start);
BEGIN
	DELETE FROM acknowledged a WHERE a.signature = of;
	RETURN of || ' ' || (SELECT s.title FROM signature s WHERE s.signature = of);
END $$;

REVOKE ALL ON FUNCTION signature_of(text), acknowledge(text, text), unacknowledge(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acknowledge(text, text), unacknowledge(text) TO vmlife_triage;
RESET ROLE;
