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

-- By the sums of tally.sql.
CREATE OR REPLACE VIEW by_rule AS
	SELECT f.week, f.rule, f.relevance, f.findings, f.events, f.signatures, coalesce(m.machines, 0) AS machines
	FROM (SELECT week, rule, relevance, sum(findings)::bigint AS findings, sum(events)::bigint AS events, count(*) AS signatures
	      FROM tally_rule WHERE findings > 0 GROUP BY 1, 2, 3) f
	LEFT JOIN (SELECT x.week, x.rule, x.relevance, count(DISTINCT b.machine) AS machines
	           FROM tally_boot x JOIN boot b ON b.id = x.boot WHERE x.findings > 0 GROUP BY 1, 2, 3) m USING (week, rule, relevance);

-- Findings a release, with the time it was watched: only with that they can be compared.
CREATE OR REPLACE VIEW by_release AS
	SELECT release, coalesce(f.findings, 0) AS findings, coalesce(f.events, 0) AS events, coalesce(f.signatures, 0) AS signatures,
		coalesce(b.boots, 0) AS boots, coalesce(b.machines, 0) AS machines, coalesce(b.hours, 0) AS hours
	FROM (SELECT release, sum(findings)::bigint AS findings, sum(events)::bigint AS events, count(*) AS signatures
	      FROM tally_release WHERE findings > 0 GROUP BY 1) f
	FULL JOIN (SELECT coalesce(release, '') AS release, count(*) AS boots, count(DISTINCT machine) AS machines,
	                  round(sum(uptime_us) / 3.6e9, 1) AS hours
	           FROM boot GROUP BY 1) b USING (release);

-- A boot that would have shown what a detector finds: the detector was active to the end of the log. '' stands for those
-- of which boots do not say whether they are there (warnings, oopses): any boot would have shown these.
CREATE OR REPLACE VIEW trial AS
	SELECT c.detector, b.id AS boot, coalesce(b.release, '') AS release, b.labels->>'build' AS build, b.uptime_us, b.received
	FROM coverage c JOIN boot b ON b.week = c.week AND b.id = c.boot WHERE c.present = 'yes' AND c.alive
	UNION ALL
	SELECT '', b.id, coalesce(b.release, ''), b.labels->>'build', b.uptime_us, b.received FROM boot b;
CREATE OR REPLACE FUNCTION watcher(detector text) RETURNS text
LANGUAGE sql STABLE SET search_path = vmlife, pg_temp AS $$
	SELECT CASE WHEN EXISTS (SELECT FROM coverage c WHERE c.detector = watcher.detector) THEN detector ELSE '' END
$$;

-- Of a signature the boots that showed it, and those that would have. Ask for one: its findings are found by index.
CREATE OR REPLACE VIEW signature_trial AS
	SELECT s.signature, x.* FROM signature s CROSS JOIN LATERAL (
		WITH hit AS MATERIALIZED (
			SELECT coalesce(f.boot, f.id) AS boot, max(f.release) AS release, sum(f.count)::bigint AS events, min(f.received) AS first, max(f.changed) AS last
			FROM real_finding f WHERE f.signature = s.signature GROUP BY 1)
		SELECT h.boot, coalesce(b.release, h.release, '') AS release, b.labels->>'build' AS build, b.uptime_us,
			coalesce(b.received, h.first) AS received, true AS hit, h.events, h.first, h.last
		FROM hit h LEFT JOIN boot b ON b.id = h.boot
		UNION ALL
		SELECT t.boot, t.release, t.build, t.uptime_us, t.received, false, 0, NULL, NULL
		FROM trial t WHERE t.detector = watcher(s.detector) AND NOT EXISTS (SELECT FROM hit h WHERE h.boot = t.boot)) x
	WHERE s.real_since IS NOT NULL;

-- A signature in each release that had it, or that any boot ran since: boots with it, of all, and the hours watched.
CREATE OR REPLACE VIEW signature_release AS
	SELECT signature, release, count(*) FILTER (WHERE hit) AS boots_with, count(*) AS boots, round(sum(uptime_us) / 3.6e9, 1) AS hours,
		sum(events)::bigint AS events, min(first) AS first, max(last) AS last, max(received) AS last_boot
	FROM (SELECT *, min(received) FILTER (WHERE hit) OVER (PARTITION BY signature) AS since FROM signature_trial) t
	GROUP BY 1, 2 HAVING bool_or(hit) OR max(received) > min(since);

