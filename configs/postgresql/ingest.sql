-- SPDX-License-Identifier: LGPL-2.1-or-later
-- One line of `vmlife scan --format ndjson` or `vmlife follow` goes in: checked, stored once, or kept as a reject.
SET ROLE vmlife;
SET search_path = vmlife;

CREATE OR REPLACE FUNCTION week_of(t timestamptz) RETURNS date
LANGUAGE sql STABLE SET search_path = vmlife, pg_temp AS $$ SELECT date_trunc('week', t AT TIME ZONE 'UTC')::date $$;

-- The tables of a week are there.
CREATE OR REPLACE FUNCTION week_ready(w date) RETURNS void
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	name text;
BEGIN
	IF to_regclass('reject_' || to_char(w, 'YYYYMMDD')) IS NOT NULL THEN
		RETURN; -- it is made last
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('vmlife.week_ready'));
	FOREACH name IN ARRAY '{finding,boot,coverage,line,reject}'::text[] LOOP
		EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
			name || '_' || to_char(w, 'YYYYMMDD'), name, w, w + 7);
	END LOOP;
END $$;

-- RFC 7386.
CREATE OR REPLACE FUNCTION patched(doc jsonb, patch jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT CASE WHEN jsonb_typeof(patch) <> 'object' THEN patch ELSE
		(SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM (
			SELECT key, value FROM jsonb_each(CASE jsonb_typeof(doc) WHEN 'object' THEN doc ELSE '{}' END)
			WHERE NOT patch ? key
			UNION ALL
			SELECT key, patched(CASE jsonb_typeof(doc) WHEN 'object' THEN doc ELSE '{}' END -> key, value)
			FROM jsonb_each(patch) WHERE value <> 'null') m) END
$$;

-- A word that goes into indexes and on dashboards has a word's length.
CREATE OR REPLACE FUNCTION word(s text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
BEGIN
	IF length(s) > 200 THEN
		RAISE '"%..." is too long', left(s, 40) USING ERRCODE = 'string_data_right_truncation';
	END IF;
	RETURN s;
END $$;

CREATE OR REPLACE FUNCTION finding_of(doc jsonb) RETURNS finding
LANGUAGE plpgsql STABLE SET search_path = vmlife, pg_temp AS $$
DECLARE
	f finding;
BEGIN
	f.id := doc->>'id';
	f.signature := doc->>'signature';
	f.title := doc->>'title';
	f.detector := word(doc->>'detector');
	f.kind := word(doc->>'kind');
	f.rule := word(doc->>'rule');
	f.relevance := doc->>'relevance';
	f.severity := doc->>'severity';
	f.origin := doc->>'origin';
	f.injected := doc->>'injected';
	f.status := doc->>'status';
	f.issue := word(doc->'issue'->>'name');
	f.owner := word(doc->>'owner');
	f.release := word(doc->>'kernel');
	f.boot := coalesce(doc->>'boot_id', doc->>'log_id');
	f.cause := doc->>'group';
	f.count := doc->>'count';
	f.first_us := doc->'first_seen'->>'monotonic_us';
	f.last_us := doc->'last_seen'->>'monotonic_us';
	f.first_seen := doc->'first_seen'->>'realtime';
	f.last_seen := doc->'last_seen'->>'realtime';
	f.corrupted := jsonb_array_length(doc->'corrupted') > 0;
	f.withdrawn := false;
	f.revision := 0;
	f.doc := doc - 'type' - 'follow';
	RETURN f;
END $$;

-- The same report as the other version of signatures calls it, the oldest: edges of two releases send both, and what
-- was known before an upgrade is no news after it.
CREATE OR REPLACE FUNCTION other_signature(f finding) RETURNS signature
LANGUAGE sql STABLE SET search_path = vmlife, pg_temp AS $$
	SELECT s FROM signature s
	WHERE (s.signature = f.doc->>'former_signature' OR s.former = f.signature) AND s.signature <> f.signature AND s.real_since IS NOT NULL
	ORDER BY s.real_since LIMIT 1
$$;

-- Keeps `signature` right for a finding that came or changed: real is what nobody injected, withdrew, or wrote to
-- /dev/kmsg.
CREATE OR REPLACE FUNCTION note_signature(f finding) RETURNS void
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	former text := f.doc->>'former_signature';
	o signature;
BEGIN
	IF NOT f.injected AND NOT f.withdrawn AND f.origin <> 'userspace' THEN
		o := other_signature(f);
		IF o.real_since IS NULL THEN
			o.real_since := f.received;
			o.real_id := f.id;
			o.real_release := f.release;
		END IF;
		INSERT INTO signature VALUES (f.signature, f.title, f.detector, f.kind, f.rule, f.received, o.real_since, o.real_id, o.real_release, former)
		ON CONFLICT (signature) DO UPDATE SET real_since = excluded.real_since, real_id = excluded.real_id, real_release = excluded.real_release
		WHERE signature.real_since IS NULL;
		RETURN;
	END IF;
	INSERT INTO signature VALUES (f.signature, f.title, f.detector, f.kind, f.rule, f.received, NULL, NULL, NULL, former)
	ON CONFLICT (signature) DO NOTHING;
	UPDATE signature s SET (real_since, real_id, real_release) = (
		SELECT x.received, x.id, x.release FROM finding x
		WHERE x.signature = f.signature AND NOT x.injected AND NOT x.withdrawn AND x.origin <> 'userspace'
		ORDER BY x.received LIMIT 1)
	WHERE s.signature = f.signature AND s.real_id = f.id;
END $$;

-- What was said of a finding after it was told, in order.
CREATE OR REPLACE FUNCTION with_updates(f finding) RETURNS finding
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	u finding_update;
	n finding := f;
BEGIN
	FOR u IN SELECT * FROM finding_update x WHERE x.id = f.id AND x.revision > f.revision ORDER BY revision LOOP
		n := finding_of(patched(n.doc, u.patch - 'revision' - 'type'));
		n.revision := u.revision;
	END LOOP;
	n.week := f.week;
	n.sender := f.sender;
	n.received := f.received;
	n.changed := f.changed;
	n.withdrawn := f.withdrawn OR EXISTS (SELECT FROM finding_update x WHERE x.id = f.id AND x.revision = 0);
	RETURN n;
END $$;

CREATE OR REPLACE FUNCTION replace_finding(f finding) RETURNS void
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
BEGIN
	DELETE FROM finding WHERE week = f.week AND id = f.id;
	INSERT INTO finding SELECT f.*;
	PERFORM note_signature(f);
END $$;

CREATE OR REPLACE FUNCTION store_finding(doc jsonb, sender text) RETURNS text
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	f finding := finding_of(doc);
	old finding;
BEGIN
	f.week := week_of(now());
	f.sender := sender;
	f.received := now();
	f.changed := now();
	INSERT INTO finding_key VALUES (f.id, f.week) ON CONFLICT DO NOTHING;
	IF FOUND THEN
		f := with_updates(f);
		INSERT INTO finding SELECT f.*;
		PERFORM note_signature(f);
		RETURN 'stored';
	END IF;
	SELECT x.* INTO STRICT old FROM finding_key k JOIN finding x USING (week, id) WHERE k.id = f.id FOR UPDATE OF x;
	-- A later look at the same log knows more of it; an earlier one that comes late does not.
	IF f.count < old.count OR coalesce(f.last_us, 0) < coalesce(old.last_us, 0)
	   OR (f.count = old.count AND coalesce(f.last_us, 0) = coalesce(old.last_us, 0)) THEN
		RETURN 'known';
	END IF;
	f.week := old.week;
	f.sender := old.sender;
	f.received := old.received;
	f.withdrawn := old.withdrawn;
	f.revision := old.revision;
	PERFORM replace_finding(f);
	RETURN 'changed';
END $$;

CREATE OR REPLACE FUNCTION store_update(doc jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	of uuid := doc->>'id';
	old finding;
BEGIN
	-- A follower that forgot its state counts revisions from 1 again: then the count tells.
	INSERT INTO finding_update VALUES (of, (doc->>'revision')::bigint, doc, now())
	ON CONFLICT (id, revision) DO UPDATE SET patch = excluded.patch, received = excluded.received
	WHERE (excluded.patch->>'count')::bigint > (finding_update.patch->>'count')::bigint;
	IF NOT FOUND THEN
		RETURN 'known';
	END IF;
	SELECT x.* INTO old FROM finding_key k JOIN finding x USING (week, id) WHERE k.id = of FOR UPDATE OF x;
	IF NOT FOUND THEN
		-- The finding is still to come. A patch that no finding can bear is found out here.
		PERFORM word(doc->>'rule'), word(doc->>'owner'), (doc->>'count')::bigint, (doc->'last_seen'->>'realtime')::timestamptz;
		RETURN 'waits';
	END IF;
	IF (doc->>'revision')::bigint <= old.revision AND (doc->>'count')::bigint > old.count THEN
		old.revision := (doc->>'revision')::bigint - 1;
	END IF;
	old.changed := now();
	PERFORM replace_finding(with_updates(old));
	RETURN 'changed';
END $$;

CREATE OR REPLACE FUNCTION store_withdrawn(of uuid) RETURNS text
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	old finding;
BEGIN
	INSERT INTO finding_update VALUES (of, 0, '{}', now()) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN 'known';
	END IF;
	SELECT x.* INTO old FROM finding_key k JOIN finding x USING (week, id) WHERE k.id = of FOR UPDATE OF x;
	IF NOT FOUND THEN
		RETURN 'waits';
	END IF;
	old.withdrawn := true;
	old.changed := now();
	PERFORM replace_finding(old);
	RETURN 'changed';
END $$;

CREATE OR REPLACE FUNCTION boot_of(doc jsonb, sender text) RETURNS boot
LANGUAGE plpgsql STABLE SET search_path = vmlife, pg_temp AS $$
DECLARE
	b boot;
BEGIN
	b.told := doc ? 'id';
	b.id := coalesce(doc->>'id', doc->>'log_id', md5(jsonb_build_array(sender, doc)::text));
	b.machine := doc->>'machine';
	b.host := word(doc->>'host');
	b.release := word(doc->>'release');
	b.verdict := doc->>'verdict';
	b.reasons := ARRAY(SELECT jsonb_array_elements_text(doc->'reasons'));
	b.lost := doc->>'lost';
	b.from_start := doc->'coverage'->>'from_start';
	b.inject := word(nullif(doc->'variant'->>'inject', 'none'));
	b.uptime_us := doc->'exposure'->>'uptime_us';
	b.rounds := doc->'exposure'->>'rounds';
	b.suppressed := doc->'exposure'->>'suppressed';
	b.first_us := doc->'first_seen'->>'monotonic_us';
	b.last_us := doc->'last_seen'->>'monotonic_us';
	b.first_seen := doc->'first_seen'->>'realtime';
	b.last_seen := doc->'last_seen'->>'realtime';
	b.ended := coalesce(doc->'follow'->>'why' = 'over', false);
	b.labels := coalesce(doc->'labels', '{}');
	b.sender := sender;
	b.doc := doc - 'type' - 'follow' - 'boot';
	RETURN b;
END $$;

CREATE OR REPLACE FUNCTION store_boot(doc jsonb, sender text) RETURNS text
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	b boot := boot_of(doc, sender);
	old boot;
	said text := 'stored';
BEGIN
	b.week := week_of(now());
	b.received := now();
	b.changed := now();
	INSERT INTO boot_key VALUES (b.id, b.week) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		SELECT x.* INTO STRICT old FROM boot_key k JOIN boot x USING (week, id) WHERE k.id = b.id FOR UPDATE OF x;
		-- Within a boot its own clock tells which look is the later one.
		IF coalesce(b.last_us, 0) < coalesce(old.last_us, 0)
		   OR (coalesce(b.last_us, 0) = coalesce(old.last_us, 0) AND (old.ended AND NOT b.ended OR old.doc = b.doc AND old.ended = b.ended)) THEN
			RETURN 'known';
		END IF;
		b.week := old.week;
		b.received := old.received;
		b.ended := b.ended OR old.ended;
		DELETE FROM boot WHERE week = b.week AND id = b.id;
		DELETE FROM coverage WHERE week = b.week AND boot = b.id;
		said := 'changed';
	END IF;
	INSERT INTO boot SELECT b.*;
	INSERT INTO coverage
	SELECT b.week, b.id, d->>'name', d->>'present', (d->>'alive')::boolean, d->>'quiet', (d->'until'->>'monotonic_us')::bigint
	FROM jsonb_array_elements(doc->'coverage'->'detectors') d
	ON CONFLICT DO NOTHING; -- one that is named twice
	RETURN said;
END $$;

-- A line that is neither of a finding nor of a boot, once: a loss by its id, others by what they say and who
-- said it. It is looked for in all weeks, for a spool may come again after the turn of one.
CREATE OR REPLACE FUNCTION store_line(doc jsonb, what text, sender text, mark bytea) RETURNS text
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	own bytea := CASE what WHEN 'loss' THEN sha256(convert_to(doc->>'id', 'UTF8')) ELSE mark END;
	old vmlife.line; -- PostgreSQL has a type of that name
BEGIN
	SELECT l.* INTO old FROM line l WHERE l.hash = own;
	IF NOT FOUND THEN
		INSERT INTO line VALUES (week_of(now()), own, what, sender, now(), doc - 'type');
		RETURN 'stored';
	ELSIF what = 'loss' AND (doc->>'entries')::numeric > (old.doc->>'entries')::numeric THEN
		UPDATE line l SET doc = store_line.doc - 'type' WHERE l.week = old.week AND l.hash = own;
		RETURN 'changed'; -- more had gone when it was looked at again
	END IF;
	RETURN 'known';
END $$;

-- One line. Says what became of it: stored, changed (more was known), known (it came before), waits (an update of a
-- finding that is still to come), rejected. Only an error of the line itself makes a reject; anything else, as a full
-- disk, is raised, so that the caller tries again later.
CREATE OR REPLACE FUNCTION ingest(line bytea, sender text DEFAULT NULL, host text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_variable
DECLARE
	doc jsonb;
	ought jsonb;
	required jsonb;
	what text; -- type of line
	why text;
	mark bytea := sha256(convert_to(coalesce(sender, '') || ' ', 'UTF8') || line);
BEGIN
	PERFORM week_ready(week_of(now()));
	BEGIN
		doc := convert_from(line, 'UTF8')::jsonb;
		IF jsonb_typeof(doc) = 'object' THEN
			what := doc->>'type';
		END IF;
		SELECT s.schema INTO ought FROM shape s WHERE s.type = what;
		IF NOT FOUND THEN
			why := 'no type of line that is known here';
		ELSIF what = 'finding' AND EXISTS (SELECT FROM finding_key k JOIN finding f USING (week, id)
			WHERE k.id = (doc->>'id')::uuid AND f.doc = doc - 'type' - 'follow') THEN
			RETURN 'known'; -- a spool that is sent again is mostly that, and was looked at then
		ELSIF what = 'update' THEN
			SELECT s.schema->'required' INTO required FROM shape s WHERE s.type = 'finding';
			SELECT format('update takes "%s" away', e.key) INTO why FROM jsonb_each(doc) e WHERE e.value = 'null' AND required ? e.key;
			IF why IS NULL THEN
				why := misfit((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(doc) e WHERE e.value <> 'null'), ought, what);
			END IF;
		ELSE
			why := misfit(doc, ought, what);
		END IF;
		why := coalesce(why, not_its_own(doc, what, sender));
		IF why IS NULL THEN
			CASE what
			WHEN 'finding' THEN RETURN store_finding(doc, sender);
			WHEN 'update' THEN RETURN store_update(doc);
			WHEN 'withdrawn' THEN RETURN store_withdrawn((doc->>'id')::uuid);
			WHEN 'boot' THEN RETURN store_boot(doc, sender);
			ELSE RETURN store_line(doc, what, sender, mark);
			END CASE;
		END IF;
	EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
		why := left(SQLERRM, 300);
	END;
	UPDATE reject r SET times = r.times + 1 WHERE r.hash = mark;
	IF NOT FOUND THEN
		INSERT INTO reject VALUES (week_of(now()), mark, why, sender, left(host, 200), line, 1, now());
	END IF;
	RETURN 'rejected';
END $$;

-- Part of a file of lines that starts at byte `at`, as the centre's inbox has it: SENDER<tab>HOST<tab>LINE, or plain
-- LINE. Takes the whole lines of it and moves the file's position in the same transaction, so that none is lost or
-- counted twice. Nothing is done where `at` is not the position: the answer is what the caller is to go on from.
CREATE OR REPLACE FUNCTION ingest_chunk(INOUT file text, INOUT at bigint, chunk bytea, OUT said jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vmlife, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	n bigint;
	outcome text;
	-- Bytes of any kind, but for newline and backslash in a form that text can hold.
	escaped text := encode(chunk, 'escape');
	part text;
	parts text[];
BEGIN
	said := '{}';
	INSERT INTO inbox AS i VALUES (file, 0, now()) ON CONFLICT DO NOTHING;
	SELECT i.position INTO n FROM inbox i WHERE i.file = file FOR UPDATE;
	IF n <> at THEN
		at := n;
		RETURN;
	END IF;
	parts := string_to_array(escaped, E'\n');
	FOREACH part IN ARRAY parts[:cardinality(parts) - 1] LOOP
		at := at + octet_length(decode(part, 'escape')) + 1;
		IF part = '' THEN
			CONTINUE;
		ELSIF part ~ '^[0-9A-Fa-f.:]+\t[^\t]*\t' THEN
			outcome := ingest(decode(substr(part, length(split_part(part, E'\t', 1)) + length(split_part(part, E'\t', 2)) + 3), 'escape'),
				split_part(part, E'\t', 1), split_part(part, E'\t', 2));
		ELSE
			outcome := ingest(decode(part, 'escape'));
		END IF;
		said := said || jsonb_build_object(outcome, coalesce((said->>outcome)::bigint, 0) + 1);
	END LOOP;
	UPDATE inbox i SET position = at, changed = now() WHERE i.file = file;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vmlife FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest(bytea, text, text), ingest_chunk(text, bigint, bytea) TO vmlife_ingest;
RESET ROLE;
