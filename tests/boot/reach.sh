# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Which hooks a boot passed, and which it should have. To be sourced; $sites is the file in which
# `annotate --sites` says what the tree has.
# shellcheck disable=SC2154 # set by the caller

# passed_sites REPORT... - the hooks that were passed, as hook@function.
passed_sites() {
	jq -r '.boots[].exposure.passes // {} | to_entries[] | select(.value > 0) | .key' "$@" | sort -u
}

# sites_by REACH - the hooks of this tree that are reached that way.
sites_by() {
	jq -r --arg reach "$1" '.sites[] | select(.reach == $reach) | "\(.hook)@\(.function)"' \
		"$sites" | sort -u
}

# never_passed REACH REPORT... - those that are reached that way and were in none of the reports.
never_passed() {
	comm -23 <(sites_by "$1") <(passed_sites "${@:2}")
}