-- Intervals of 95 %: of a share (Wilson), and of a count (Poisson, Byar's approximation); the end by the sign.
CREATE OR REPLACE FUNCTION share_end(hits numeric, n numeric, sign integer) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT least(1, greatest(0, (hits / n + 1.9208 / n + sign * 1.96 * sqrt((hits / n * (1 - hits / n) + 0.9604 / n) / n)) / (1 + 3.8416 / n)))
$$;
CREATE OR REPLACE FUNCTION count_end(hits numeric, sign integer) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT m * power(1 - 1 / (9 * m) + sign * 1.96 / (3 * sqrt(m)), 3) FROM (SELECT CASE WHEN sign > 0 THEN hits + 1 ELSE hits END AS m) x
$$;

-- The same in a line, as `vmlife diff`, `scan --by signature` and the page have it: steady in nine of ten boots, from the
-- first that had it to the last; quiet if so many ran since that its rate until then, at the low end of its interval,
-- would have shown it with a probability of 95 %.
CREATE OR REPLACE VIEW signature_history AS
	SELECT signature, title, first, last, releases_with, releases_without, boots_with, boots, round(hours, 1) AS hours, events,
		round(boots_with / boots::numeric, 4) AS share,
		round(share_end(boots_with, boots, -1), 4) AS share_low,
		round(share_end(boots_with, boots, 1), 4) AS share_high,
		round(events / nullif(hours, 0), 3) AS events_per_hour,
		CASE WHEN boots_between < 2 THEN NULL WHEN boots_with >= 0.9 * boots_between THEN 'steady' ELSE 'flaky' END AS manner,
		CASE WHEN boots_since * ln(1 - share_end(boots_with, boots_between, -1)) <= ln(0.05) THEN last END AS quiet_since,
		builds_with, builds_without, boots_since,
		round(boots_with / nullif(hours, 0), 4) AS boots_with_per_hour,
		round(count_end(boots_with, -1) / nullif(hours, 0), 4) AS boots_with_per_hour_low,
		round(count_end(boots_with, 1) / nullif(hours, 0), 4) AS boots_with_per_hour_high
	FROM (
		SELECT g.signature, s.title, least(min(g.first), s.real_since) AS first, max(g.last) AS last,
			coalesce(array_agg(DISTINCT g.release ORDER BY g.release) FILTER (WHERE g.release_hit), '{}') AS releases_with,
			coalesce(array_agg(DISTINCT g.release ORDER BY g.release) FILTER (WHERE NOT g.release_hit AND g.release_last > g.since), '{}') AS releases_without,
			coalesce(array_agg(DISTINCT g.build ORDER BY g.build) FILTER (WHERE g.build_hit AND g.build IS NOT NULL), '{}') AS builds_with,
			coalesce(array_agg(DISTINCT g.build ORDER BY g.build) FILTER (WHERE NOT g.build_hit AND g.build_last > g.since), '{}') AS builds_without,
			sum(g.hits)::bigint AS boots_with,
			(sum(g.trials) FILTER (WHERE g.release_hit OR g.release_last > g.since))::bigint AS boots,
			(sum(g.uptime_us) FILTER (WHERE g.release_hit OR g.release_last > g.since)) / 3.6e9 AS hours,
			sum(g.events)::bigint AS events, sum(g.between)::bigint AS boots_between, sum(g.after)::bigint AS boots_since
		FROM (
			SELECT *, bool_or(hits > 0) OVER r AS release_hit, max(received) OVER r AS release_last,
				bool_or(hits > 0) OVER b AS build_hit, max(received) OVER b AS build_last
			FROM (
				SELECT signature, release, build, min(since) AS since, count(*) FILTER (WHERE hit) AS hits, count(*) AS trials,
					sum(uptime_us) AS uptime_us, sum(events) AS events, min(first) AS first, max(last) AS last, max(received) AS received,
					count(*) FILTER (WHERE received BETWEEN since AND until) AS between, count(*) FILTER (WHERE received > until) AS after
				FROM (
					SELECT *, min(received) FILTER (WHERE hit) OVER s AS since, max(received) FILTER (WHERE hit) OVER s AS until
					FROM signature_trial WINDOW s AS (PARTITION BY signature)) t GROUP BY 1, 2, 3) x
			WINDOW r AS (PARTITION BY signature, release), b AS (PARTITION BY signature, build)) g
		JOIN signature s USING (signature) GROUP BY g.signature, s.title, s.real_since) h;

-- New signatures that nobody has acknowledged, by acknowledge() or as a known issue: what the alert names.
CREATE OR REPLACE VIEW unacknowledged AS
	SELECT s.signature, s.title, s.rule, s.detector, s.real_since AS since, s.real_release AS first_release, s.real_id AS example,
		(array_agg(f.severity ORDER BY f.received DESC))[1] AS severity, max(f.owner) AS owner, count(f.id) AS findings,
		sum(f.count)::bigint AS events, count(DISTINCT b.machine) AS machines
	FROM ( -- those first: they are few, and only of them findings are read
		SELECT * FROM signature s WHERE s.real_since IS NOT NULL
			AND NOT EXISTS (SELECT FROM acknowledged a WHERE a.signature = s.signature)
			AND NOT EXISTS (SELECT FROM acknowledged a WHERE a.signature = s.former)
		OFFSET 0) s
	LEFT JOIN real_finding f ON f.signature = s.signature LEFT JOIN boot b ON b.id = f.boot
	GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING bool_or(f.status = 'known') IS NOT TRUE;

-- As the value of a label in Prometheus' text.
CREATE OR REPLACE FUNCTION label(s text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = vmlife, pg_temp AS $$
	SELECT replace(replace(replace(left(coalesce(s, ''), 200), E'\\', E'\\\\'), '"', E'\\"'), E'\n', E'\\n')
$$;

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
		SELECT coalesce(sum(x.findings), 0) AS findings, coalesce(sum(x.events), 0) AS events FROM tally_boot x WHERE x.boot = b.id) f GROUP BY 1, 2;

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

GRANT SELECT ON ALL TABLES IN SCHEMA vmlife TO vmlife_read, vmlife_triage;
GRANT EXECUTE ON FUNCTION watcher(text), share_end(numeric, numeric, integer), count_end(numeric, integer), label(text) TO vmlife_read, vmlife_triage;
REVOKE ALL ON shape FROM vmlife_read, vmlife_triage;
RESET ROLE;
