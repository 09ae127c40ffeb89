# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Results of tests as TAP lines. To be sourced.

tap_number=0
tap_failed=0
tap_skipped=0

# check NAME COMMAND... - one test: the command's exit status decides.
check() {
	local name=$1 said
	shift
	tap_number=$((tap_number + 1))
	if said=$("$@" 2>&1); then
		printf 'ok %d - %s\n' "$tap_number" "$name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_number" "$name"
		tail -n 20 <<<"$said" | sed 's/^/# /'
	fi
}

# skip NAME REASON - a test that cannot be run here.
skip() {
	tap_number=$((tap_number + 1))
	tap_skipped=$((tap_skipped + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_number" "$1" "$2"
}

# The plan and the counts; to be the script's last line.
tap_end() {
	local skipped=
	((!tap_skipped)) || skipped=", $tap_skipped skipped"
	printf '1..%d\n' "$tap_number"
	printf '%d passed, %d failed%s\n' $((tap_number - tap_failed - tap_skipped)) \
		"$tap_failed" "$skipped" >&2
	((!tap_failed))
}
