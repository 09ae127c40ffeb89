# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# One boot, clean or with one rule broken, and what is asked of it. To be sourced by
# what boots many (proof, matrix), after kernel/lib.sh and tap.sh; it sets:
#   tree, profile   as in kernel/build
#   build           the build folder to boot
#   vmlife          the analyzer, for the guest and for its console
#   sites           what `annotate --sites` says of the tree, a file
#   no_boot         not empty: check what the boot of the last time saved
# Each boot saves in a folder of its own, see tests/boot/boot; besides what that says:
#   console.log, console.json   the console up to the guest's own report, and the
#                               report made of it outside; its exit status is in state
# shellcheck disable=SC2016,SC2154 # in single quotes: jq's variables; set by the caller

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source-path=SCRIPTDIR source=reach.sh
. "$HERE/reach.sh"
SCHEMA=$VMLIFE_TOP/analyzer/schema/report.schema.json
FAULTS=$HERE/faults.tsv
RECORDS=$HERE/records.tsv
# Seconds; a busy machine takes several times as long as an idle one.
CLEAN_LIMIT=${VMLIFE_CLEAN_LIMIT:-1800}
FAULT_LIMIT=${VMLIFE_FAULT_LIMIT:-900}

# ask REPORT FILTER [ARG]... - jq, with the questions of findings.jq.
ask() {
	local report=$1 filter=$2
	shift 2
	jq -r -L "$HERE" "$@" "include \"findings\"; $filter" "$report"
}

# Succeed if nothing comes in; else show it, after a word that says what it is.
expect_none() {
	local lines
	lines=$(cat)
	[[ ! $lines ]] || { printf '%s:\n%s\n' "$1" "$lines"; return 1; }
}

# --- what can be seen, where ----------------------------------------------------

# fault_field RULE NAME - column NAME of the rule's line in faults.tsv, or of the line
# `default`; nothing for `-`.
fault_field() {
	awk -F'\t' -v rule="$1" -v name="$2" '
	$1 == "# rule" { for (i = 2; i <= NF; i++) if ($i == name) n = i }
	$1 == rule || ($1 == "default" && !found) { found = $1 == rule; value = $n }
	END { if (value != "-") print value }' "$FAULTS"
}

# fault_rule FAULT - the rule that it breaks.
fault_rule() {
	local rule
	rule=$(fault_field "$1" breaks)
	printf '%s\n' "${rule:-$1}"
}

profile_has() {
	grep -qx "$1" "$VMLIFE_TOP/configs/kernel/profiles/$profile"
}

# has_detector NAME - can a kernel of this profile have it? The variant's records and
# refcount_t are in every one.
has_detector() {
	case $1 in
	kcsan | lockdep | kasan) profile_has "$1" ;;
	esac
}

# outside TREE SINCE UNTIL - is that version out of these bounds? Empty: no bound.
outside() {
	awk -v tree="$1" -v since="$2" -v until="$3" '
	function number(v, part) { split(v, part, "."); return part[1] * 1000 + part[2] }
	BEGIN { exit !((since != "" && number(tree) < number(since)) ||
		(until != "" && number(tree) > number(until))) }'
}

# why_not RULE - print why this tree and profile cannot show that rule broken, or nothing.
why_not() {
	local part
	if outside "$tree" "$(fault_field "$1" since)" "$(fault_field "$1" until)"; then
		fault_field "$1" why
		return
	fi
	for part in $(fault_field "$1" needs); do
		profile_has "$part" || { echo "only $part sees it, and profile $profile has none"; return; }
	done
}

# --- one boot -----------------------------------------------------------------

# boot_once DIR OPTION... - boot, then read its console from outside. Sets $dir.
boot_once() {
	local scan=0
	dir=$1
	shift
	if [[ ! $no_boot ]]; then
		"$HERE/boot" --tree "$tree" --build "$build" --vmlife "$vmlife" --fail-on related \
			--out "$dir" "$@" || true
	fi
	# The guest made its report at that line; what came later it cannot have seen. On a console a line that a user
	# forged looks as the kernel's: that is asked of apart (check_forgeries).
	awk '/vmlife-guest: stage=report/ { exit } /vmlife-guest: forgeries begin/ { forged = 1 } !forged { print }
		/vmlife-guest: forgeries end/ { forged = 0 }' "$dir/serial.log" >"$dir/console.log"
	"$vmlife" scan --fail-on related -o "$dir/console.json" "$dir/console.log" || scan=$?
	sed -i '/^console_exit=/d' "$dir/state"
	echo "console_exit=$scan" >>"$dir/state"
}

