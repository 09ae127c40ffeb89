-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What dashboards ask. "Real" is what nobody injected, no follower withdrew, and no process wrote to /dev/kmsg.
-- Times of "when" are those of receipt: edges' clocks jump.
SET ROLE vmlife;
SET search_path = vmlife;

CREATE OR REPLACE VIEW real_finding AS
	SELECT * FROM finding WHERE NOT injected AND NOT withdrawn AND origin <> 'userspace';

-- Signatures that were never seen before these seven days.
CREATE OR REPLACE VIEW new_this_week AS
	SELECT s.signature, s.title, s.rule, s.detector, s.real_since AS since, s.real_release AS first_release, s.real_id AS example,
		n.findings, n.events, n.machines, n.releases, n.issue
	FROM signature s CROSS JOIN LATERAL (
		SELECT count(*) AS findings, sum(f.count)::bigint AS events, count(DISTINCT b.machine) AS machines,
			array_agg(DISTINCT f.release) AS releases, max(f.issue) AS issue
		FROM real_finding f LEFT JOIN boot b ON b.id = f.boot WHERE f.signature = s.signature) n
	WHERE s.real_since >= now() - interval '7 days';

CREATE OR REPLACE VIEW by_rule AS
	SELECT f.week, coalesce(f.rule, '') AS rule, f.relevance, count(*) AS findings, sum(f.count)::bigint AS events,
		count(DISTINCT f.signature) AS signatures, count(DISTINCT b.machine) AS machines
	FROM real_finding f LEFT JOIN boot b ON b.id = f.boot GROUP BY 1, 2, 3;

-- Findings a release, with the time it was watched: only with that they can be compared.
CREATE OR REPLACE VIEW by_release AS
	SELECT release, coalesce(f.findings, 0) AS findings, coalesce(f.events, 0) AS events, coalesce(f.signatures, 0) AS signatures,
		coalesce(b.boots, 0) AS boots, coalesce(b.machines, 0) AS machines, coalesce(b.hours, 0) AS hours
	FROM (SELECT coalesce(release, '') AS release, count(*) AS findings, sum(count)::bigint AS events, count(DISTINCT signature) AS signatures
	      FROM real_finding GROUP BY 1) f
	FULL JOIN (SELECT coalesce(release, '') AS release, count(*) AS boots, count(DISTINCT machine) AS machines,
	                  round(sum(uptime_us) / 3.6e9, 1) AS hours
	           FROM boot GROUP BY 1) b USING (release);

-- The newest boot of each machine; a log that does not tell its machine counts as one by its sender.
CREATE OR REPLACE VIEW machine AS
	SELECT DISTINCT ON (machine_id) coalesce(machine::text, 'log from ' || coalesce(sender, 'a file')) AS machine_id,
		host, release, id AS boot, week, verdict, reasons, lost, ended, sender, received, changed, labels
	FROM boot ORDER BY machine_id, received DESC, id;

-- Boots by what CI said of them: a build, a job, a config, a pool of machines. Verdicts, because a text does not tell
-- its boot's id, by which findings would be joined.
CREATE OR REPLACE VIEW by_label AS
	SELECT l.key AS label, l.value, count(*) AS boots, count(DISTINCT b.machine) AS machines,
		count(*) FILTER (WHERE b.verdict = 'findings') AS with_findings,
		count(*) FILTER (WHERE b.verdict = 'not-proven') AS not_proven, min(b.received) AS first, max(b.changed) AS last
	FROM boot b CROSS JOIN LATERAL jsonb_each_text(b.labels) l GROUP BY 1, 2;

CREATE OR REPLACE VIEW not_proven AS
	SELECT machine_id, host, release, verdict, reasons, lost, changed, now() - changed AS silent_for
	FROM machine WHERE verdict = 'not-proven';

-- On how many machines a detector is not there, or fell silent in the newest boot.
CREATE OR REPLACE VIEW detector_off AS
	SELECT c.detector, count(*) FILTER (WHERE c.present = 'yes' AND c.alive) AS alive,
		count(*) FILTER (WHERE c.present = 'yes' AND NOT c.alive) AS silent,
		count(*) FILTER (WHERE c.present <> 'yes') AS absent
	FROM machine m JOIN coverage c ON c.week = m.week AND c.boot = m.boot GROUP BY 1;

CREATE OR REPLACE VIEW rejects AS
	SELECT week, coalesce(sender, '') AS sender, reason, count(*) AS lines, sum(times)::bigint AS times,
		sum(octet_length(line))::bigint AS bytes, min(received) AS first, max(received) AS last
	FROM reject GROUP BY 1, 2, 3;

-- Messages that edges know to be lost, by boot and by what a follower missed.
CREATE OR REPLACE VIEW losses AS
	SELECT 'boot' AS what, id::text AS boot, machine::text AS machine, lost AS messages, changed AS at FROM boot WHERE lost > 0
	UNION ALL
	SELECT 'follow', doc->>'boot_id', NULL, (doc->>'entries')::numeric::bigint, received FROM line WHERE type = 'loss';

GRANT SELECT ON ALL TABLES IN SCHEMA vmlife TO vmlife_read;
REVOKE ALL ON shape FROM vmlife_read;
RESET ROLE;
