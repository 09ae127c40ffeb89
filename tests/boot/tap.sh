# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Results of tests as TAP lines. To be sourced.

tap_passed=0
tap_failed=0

# check NAME COMMAND... - one test: the command's exit status decides.
check() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		tap_passed=$((tap_passed + 1))
		printf 'ok %d - %s\n' $((tap_passed + tap_failed)) "$name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' $((tap_passed + tap_failed)) "$name"
		tail -n 20 <<<"$said" | sed 's/^/# /'
	fi
}

skip() {
	tap_passed=$((tap_passed + 1))
	printf 'ok %d - %s # SKIP %s\n' $((tap_passed + tap_failed)) "$1" "$2"
}

# The plan and the counts; to be the script's last line.
tap_end() {
	printf '1..%d\n' $((tap_passed + tap_failed))
	printf '%d passed, %d failed\n' "$tap_passed" "$tap_failed" >&2
	((!tap_failed))
}
