-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Who may do what. Roles belong to the whole server, so they may be there already.
--   vmlife         owns everything, nobody logs in as it
--   vmlife_ingest  may call the two functions of ingest.sql that take lines, and nothing else
--   vmlife_read    may read: for dashboards
--   vmlife_triage  may read, and acknowledge new signatures: for people
DO $$
DECLARE
	role text;
BEGIN
	FOREACH role IN ARRAY '{vmlife,vmlife_ingest,vmlife_read,vmlife_triage}'::text[] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
			EXECUTE format('CREATE ROLE %I %s', role, CASE role WHEN 'vmlife' THEN 'NOLOGIN' ELSE 'LOGIN' END);
		END IF;
	END LOOP;
END $$;
ALTER ROLE vmlife_read SET default_transaction_read_only = on;
ALTER ROLE vmlife_read SET statement_timeout = '30s';
ALTER ROLE vmlife_ingest SET statement_timeout = '10min';
ALTER ROLE vmlife_triage SET statement_timeout = '30s';
-- The settings above are defaults, which a session and its role may change: metrics puts the reading role's back, and
-- ends what runs for too long all the same. What follows it may not change.
ALTER ROLE vmlife_read CONNECTION LIMIT 20;
ALTER ROLE vmlife_read SET temp_file_limit = '1GB';
DO $$
BEGIN
	EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
	-- Its functions use temporary tables.
	EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO vmlife', current_database());
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- Who may read no table may still write large objects, as many as the disk holds.
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS vmlife AUTHORIZATION vmlife;
REVOKE ALL ON SCHEMA vmlife FROM PUBLIC;
GRANT USAGE ON SCHEMA vmlife TO vmlife_ingest, vmlife_read, vmlife_triage;