state_has() {
	local want
	for want; do
		grep -qx "$want" "$dir/state" || { echo "no $want in $dir/state:"; cat "$dir/state"; return 1; }
	done
}

reports_fit_schema() {
	/usr/bin/jsonschema -i "$dir/report.json" -i "$dir/console.json" "$SCHEMA"
}

# not_in REPORT OTHER - the findings of the one that the other lacks, but for those that say that they are not whole:
# where two CPUs reported at once, the journal, which keeps no callers, has their lines mixed.
not_in() {
	comm -23 <(ask "$1" '.findings[] | select(.corrupted == []) | identity' | sort) \
		<(ask "$2" '.findings[] | identity' | sort)
}

reports_agree() {
	not_in "$dir/report.json" "$dir/console.json" | expect_none 'not on the console' &&
		not_in "$dir/console.json" "$dir/report.json" | expect_none 'not in the journal'
}

# check_boot STATUS - checks of every boot; STATUS: exit status expected of vmlife.
check_boot() {
	check "$what: guest, job and journal ended well" \
		state_has host_end=done job=ok journal=ok sync=ok
	check "$what: selftests passed" state_has load=0 unload=0 selftests=-25
	check "$what: vmlife in the guest, on its journal: exit $1" state_has "vmlife_exit=$1"
	check "$what: vmlife outside, on its console: exit $1" state_has "console_exit=$1"
	check "$what: both reports fit the schema" reports_fit_schema
	check "$what: both name the same findings" reports_agree
}

# --- clean ----------------------------------------------------------------------

nothing_touches_driver() {
	ask "$dir/report.json" '.findings[] | select(touches_driver) | line' |
		expect_none 'touches the driver'
}

# Every selftest ran its rounds without an error, nothing injected.
rounds_were_done() {
	local done_by
	done_by=$(ask "$dir/report.json" '.boots[].exposure.selftests[]?
		| select(.inject == "none" and .error == 0 and .rounds >= $rounds) | .name' \
		--argjson rounds "$1" | sort -u)
	comm -23 <(vmlife_selftests "$tree" | sort) - <<<"$done_by" | expect_none "not $1 rounds of"
}

hooks_counted() {
	[[ $(sites_by mock) ]] || { echo "no hooks to be reached: is $sites empty?"; return 1; }
	never_passed mock "$dir/report.json" | expect_none 'never reached'
}

# How a hook is reached was seen in the proven trees. In a folder's the same function can have
# other callers: what was not reached there is named.
check_hooks() {
	local name="$what: every hook in reach was passed"
	local never=''
	[[ ! ${folder-} || ! -s $dir/report.json ]] || never=$(never_passed mock "$dir/report.json")
	if [[ $never ]]; then
		skip "$name" "another tree's reach; here never: $(paste -sd' ' <<<"$never")"
	else
		check "$name" hooks_counted
	fi
}

# A detector that was switched off on the way proves nothing by its silence.
kcsan_watched() {
	grep -qx 'kcsan_setup_watchpoints=[1-9][0-9]\{3,\}' "$dir/state" ||
		{ grep kcsan "$dir/state"; return 1; }
}

# --- forged ---------------------------------------------------------------------

# make_forger FILE - the program that forges in the guest (jobs/i915).
make_forger() {
	need cc gcc
	mkdir -p "${1%/*}"
	cc -std=c17 -O1 -static -o "$1" "$HERE/forge.c"
}

# read_again REPORT LOG - whatever its findings.
read_again() {
	local status=0
	rm -f "$1"
	"$vmlife" scan -o "$1" "$2" || status=$?
	((status <= 1))
}

# Without what counts what was read, and without times.
said() {
	jq -S '{ findings, boots: [.boots[] | { verdict, reasons, variant, release, version, events, exposure,
		coverage: (.coverage | { losses, rate_limited, detectors: [.detectors[] | { name, present, alive, quiet }] }) }]
	} | del(.findings[] | .first, .last, .log, .context)' "$1"
}

# The journal says the same with what was forged and without it: with nobody's entries, and what the kernel said
# between the marks.
forgeries_change_nothing() {
	local without=$dir/unforged.json
	journalctl -q -D "$dir/journal" -o json --all >"$dir/forged.jsonl"
	awk '/"MESSAGE":"forgeries begin"/ { forged = 1 } !forged && !/"_UID":"65534"/ { print }
		/"MESSAGE":"forgeries end"/ { forged = 0 }' "$dir/forged.jsonl" >"$dir/unforged.jsonl"
	read_again "$dir/forged.json" "$dir/forged.jsonl" && read_again "$without" "$dir/unforged.jsonl" || return
	said "$without" >"$dir/unforged.said" && said "$dir/forged.json" >"$dir/forged.said" || return
	diff -U0 "$dir/unforged.said" "$dir/forged.said"
}

