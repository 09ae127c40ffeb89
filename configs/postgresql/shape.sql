-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Is a line what the schemas of reports and of follow say? By those files themselves: `install` hands them over, so there is one truth.
SET ROLE vmlife;
SET search_path = vmlife;

-- A definition with what it refers to put in its place.
CREATE OR REPLACE FUNCTION resolved(s jsonb, root jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT CASE jsonb_typeof(s)
	WHEN 'object' THEN
		CASE WHEN s ? '$ref' THEN resolved(root #> string_to_array(ltrim(s->>'$ref', '#/'), '/'), root)
		ELSE (SELECT coalesce(jsonb_object_agg(key, resolved(value, root)), '{}')
		      FROM jsonb_each(s) WHERE NOT (key = 'description' AND jsonb_typeof(value) = 'string')) END
	WHEN 'array' THEN (SELECT coalesce(jsonb_agg(resolved(value, root)), '[]') FROM jsonb_array_elements(s))
	ELSE s END
$$;

-- What in v is not as the schema s has it, by its path; null if all is. Knows the keywords that the schemas
-- uses; take_schemas() refuses one with others.
CREATE OR REPLACE FUNCTION misfit(v jsonb, s jsonb, path text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
DECLARE
	t text := jsonb_typeof(v);
	want text := s->>'type';
	of jsonb;
	k text;
	x jsonb;
	why text;
BEGIN
	IF want IS NOT NULL AND want <> t AND NOT (want = 'integer' AND t = 'number' AND trunc((v #>> '{}')::numeric) = (v #>> '{}')::numeric) THEN
		RETURN format('%s is no %s', path, want);
	ELSIF s ? 'const' AND s->'const' <> v THEN
		RETURN format('%s is not %s', path, s->>'const');
	ELSIF s ? 'enum' AND NOT s->'enum' @> v THEN
		RETURN format('%s is none of %s', path, s->'enum');
	END IF;
	CASE t
	WHEN 'string' THEN
		IF s ? 'pattern' AND v #>> '{}' !~ (s->>'pattern') THEN
			RETURN format('%s does not match %s', path, s->>'pattern');
		ELSIF s ? 'minLength' AND length(v #>> '{}') < (s->>'minLength')::integer THEN
			RETURN format('%s is too short', path);
		ELSIF s ? 'maxLength' AND length(v #>> '{}') > (s->>'maxLength')::integer THEN
			RETURN format('%s is too long', path);
		END IF;
	WHEN 'number' THEN
		IF s ? 'minimum' AND (v #>> '{}')::numeric < (s->>'minimum')::numeric THEN
			RETURN format('%s is below %s', path, s->>'minimum');
		END IF;
	WHEN 'array' THEN
		IF s ? 'minItems' AND jsonb_array_length(v) < (s->>'minItems')::integer THEN
			RETURN format('%s has too few items', path);
		END IF;
		of := s->'items';
		IF of IS NULL THEN
			RETURN NULL;
		END IF;
		FOR x IN SELECT jsonb_array_elements(v) LOOP
			why := misfit(x, of, path || '[]');
			IF why IS NOT NULL THEN
				RETURN why;
			END IF;
		END LOOP;
	WHEN 'object' THEN
		FOR k IN SELECT jsonb_array_elements_text(s->'required') LOOP
			IF NOT v ? k THEN
				RETURN format('%s lacks "%s"', path, k);
			END IF;
		END LOOP;
		FOR k, x IN SELECT * FROM jsonb_each(v) LOOP
			of := coalesce(s->'properties'->k, s->'additionalProperties');
			IF of IS NULL OR of = 'true' THEN
				CONTINUE;
			ELSIF of = 'false' THEN
				RETURN format('%s has an unknown "%s"', path, left(k, 100));
			ELSIF of = '{"type": "string"}' AND jsonb_typeof(x) = 'string' THEN
				CONTINUE; -- most are that
			END IF;
			why := misfit(x, of, path || '.' || left(k, 100));
			IF why IS NOT NULL THEN
				RETURN why;
			END IF;
		END LOOP;
	ELSE
		NULL;
	END CASE;
	RETURN NULL;
END $$;

-- Every keyword of a schema. Names of properties and of definitions are none.
CREATE OR REPLACE FUNCTION keywords(s jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	WITH RECURSIVE node(s) AS (
		SELECT keywords.s
		UNION ALL
		SELECT d.value FROM node n, jsonb_each(n.s) e, LATERAL jsonb_each(CASE
			WHEN jsonb_typeof(e.value) <> 'object' THEN '{}'
			WHEN e.key IN ('properties', 'definitions') THEN e.value
			WHEN e.key IN ('items', 'additionalProperties') THEN jsonb_build_object('', e.value)
			ELSE '{}' END) d
	)
	SELECT DISTINCT jsonb_object_keys(s) FROM node
$$;

-- Takes report.schema.json and follow.schema.json, and from them what each type of line has to be: the definition of
-- that name, with the members that a line has besides.
DROP FUNCTION IF EXISTS take_schema(jsonb);
CREATE OR REPLACE FUNCTION take_schemas(report jsonb, follow jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	unknown text;
	told jsonb := resolved(follow->'definitions', follow);
	made jsonb := resolved(report->'definitions', report);
BEGIN
	SELECT string_agg(k, ', ') INTO unknown
	FROM (SELECT keywords(report) UNION SELECT keywords(jsonb_build_object('definitions', follow->'definitions'))) x(k)
	WHERE k <> ALL ('{$schema,$comment,$ref,title,description,definitions,type,required,properties,additionalProperties,items,const,enum,pattern,minimum,minLength,maxLength,minItems}');
	IF unknown IS NOT NULL THEN
		RAISE 'the schemas use keywords that are not checked here: %', unknown;
	END IF;
	DELETE FROM shape;
	INSERT INTO shape
	SELECT type, schema || jsonb_build_object('properties', schema->'properties' || more || jsonb_build_object('type', jsonb_build_object('const', type)),
		'required', coalesce(schema->'required', '[]') || '["type"]')
	FROM (
		SELECT key AS type, value AS schema, CASE key
			WHEN 'source' THEN jsonb_build_object('source_type', value->'properties'->'type')
			WHEN 'boot' THEN jsonb_build_object('follow', told->'boot'->'properties'->'follow', 'boot', told->'boot-number')
			WHEN 'finding' THEN jsonb_build_object('follow', told->'finding'->'properties'->'follow')
			ELSE '{}' END AS more
		FROM jsonb_each(made) WHERE key IN ('source', 'boot', 'finding', 'group', 'known-issue', 'summary')
		UNION ALL
		SELECT 'report', jsonb_build_object('type', 'object', 'additionalProperties', false, 'required', '["schema", "tool"]'::jsonb,
			'properties', jsonb_build_object('schema', report->'properties'->'schema', 'tool', resolved(report->'properties'->'tool', report))), '{}'
		UNION ALL
		SELECT key, value, '{}' FROM jsonb_each(told) WHERE key IN ('withdrawn', 'loss')
		UNION ALL
		-- Some of a finding's members; null takes one away, which ingest() looks after.
		SELECT 'update', (made->'finding') || jsonb_build_object('required', told->'update'->'required',
			'properties', (made->'finding'->'properties') || (told->'update'->'properties')), '{}'
	) s;
END $$;
RESET ROLE;
