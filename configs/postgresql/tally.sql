-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Sums over findings that dashboards ask for, kept right by triggers as findings come, change and go: with a million of
-- them the views read what was added up. Only real ones count, as real_finding has them. A row may stand at zero.
SET ROLE vmlife;
SET search_path = vmlife;

CREATE TABLE IF NOT EXISTS tally_release (
	release     text NOT NULL,         -- '': the log does not tell
	signature   text NOT NULL,
	findings    bigint NOT NULL,
	events      numeric NOT NULL,
	PRIMARY KEY (release, signature)
);
CREATE TABLE IF NOT EXISTS tally_rule (
	week        date NOT NULL,
	rule        text NOT NULL,         -- '': of no rule
	relevance   text NOT NULL,
	signature   text NOT NULL,
	findings    bigint NOT NULL,
	events      numeric NOT NULL,
	PRIMARY KEY (week, rule, relevance, signature)
);
CREATE TABLE IF NOT EXISTS tally_boot (
	week        date NOT NULL,         -- the findings', which may be later than the boot's
	rule        text NOT NULL,
	relevance   text NOT NULL,
	boot        uuid NOT NULL,
	findings    bigint NOT NULL,
	events      numeric NOT NULL,
	PRIMARY KEY (week, rule, relevance, boot)
);
CREATE INDEX IF NOT EXISTS tally_boot_boot ON tally_boot (boot);

-- The rows that a statement wrote (sign 1) or took away (-1).
CREATE OR REPLACE FUNCTION tally() RETURNS trigger
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
DECLARE
	sign integer := TG_ARGV[0];
BEGIN
	INSERT INTO tally_release AS t
	SELECT coalesce(release, ''), signature, sign * count(*), sign * sum(count)
	FROM rows WHERE NOT injected AND NOT withdrawn AND origin <> 'userspace' GROUP BY 1, 2
	ON CONFLICT (release, signature) DO UPDATE SET findings = t.findings + excluded.findings, events = t.events + excluded.events;

	INSERT INTO tally_rule AS t
	SELECT week, coalesce(rule, ''), relevance, signature, sign * count(*), sign * sum(count)
	FROM rows WHERE NOT injected AND NOT withdrawn AND origin <> 'userspace' GROUP BY 1, 2, 3, 4
	ON CONFLICT (week, rule, relevance, signature) DO UPDATE SET findings = t.findings + excluded.findings, events = t.events + excluded.events;

	INSERT INTO tally_boot AS t
	SELECT week, coalesce(rule, ''), relevance, boot, sign * count(*), sign * sum(count)
	FROM rows WHERE boot IS NOT NULL AND NOT injected AND NOT withdrawn AND origin <> 'userspace' GROUP BY 1, 2, 3, 4
	ON CONFLICT (week, rule, relevance, boot) DO UPDATE SET findings = t.findings + excluded.findings, events = t.events + excluded.events;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tally_came AFTER INSERT ON finding REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION tally('1');
CREATE OR REPLACE TRIGGER tally_went AFTER DELETE ON finding REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION tally('-1');
CREATE OR REPLACE TRIGGER tally_is AFTER UPDATE ON finding REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION tally('1');
CREATE OR REPLACE TRIGGER tally_was AFTER UPDATE ON finding REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION tally('-1');

-- Counts all findings anew: for a store that has no sums yet, or whose tables of weeks were dropped by hand.
CREATE OR REPLACE FUNCTION recount() RETURNS void
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
BEGIN
	LOCK TABLE finding IN SHARE MODE;
	TRUNCATE tally_release, tally_rule, tally_boot;
	INSERT INTO tally_release SELECT coalesce(release, ''), signature, count(*), sum(count) FROM real_finding GROUP BY 1, 2;
	INSERT INTO tally_rule SELECT week, coalesce(rule, ''), relevance, signature, count(*), sum(count) FROM real_finding GROUP BY 1, 2, 3, 4;
	INSERT INTO tally_boot SELECT week, coalesce(rule, ''), relevance, boot, count(*), sum(count) FROM real_finding WHERE boot IS NOT NULL GROUP BY 1, 2, 3, 4;
END $$;

CREATE OR REPLACE FUNCTION tally_nothing() RETURNS trigger
LANGUAGE plpgsql SET search_path = vmlife, pg_temp AS $$
BEGIN
	TRUNCATE tally_release, tally_rule, tally_boot;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tally_nothing AFTER TRUNCATE ON finding FOR EACH STATEMENT EXECUTE FUNCTION tally_nothing();
REVOKE ALL ON FUNCTION tally(), tally_nothing(), recount() FROM PUBLIC;
RESET ROLE;
