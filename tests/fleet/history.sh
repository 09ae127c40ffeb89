# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# A series of boots whose history the store and the command must agree on: history_series FOLDER makes logs, and
# history_agrees FOLDER compares. Needs services.sh, $root and $work.

# Forty boots of four kernels and ten builds: a bug of each fourth boot that ends, one of each boot that begins, one of
# a few, and a race that only kernels with KCSAN, every other, could show.
history_series() {
	mkdir -p "$1" && awk -v to="$1" '
	function line(us, text) { printf "[%5d.%06d] %s\n", 10 * n_lines++ + 10, us, text >file }
	function oops(i, f) {
		line(i, "BUG: kernel NULL pointer dereference, address: 0000000000000008")
		line(i, "Oops: 0000 [#1] PREEMPT SMP NOPTI")
		line(i, "CPU: 0 PID: 42 Comm: test Not tainted " release " #1")
		line(i, "RIP: 0010:" f "+0x10/0x40")
		line(i, "---[ end trace 0000000000000000 ]---")
	}
	BEGIN {
		for (i = 0; i < 40; i++) {
			n_lines = 0
			release = "6.1." (90 + int(i / 10))
			file = sprintf("%s/%02d.log", to, i)
			printf "[    0.000000] Linux version %s (gcc) #1 SMP\n", release >file
			if (i % 2)
				print "[    0.200000] kcsan: enabled early" >file
			if (i % 4 == 1 && i < 20)
				oops(i, "ends")
			if (i >= 13)
				oops(i, "begins")
			if (i == 7 || i == 8 || i == 22)
				oops(i, "seldom")
			if (i < 5)
				oops(i, "quiet")
			if (i % 10 == 3) {
				line(i, "==================================================================")
				line(i, "BUG: KCSAN: data-race in gamma_get / gamma_put")
				line(i, "")
				line(i, "write to 0xffff9c1e44c8a000 of 8 bytes by task 100 on cpu 0:")
				line(i, " gamma_put+0x10/0x40")
				line(i, "")
				line(i, "read to 0xffff9c1e44c8a000 of 8 bytes by task 101 on cpu 1:")
				line(i, " gamma_get+0x10/0x40")
				line(i, "==================================================================")
			}
			printf "[%5d.%06d] usb 1-1: new device\n", 3600 * (1 + i % 3), i >file
			close(file)
		}
	}'
}

# Each log is taken by itself: the order in which boots came is that of the logs.
history_store() {
	for log in "$1"/*.log; do
		n=$(basename "$log" .log)
		"$root/build/vmlife" scan --label "build=b$((${n#0} / 4))" -o "$1/$n.json" "$log" 2>/dev/null
		"$root/build/vmlife" scan --label "build=b$((${n#0} / 4))" --format ndjson "$log" 2>/dev/null
	done | while read -r line; do
		printf "SELECT vmlife.ingest(decode('%s', 'base64'));\n" "$(printf '%s' "$line" | base64 -w 0)"
	done | psql -X -q -At -v ON_ERROR_STOP=1 >/dev/null
}

history_agrees() {
	"$root/build/vmlife" scan --by signature --format json "$1" 2>/dev/null | jq -r '
		def digits($n): . * pow(10; $n) | round / pow(10; $n);
		.signatures[] | .signature as $s | .history | [$s, (.releases_with, .releases_without, .builds_with, .builds_without | sort | join(" ")),
		.boots_with, .boots, .events, (.hours | digits(1)), (.share, .share_low, .share_high | digits(4)), (.events_per_hour | digits(3)),
		.manner // "", .quiet, .boots_since, (.boots_with_per_hour, .boots_with_per_hour_low, .boots_with_per_hour_high | digits(4))] | join("|")' |
		LC_ALL=C sort >"$work/of-command"
	psql -X -q -At -v ON_ERROR_STOP=1 -c "SELECT signature, array_to_string(releases_with, ' '), array_to_string(releases_without, ' '),
		array_to_string(builds_with, ' '), array_to_string(builds_without, ' '), boots_with, boots, events, trim_scale(hours), trim_scale(share),
		trim_scale(share_low), trim_scale(share_high), trim_scale(events_per_hour), manner, CASE WHEN quiet_since IS NULL THEN 'false' ELSE 'true' END,
		boots_since, trim_scale(boots_with_per_hour), trim_scale(boots_with_per_hour_low), trim_scale(boots_with_per_hour_high)
		FROM vmlife.signature_history WHERE signature IN (SELECT f.signature FROM vmlife.finding f JOIN vmlife.boot b ON b.id = f.boot WHERE b.labels ? 'build')" |
		LC_ALL=C sort >"$work/of-store"
	[ "$(wc -l <"$work/of-command")" -ge "$2" ] && diff "$work/of-command" "$work/of-store"
}
