# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks of JSON, for tests: read by `.`.

# holds FILTER [OPTIONS and FILES of jq...] - is there a value in the input, and is the filter true of every one?
# In place of `jq -e`, which in jq 1.6 succeeds on empty input: such a check passes against a server that is down.
holds() {
	holds_filter=$1
	shift
	jq -n -e "[inputs | ($holds_filter)] | length > 0 and all" "$@"
}
