# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# The sums that views read are those of the findings: read by `.`, after services.sh.

# tally_agrees [LEAST] - by_rule, by_release and by_label say what the tables say when all findings are counted anew, in
# at least so many rows.
tally_agrees() {
	# shellcheck disable=SC2154 # services.sh sets $work
	psql -X -q -At -v ON_ERROR_STOP=1 -c "SELECT 'rule', * FROM vmlife.by_rule" -c "SELECT 'release', * FROM vmlife.by_release" \
		-c "SELECT 'label', * FROM vmlife.by_label" | sort >"$work/of-views"
	psql -X -q -At -v ON_ERROR_STOP=1 -f - <<'end' | sort >"$work/of-findings"
SELECT 'rule', f.week, coalesce(f.rule, ''), f.relevance, count(*), sum(f.count), count(DISTINCT f.signature), count(DISTINCT b.machine)
FROM vmlife.real_finding f LEFT JOIN vmlife.boot b ON b.id = f.boot GROUP BY f.week, coalesce(f.rule, ''), f.relevance;
SELECT 'release', release, coalesce(f.n, 0), coalesce(f.events, 0), coalesce(f.signatures, 0), coalesce(b.n, 0), coalesce(b.machines, 0), coalesce(b.hours, 0)
FROM (SELECT coalesce(release, '') AS release, count(*) AS n, sum(count) AS events, count(DISTINCT signature) AS signatures FROM vmlife.real_finding GROUP BY 1) f
FULL JOIN (SELECT coalesce(release, '') AS release, count(*) AS n, count(DISTINCT machine) AS machines, round(sum(uptime_us) / 3.6e9, 1) AS hours
           FROM vmlife.boot GROUP BY 1) b USING (release);
SELECT 'label', l.key, l.value, count(DISTINCT b.id), count(DISTINCT b.machine), count(DISTINCT b.id) FILTER (WHERE b.verdict = 'findings'),
	count(DISTINCT b.id) FILTER (WHERE b.verdict = 'not-proven'), min(b.received), max(b.changed), count(f.id), coalesce(sum(f.count), 0)
FROM vmlife.boot b CROSS JOIN LATERAL jsonb_each_text(b.labels) l LEFT JOIN vmlife.real_finding f ON f.boot = b.id GROUP BY l.key, l.value;
end
	rows=$(wc -l <"$work/of-views")
	[ "$rows" -ge "${1:-0}" ] || { echo "only $rows rows"; return 1; }
	diff "$work/of-views" "$work/of-findings"
}
