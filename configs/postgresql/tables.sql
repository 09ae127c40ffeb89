-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What is kept. All that grows is divided by the week in which it first came, by this server's clock: edges' clocks
-- jump, and an old week goes by dropping its tables. A primary key of such a table holds the week, so what must be
-- there once however often it comes (findings, boots) has its week in a small table of keys.
SET ROLE vmlife;
SET search_path = vmlife;

CREATE TABLE IF NOT EXISTS finding_key (id uuid PRIMARY KEY, week date NOT NULL);
CREATE INDEX IF NOT EXISTS finding_key_week ON finding_key (week);

CREATE TABLE IF NOT EXISTS finding (
	week        date NOT NULL,
	id          uuid NOT NULL,         -- the event
	signature   text NOT NULL,         -- the report: the same over boots, builds and machines
	title       text NOT NULL,
	detector    text NOT NULL,
	kind        text NOT NULL,
	rule        text,
	relevance   text NOT NULL,
	severity    text NOT NULL,
	origin      text NOT NULL,
	injected    boolean NOT NULL,      -- asked for: never a regression
	status      text,                  -- new or known, by the known issues that the edge was given
	issue       text,                  -- that known issue's name
	owner       text,
	release     text,                  -- the kernel's
	boot        uuid,                  -- of boot.id; null where the log does not tell
	cause       uuid,                  -- the group's likely first cause
	count       bigint NOT NULL,
	first_us    bigint,                -- microseconds since boot
	last_us     bigint,
	first_seen  timestamptz,           -- by the edge's clock, which may be wrong
	last_seen   timestamptz,
	corrupted   boolean NOT NULL,
	withdrawn   boolean NOT NULL DEFAULT false,
	sender      text,                  -- address that the centre saw
	received    timestamptz NOT NULL,  -- first, by this server's clock
	changed     timestamptz NOT NULL,
	revision    bigint NOT NULL DEFAULT 0,
	doc         jsonb NOT NULL,        -- the whole finding
	PRIMARY KEY (week, id)
) PARTITION BY RANGE (week);
DROP INDEX IF EXISTS finding_signature; -- of versions before 0.2
CREATE INDEX IF NOT EXISTS finding_signature_start ON finding (signature text_pattern_ops, received); -- by a whole one, too
CREATE INDEX IF NOT EXISTS finding_boot ON finding (boot);
CREATE INDEX IF NOT EXISTS finding_received ON finding (received);

-- What `vmlife follow` said of findings after it told them, also of those that are still to come.
CREATE TABLE IF NOT EXISTS finding_update (
	id          uuid NOT NULL,
	revision    bigint NOT NULL,       -- 0: withdrawn
	patch       jsonb NOT NULL,        -- RFC 7386
	received    timestamptz NOT NULL,
	PRIMARY KEY (id, revision)
);
CREATE INDEX IF NOT EXISTS finding_update_received ON finding_update (received);

-- One row a signature, kept when its findings are gone: what is new is known by it.
CREATE TABLE IF NOT EXISTS signature (
	signature   text PRIMARY KEY,
	title       text NOT NULL,
	detector    text NOT NULL,
	kind        text NOT NULL,
	rule        text,
	received    timestamptz NOT NULL,  -- first
	real_since  timestamptz,           -- first that nobody injected
	real_id     uuid,                  -- that finding
	real_release text
);
ALTER TABLE signature ADD COLUMN IF NOT EXISTS former text; -- what releases with version 1 called it
CREATE INDEX IF NOT EXISTS signature_former ON signature (former) WHERE former IS NOT NULL;
CREATE INDEX IF NOT EXISTS signature_real_since ON signature (real_since);

-- Signatures that somebody has looked at: no alert names them any more. What a store knows before it has this table was
-- alerted of otherwise.
DO $$
BEGIN
	IF to_regclass('vmlife.acknowledged') IS NULL THEN
		CREATE TABLE acknowledged (
			signature   text PRIMARY KEY,
			by          text NOT NULL, -- the role that said so
			note        text,
			at          timestamptz NOT NULL
		);
		INSERT INTO acknowledged SELECT s.signature, 'install', 'known before', now() FROM signature s WHERE s.real_since IS NOT NULL;
	END IF;
