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

-- A signature in each release that any boot ran since: boots with it, of all, and the hours watched. Ask for one
-- signature: its findings are found by index.
CREATE OR REPLACE VIEW signature_release AS
	WITH r AS (
		SELECT coalesce(release, '') AS release, count(*) AS boots, round(sum(uptime_us) / 3.6e9, 1) AS hours, max(changed) AS last
		FROM boot GROUP BY 1)
	SELECT f.signature, f.release, f.boots_with, greatest(r.boots, f.boots_with) AS boots, r.hours, f.events, f.first, f.last,
		greatest(r.last, f.last) AS last_boot
	FROM (
		SELECT signature, coalesce(release, '') AS release, count(DISTINCT coalesce(boot, id)) AS boots_with,
			sum(count)::bigint AS events, min(received) AS first, max(changed) AS last
		FROM real_finding GROUP BY 1, 2) f LEFT JOIN r USING (release)
	UNION ALL
	SELECT s.signature, r.release, 0, r.boots, r.hours, 0, NULL, NULL, r.last
	FROM signature s CROSS JOIN r
	WHERE r.last >= s.real_since AND NOT EXISTS (
		SELECT FROM real_finding f WHERE f.signature = s.signature AND coalesce(f.release, '') = r.release);

-- The same in a line: how often, with the interval of 95 % (Wilson) of the share of boots; steady or flaky in the
-- releases that have it; quiet: no boot of the newest release has it.
CREATE OR REPLACE VIEW signature_history AS
	SELECT signature, title, first, last, releases_with, releases_without, boots_with, boots, hours, events,
		round(share, 4) AS share,
		round((share + 1.9208 / boots - 1.96 * sqrt((share * (1 - share) + 0.9604 / boots) / boots)) / (1 + 3.8416 / boots), 4) AS share_low,
		round((share + 1.9208 / boots + 1.96 * sqrt((share * (1 - share) + 0.9604 / boots) / boots)) / (1 + 3.8416 / boots), 4) AS share_high,
		round(events / nullif(hours, 0), 3) AS events_per_hour,
		CASE WHEN boots_with >= 0.9 * boots_of_releases_with THEN 'steady' ELSE 'flaky' END AS manner,
		CASE WHEN in_newest = 0 THEN last END AS quiet_since
	FROM (
		SELECT h.signature, s.title, min(h.first) AS first, max(h.last) AS last,
			coalesce(array_agg(h.release ORDER BY h.release) FILTER (WHERE h.boots_with > 0), '{}') AS releases_with,
			coalesce(array_agg(h.release ORDER BY h.release) FILTER (WHERE h.boots_with = 0), '{}') AS releases_without,
			sum(h.boots_with)::bigint AS boots_with, sum(h.boots)::bigint AS boots, sum(h.hours) AS hours,
			sum(h.events)::bigint AS events, sum(h.boots_with) / sum(h.boots) AS share,
			sum(h.boots) FILTER (WHERE h.boots_with > 0) AS boots_of_releases_with,
			(array_agg(h.boots_with ORDER BY h.last_boot DESC))[1] AS in_newest
		FROM signature_release h JOIN signature s USING (signature) GROUP BY 1, 2) x;

-- The newest boot of each machine; a log that does not tell its machine counts as one by its sender.
CREATE OR REPLACE VIEW machine AS
	SELECT DISTINCT ON (machine_id) coalesce(machine::text, 'log from ' || coalesce(sender, 'a file')) AS machine_id,
		host, release, id AS boot, week, verdict, reasons, lost, ended, sender, received, changed, labels
	FROM boot ORDER BY machine_id, received DESC, id;

-- Boots by what CI said of them: a build, a job, a config, a pool of machines; and what broke in them.
CREATE OR REPLACE VIEW by_label AS
	SELECT l.key AS label, l.value, count(*) AS boots, count(DISTINCT b.machine) AS machines,
		count(*) FILTER (WHERE b.verdict = 'findings') AS with_findings,
		count(*) FILTER (WHERE b.verdict = 'not-proven') AS not_proven, min(b.received) AS first, max(b.changed) AS last,
		sum(f.findings)::bigint AS findings, sum(f.events)::bigint AS events
	FROM boot b CROSS JOIN LATERAL jsonb_each_text(b.labels) l CROSS JOIN LATERAL (
		SELECT count(*) AS findings, coalesce(sum(x.count), 0) AS events FROM real_finding x WHERE x.boot = b.id) f GROUP BY 1, 2;

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