# The deeds were done: each leaves a record or more.
were_forged() {
	local n
	n=$(($(wc -l <"$dir/forged.jsonl") - $(wc -l <"$dir/unforged.jsonl")))
	((n >= 24)) || { echo "$n records"; return 1; }
}

# On the console they are unverified at most, and what the kernel said is said still.
console_is_unverified() {
	awk '/vmlife-guest: stage=report/ { exit } { print }' "$dir/serial.log" >"$dir/forged.log"
	read_again "$dir/forged-console.json" "$dir/forged.log" || return
	ask "$dir/forged-console.json" '.findings[] | select(.origin != "unverified") | line' |
		expect_none 'believed' || return 1
	comm -23 <(ask "$dir/console.json" '.findings[] | "\(identity) \(.injected)"' | sort -u) \
		<(ask "$dir/forged-console.json" '.findings[] | "\(identity) \(.injected)"' | sort -u) | expect_none 'hidden'
}

# check_forgeries - an unprivileged user tried what forge.c knows.
check_forgeries() {
	check "$what: users forged what they can" state_has forge=0
	check "$what: forgeries change nothing that the journal is found to say" forgeries_change_nothing
	check "$what: two dozen records were forged" were_forged
	check "$what: on the console forgeries are unverified, and hide nothing" console_is_unverified
}

# check_clean DIR ROUNDS - nothing broken, ROUNDS of every selftest.
check_clean() {
	local what="$tree $profile clean" dir
	[[ $no_boot ]] || make_forger "$1/forge"
	boot_once "$1" --rounds "$2" --timeout "$CLEAN_LIMIT" --file "$1/forge"
	check_boot 0
	check "$what: no finding touches the driver" nothing_touches_driver
	check "$what: $2 rounds of every selftest" rounds_were_done "$2"
	check_hooks
	check "$what: the device left nothing when it went" \
		log_says 'i915 vmlife: gone token=[0-9a-f]{16} contexts=0 vms=0 leaks=0 '
	check_forgeries
	! has_detector lockdep || check "$what: lockdep was alive to the end" state_has lockdep=1
	! has_detector kcsan || check "$what: KCSAN was watching" kcsan_watched
}

# --- faulty ---------------------------------------------------------------------

# Where the vm's memory is not kept the broken rule may bring the machine down, as it
# would a user's; then its console is all that is left.
may_kill() {
	[[ " $(fault_field "$1" kills) " == *" $profile "* ]]
}

killed() {
	may_kill "$1" && state_has host_end=died host_stage=job >/dev/null
}

# check_killed RULE - checks of a boot that the fault ended.
check_killed() {
	check "$what: the kernel died of it" grep -aq 'Kernel panic - not syncing' "$dir/console.log"
	check "$what: vmlife outside, on its console: exit 1" state_has console_exit=1
	check "$what: the report fits the schema" /usr/bin/jsonschema -i "$dir/console.json" "$SCHEMA"
}

rule_reported() {
	ask "$report" 'any(.findings[]; .rule == $rule and .injected)' \
		--arg rule "$rule" | grep -qx true || { ask "$report" '.findings[] | line'; return 1; }
}

no_other_rule() {
	ask "$report" '.findings[] | select(.rule != null and .rule != $rule) | line' \
		--arg rule "$rule" | expect_none 'of another rule'
}

detector_reported() {
	ask "$report" 'any(.findings[]; .detector == $detector and .rule == $rule and .injected)' \
		--arg rule "$rule" --arg detector "$1" | grep -qx true ||
		{ ask "$report" '.findings[] | line'; return 1; }
}

# records_of RULE - what its log must say on this tree, one regular expression a line.
records_of() {
	local rule since until text
	while IFS=$'\t' read -r rule since until text; do
		[[ $rule != "$1" ]] || outside "$tree" "${since#-}" "${until#-}" || printf '%s\n' "$text"
	done <"$RECORDS"
}

log_says() {
	grep -aqE -- "$1" "$dir/console.log" || { grep -a "i915 vmlife:" "$dir/console.log" | head -20; return 1; }
}