END $$;

CREATE TABLE IF NOT EXISTS boot_key (id uuid PRIMARY KEY, week date NOT NULL);
CREATE INDEX IF NOT EXISTS boot_key_week ON boot_key (week);

CREATE TABLE IF NOT EXISTS boot (
	week        date NOT NULL,
	id          uuid NOT NULL,         -- the kernel's; of a log that does not tell, a hash of the line
	told        boolean NOT NULL,      -- the log told the id
	machine     uuid,
	host        text,
	release     text,
	verdict     text NOT NULL,
	reasons     text[] NOT NULL,
	lost        bigint NOT NULL,
	from_start  boolean NOT NULL,
	inject      text,
	uptime_us   bigint,
	rounds      bigint,
	suppressed  bigint,
	first_us    bigint,
	last_us     bigint,
	first_seen  timestamptz,
	last_seen   timestamptz,
	ended       boolean NOT NULL,      -- nothing more will come of it
	sender      text,
	received    timestamptz NOT NULL,
	changed     timestamptz NOT NULL,
	doc         jsonb NOT NULL,
	PRIMARY KEY (week, id)
) PARTITION BY RANGE (week);
ALTER TABLE boot ADD COLUMN IF NOT EXISTS labels jsonb NOT NULL DEFAULT '{}'; -- that CI gave: --label
CREATE INDEX IF NOT EXISTS boot_labels ON boot USING gin (labels);
CREATE INDEX IF NOT EXISTS boot_machine ON boot (machine, received);

-- Who watched a boot: one row a detector.
CREATE TABLE IF NOT EXISTS coverage (
	week        date NOT NULL,
	boot        uuid NOT NULL,
	detector    text NOT NULL,
	present     text NOT NULL,         -- yes, no, unknown
	alive       boolean,               -- awake to the log's end
	quiet       text,                  -- why not
	until_us    bigint,
	PRIMARY KEY (week, boot, detector)
) PARTITION BY RANGE (week);
CREATE INDEX IF NOT EXISTS coverage_detector ON coverage (detector, present, alive);

-- The other lines: report, source, group, known-issue, summary, loss. Once each.
CREATE TABLE IF NOT EXISTS line (
	week        date NOT NULL,
	hash        bytea NOT NULL,        -- of a loss: of its id, else of sender and line
	type        text NOT NULL,
	sender      text,
	received    timestamptz NOT NULL,
	doc         jsonb NOT NULL,
	PRIMARY KEY (week, hash)
) PARTITION BY RANGE (week);
CREATE INDEX IF NOT EXISTS line_hash ON line (hash);

-- What was not let in, byte for byte, and why.
CREATE TABLE IF NOT EXISTS reject (
	week        date NOT NULL,
	hash        bytea NOT NULL,        -- of sender and line
	reason      text NOT NULL,
	sender      text,
	host        text,                  -- that it says it is
	line        bytea NOT NULL,
	times       bigint NOT NULL DEFAULT 1,
	received    timestamptz NOT NULL,
	PRIMARY KEY (week, hash)
) PARTITION BY RANGE (week);
CREATE INDEX IF NOT EXISTS reject_hash ON reject (hash);
CREATE INDEX IF NOT EXISTS reject_received ON reject (received);

-- How far each file of the centre's inbox was read: moves in the transaction that stores its lines.
CREATE TABLE IF NOT EXISTS inbox (
	file        text PRIMARY KEY,
	position    bigint NOT NULL,
	changed     timestamptz NOT NULL
);

-- Definitions of report.schema.json and follow.schema.json, references resolved; see shape.sql.
CREATE TABLE IF NOT EXISTS shape (type text PRIMARY KEY, schema jsonb NOT NULL);
RESET ROLE;
