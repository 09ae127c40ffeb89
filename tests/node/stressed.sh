# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A boot of the render node with the stress, ended at the first report. To be sourced after
# kernel/lib.sh.

# boot_stressed DIR TREE BUILD SECONDS STRESS [OPTION]... - boot BUILD, and read what the console
# says; STRESS are the words for tests/node/stress, OPTION those of tests/boot/boot.
# Without KCSAN, under which the stress gets nowhere: data races are not what is looked for.
# A record of ours stops the machine, which has no more to tell: boots are what takes time.
# Freed memory is poisoned, so that who follows a pointer that was there oopses without KASAN.
boot_stressed() {
	local dir=$1 tree=$2 build=$3 seconds=$4 stress=$5 vmlife=$VMLIFE_TOP/build/vmlife status=0
	shift 5
	rm -rf "$dir"
	mkdir -p "$dir"
	# A bug may end the guest in any way: what was seen is read from the console, below.
	"$VMLIFE_TOP/tests/boot/boot" --tree "$tree" --build "$build" --vmlife "$vmlife" --out "$dir" \
		--kargs 'oops=panic slub_debug=P kcsan.early_enable=0' --kcsan '' --param vmlife_panic=all \
		--timeout $((seconds + 900)) "$@" --node "--seconds $seconds $stress --until-report" >&2 || true
	"$vmlife" scan -o "$dir/console.json" "$dir/serial.log" || status=$?
	((status <= 1)) || die "$dir: the console cannot be read"
	first_report "$dir" >"$dir/first"
}

# first_report DIR - who spoke first of the driver, what it is called, and how many seconds
# after the driver was loaded, with tabs between; "nobody" where nobody did.
first_report() {
	local load
	load=$(grep -aoPm1 '\[ *\K[0-9.]+(?=\](\[[^]]*\])? i915 vmlife: load )' "$1/serial.log" || echo 0)
	jq -r --argjson load "$load" -L "$VMLIFE_TOP/tests/boot" 'include "findings";
		[.findings[] | select(touches_driver or .rule or .detector == "refcount")] | sort_by(.first_seen.monotonic_us)
		| if . == [] then "nobody\t-\t-" else first
			| [.rule // (if .detector == "refcount" then "refcount_t" else .detector end), .title,
			   (.first_seen.monotonic_us / 1e6 - $load | . * 10 | round / 10)] | @tsv end' "$1/console.json"
}
