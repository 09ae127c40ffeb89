# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The figures of the fleet's page and of its store, in the same words: read by `.`, after services.sh.

# rows_of SECTION FILE - the table of that section, its cells with "|" between.
rows_of() {
	sed -n "/<div class=\"by\" id=\"$1\">/,/<\/table>/p" "$2" | grep '^<tr><td>' | sed -E 's|</td><td[^>]*>|\||g; s/<[^>]*>//g'
}

# figures_of_page FILE - each figure on a line of its own.
figures_of_page() {
	grep -o '<li class="tile [^/]*</b>[^<]*' "$1" | sed -E 's/<[^>]*>//g; s/^([0-9]+) (.*)/\2 \1/; s/signatures? of injected faults/asked/;
		s/^signatures? /signatures /; s/^events? /events /; s/^boots? /boots /'
	# The last column of machines, their newest boot, stands by its verdict and kernel.
	rows_of machines "$1" | sed -E 's/^/machine /; s/\|boot [0-9]+: /|/; s/ /|/' | sort
	rows_of kernels "$1" | sed 's/^/kernel|/' | sort
	rows_of owners "$1" | sed 's/^/owner|/' | sort
	rows_of subsystems "$1" | sed 's/^/subsystem|/' | sort
}

# figures_of_store DAYS - the same, from the tables.
figures_of_store() {
	# shellcheck disable=SC2154 # services.sh sets $work
	psql -X -q -At -v ON_ERROR_STOP=1 -v days="$1" -f - <<'end' >"$work/rows"
CREATE TEMPORARY TABLE b AS SELECT *, coalesce(host, machine::text) AS name,
	greatest(coalesce(last_us - first_us, extract(epoch FROM last_seen - first_seen) * 1e6), 0) / 1e6 AS seconds
	FROM vmlife.boot WHERE received >= now() - make_interval(days => :days);
CREATE TEMPORARY TABLE f AS SELECT f.*, b.name, b.release AS ran, f.doc->>'subsystem' AS subsystem,
	s.real_since >= now() - make_interval(days => :days) AS fresh
	FROM vmlife.real_finding f JOIN b ON b.id = f.boot JOIN vmlife.signature s USING (signature);
SELECT 'new ' || count(DISTINCT signature) FILTER (WHERE fresh) FROM f;
SELECT 'signatures ' || count(DISTINCT signature) FROM f;
SELECT 'events ' || coalesce(sum(count), 0) FROM f;
SELECT 'boots clean ' || count(*) FROM b WHERE verdict = 'clean';
SELECT 'boots with findings ' || count(*) FROM b WHERE verdict = 'findings';
SELECT 'boots not proven ' || count(*) FROM b WHERE verdict = 'not-proven';
SELECT 'asked ' || n FROM (SELECT count(DISTINCT signature) AS n FROM vmlife.finding x JOIN b ON b.id = x.boot WHERE x.injected AND NOT x.withdrawn) x WHERE n > 0;
SELECT 'machine', m.*, count(DISTINCT signature), count(DISTINCT signature) FILTER (WHERE fresh), coalesce(sum(f.count), 0),
	(SELECT concat_ws(', ', verdict, release) FROM b WHERE b.name = m.name ORDER BY coalesce(first_seen, received) DESC LIMIT 1)
FROM (SELECT name, count(*), count(*) FILTER (WHERE verdict = 'clean'), count(*) FILTER (WHERE verdict = 'findings'),
	count(*) FILTER (WHERE verdict = 'not-proven'), to_char(sum(seconds) / 3600, 'FM999990.0') FROM b
	WHERE name IS NOT NULL AND (SELECT count(DISTINCT name) FROM b) > 1 GROUP BY 1) m LEFT JOIN f USING (name) GROUP BY m.name, 3, 4, 5, 6, 7;
SELECT 'kernel', k.release, k.n, k.clean, k.found, k.unproven, k.hours, count(DISTINCT signature),
	count(DISTINCT signature) FILTER (WHERE fresh), coalesce(sum(f.count), 0), k.machines
FROM (SELECT release, count(*) AS n, count(*) FILTER (WHERE verdict = 'clean') AS clean, count(*) FILTER (WHERE verdict = 'findings') AS found,
	count(*) FILTER (WHERE verdict = 'not-proven') AS unproven, to_char(sum(seconds) / 3600, 'FM999990.0') AS hours, count(DISTINCT name) AS machines FROM b
	WHERE release IS NOT NULL AND (SELECT count(DISTINCT release) FROM b) > 1 GROUP BY 1) k LEFT JOIN f ON f.ran = k.release GROUP BY 2, 3, 4, 5, 6, 7, 11;
SELECT 'owner', owner, count(DISTINCT signature), count(DISTINCT signature) FILTER (WHERE fresh), sum(count), count(DISTINCT boot)
FROM f WHERE owner IS NOT NULL GROUP BY 2;
SELECT 'subsystem', subsystem, count(DISTINCT signature), count(DISTINCT signature) FILTER (WHERE fresh), sum(count), count(DISTINCT boot)
FROM f WHERE subsystem IS NOT NULL GROUP BY 2;
end
	grep -v '|' "$work/rows"
	for what in machine kernel owner subsystem; do
		grep "^$what|" "$work/rows" | sort
	done
}

# page_agrees FILE DAYS LINES - the page shows what the store has, and at least so many figures.
page_agrees() {
	figures_of_page "$1" >"$work/of-page"
	figures_of_store "$2" >"$work/of-store"
	diff "$work/of-store" "$work/of-page" && [ "$(wc -l <"$work/of-page")" -ge "$3" ]
}
