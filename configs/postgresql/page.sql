-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The store as a saved report, line by line, from which `vmlife export` makes the fleet's page.
SET ROLE vmlife;
SET search_path = vmlife;

-- The newest boots that came since then, numbered in the order in which they came.
CREATE OR REPLACE FUNCTION page_boots(since timestamptz, most integer) RETURNS TABLE (n bigint, b boot)
LANGUAGE sql STABLE SET search_path = vmlife, pg_temp AS $$
	SELECT row_number() OVER (ORDER BY (x.b).received, (x.b).id) - 1, x.b
	FROM (SELECT b FROM boot b WHERE b.received >= since ORDER BY b.received DESC, b.id DESC LIMIT most) x
$$;

-- What the page shows: these boots, and their findings but for those that were withdrawn or that a process wrote. What is
-- left out is said in the name of the source.
CREATE OR REPLACE FUNCTION page_report(since timestamptz, most integer, version text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = vmlife, pg_temp SET timezone = 'UTC' AS $$
DECLARE
	came bigint := (SELECT count(*) FROM boot x WHERE x.received >= since);
	homeless bigint := (SELECT count(*) FROM finding f WHERE f.received >= since AND NOT f.withdrawn AND f.origin <> 'userspace'
		AND NOT EXISTS (SELECT FROM boot x WHERE x.id = f.boot));
BEGIN
	RETURN NEXT jsonb_build_object('type', 'report', 'schema', 'vmlife-report/1',
		'tool', jsonb_build_object('name', 'vmlife', 'version', version));
	RETURN NEXT jsonb_build_object('type', 'source', 'source_type', 'journal', 'entries', 0, 'bytes', 0,
		'lost', coalesce((SELECT sum((p.b).lost) FROM page_boots(since, most) p), 0),
		'boots', least(came, most), 'complete', came <= most AND homeless = 0,
		'name', format('the store, since %s UTC', to_char(since, 'YYYY-MM-DD HH24:MI'))
			|| CASE WHEN came > most THEN format('; the newest %s of %s boots', most, came) ELSE '' END
			|| CASE WHEN homeless > 0 THEN format('; without %s findings of boots that did not come', homeless) ELSE '' END);
	RETURN QUERY SELECT ((p.b).doc || '{"type": "boot", "source": 0}')::text FROM page_boots(since, most) p ORDER BY p.n;
	RETURN QUERY SELECT (f.doc || jsonb_build_object('type', 'finding', 'boot', p.n, 'source', f.doc->'source' || '{"index": 0}'))::text
		FROM page_boots(since, most) p JOIN finding f ON f.boot = (p.b).id
		WHERE NOT f.withdrawn AND f.origin <> 'userspace' ORDER BY p.n, f.first_us, f.id;
END $$;

-- The signatures that were known before, as a report: all others are new.
CREATE OR REPLACE FUNCTION page_known(since timestamptz) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = vmlife, pg_temp AS $$
	SELECT '{"type": "report", "schema": "vmlife-report/1", "tool": {"name": "vmlife", "version": "0"}}'
	UNION ALL
	SELECT '{"type": "source", "source_type": "journal", "name": "before", "entries": 0, "bytes": 0, "lost": 0, "boots": 0, "complete": true}'
	UNION ALL
	SELECT (jsonb_build_object('type', 'finding', 'id', md5(s.signature), 'signature', s.signature, 'title', s.title,
			'detector', s.detector, 'kind', s.kind)
		|| '{"relevance": "unrelated", "why": "known before", "injected": false, "origin": "kernel", "severity": "low", "alt_titles": [],
			"functions": [], "accesses": [], "stacks": [], "locks": [], "tasks": [], "fields": {}, "corrupted": [], "boot": 0, "count": 1,
			"first_seen": {"monotonic_us": 0}, "last_seen": {"monotonic_us": 0}, "source": {"index": 0, "entry": 0}}')::text
	FROM signature s WHERE s.real_since < since
$$;

GRANT EXECUTE ON FUNCTION page_boots(timestamptz, integer), page_report(timestamptz, integer, text), page_known(timestamptz) TO vmlife_read;
RESET ROLE;