# check_fault DIR FAULT [ROUNDS] - its rule broken, and no other.
check_fault() {
	local fault=$2 rule detector text what="$tree $profile $2" dir report options=()
	rule=$(fault_rule "$fault")
	# An oops in freed memory's keeper leaves a kernel that hangs sooner or later.
	! may_kill "$fault" || options=(--kargs oops=panic)
	boot_once "$1" "${options[@]}" --inject "$fault" --filter "vmlife_${fault//-/_}" \
		--rounds "${3:-$(fault_field "$fault" rounds)}" --timeout "$FAULT_LIMIT"
	report=$dir/report.json
	if killed "$fault"; then
		report=$dir/console.json
		check_killed "$fault"
	else
		check_boot 1
	fi
	check "$what: reported by its rule, as injected" rule_reported
	check "$what: no other rule reported" no_other_rule
	while read -r text; do
		check "$what: the log says /$text/" log_says "$text"
	done < <(records_of "$fault")
	for detector in $(fault_field "$fault" detectors); do
		if has_detector "$detector"; then
			check "$what: $detector reported it" detector_reported "$detector"
		else
			skip "$what: $detector reported it" "not in profile $profile"
		fi
	done
}

# --- as it was shipped -----------------------------------------------------------

# The rules that the bug breaks, and the selftests that meet it, where the tree has them.
BUG_RULES='vm-early-put vm-get-livelock'
BUG_SELFTESTS=vmlife_vm_early_put,vmlife_vm_get_livelock

bug_reported() {
	ask "$dir/report.json" 'any(.findings[]; .rule == $rule and .detector == "vmlife" and (.injected | not))' \
		--arg rule "$1" | grep -qx true || { ask "$dir/report.json" '.findings[] | line'; return 1; }
}

nothing_else_broke() {
	ask "$dir/report.json" '.findings[] | select(.injected or (.rule != null and (.rule | IN($rules | splits(" ")) | not))) | line' \
		--arg rules "$BUG_RULES" | expect_none 'of another rule, or injected'
}

# check_unfixed DIR [ROUNDS] - the driver as it was shipped, a build of kernel/build
# --unfixed: its bug is caught with nothing injected, and survived: the guest comes to
# its end where the driver alone would loop for ever.
check_unfixed() {
	local rule what="$tree $profile unfixed" dir
	boot_once "$1" --filter "$BUG_SELFTESTS" --rounds "${2:-$(fault_field default rounds)}" \
		--timeout "$FAULT_LIMIT"
	check_boot 1
	for rule in $BUG_RULES; do
		variant_rules "$tree" | grep -qx -- "$rule" || continue
		check "$what: $rule reported, with nothing injected" bug_reported "$rule"
	done
	check "$what: no other rule reported" nothing_else_broke
}

# fault_hooks_counted REPORT... - the hooks that only a fault reaches were, in these boots.
fault_hooks_counted() {
	never_passed fault "$@" | expect_none 'never reached'
}

# --- what it came to -------------------------------------------------------------

# result CELL N DIR - as JSON, from what the boot of DIR saved and its checks, DIR/tap.
result() {
	local report=$3/report.json
	[[ -s $report ]] || report=$3/console.json
	[[ -s $report ]] || report=/dev/null
	jq -n -L "$HERE" --arg tree "$tree" --arg profile "$profile" --arg cell "$1" \
		--argjson number "$2" --rawfile tap "$3/tap" --rawfile state "$3/state" \
		--slurpfile report "$report" 'include "findings";
		($state | split("\n") | map(select(index("=")) | split("=") | { (.[0]): .[1] }) | add) as $state
		| ($tap | split("\n")) as $lines
		# The plan is the last line: checks that did not come to their end have none.
		| (($lines | map(select(startswith("not ok")) | sub("^not ok [0-9]+ - "; "")))
			+ (if any($lines[]; test("^1\\.\\.[1-9]")) then [] else ["the checks ended early"] end)
		) as $failed
		| ($report[0] // { boots: [], findings: [] }) as $report
		| {
			tree: $tree, profile: $profile, cell: $cell, number: $number,
			passed: ($failed == []), failed: $failed,
			kernel: $state.release, seconds: ($state.host_seconds // "0" | tonumber),
			rounds: [$report.boots[].exposure.selftests[]? | .rounds] | add,
			passes: ([$report.boots[].exposure.passes // {}] | add),
			findings: [$report.findings[] | { detector, kind, rule, injected, relevance,
				count, title, touches_driver: touches_driver }]
		}'
}
