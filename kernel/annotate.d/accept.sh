# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Is a tree with its hooks good enough to be taken? Part of annotate, to be sourced.
#
# sites.tsv is what was seen in the trees that were proven. A tree of such a version with
# the same places is proven as well. Any other must keep the invariants: every hook that
# the rules need is there, the release gives the reference back once, nothing else does,
# and the audit finds no access open.

# The levels of sites.tsv that were proven: 5.10+fix is 5.10 with kernel/fix applied.
proven_levels() {
	local tree
	while read -r tree; do
		if ! needs_fix "$tree"; then
			[[ $(fix_state) != upstream ]] || echo "$tree"
		elif [[ $(fix_state) == applied ]]; then
			echo "$tree+fix"
		elif [[ $(fix_state) == none ]]; then
			echo "$tree"
		fi
	done < <(awk -F'\t' '/^[^#]/ { print $1 }' "$here/trees.tsv")
}

needs_fix() {
	grep -qF "	$1+fix" "$here/hooks/sites.tsv"
}

# Rows of sites.tsv that a level must have.
rows_of() { # LEVEL
	awk -F'\t' -v level="$1" '
		function number(v, part) {
			split(v, part, "[.+]")
			return part[1] * 1000 + part[2] + (v ~ /\+fix$/) / 2
		}
		/^#/ || NF < 3 { next }
		($(NF - 1) == "-" || number($(NF - 1)) <= number(level)) &&
		($NF == "-" || number($NF) >= number(level))' OFS='\t' "$here/hooks/sites.tsv"
}

# In which the places differ from those of a level:
# "file<tab>text<tab>what differs".
differences() { # LEVEL
	awk -F'\t' '
		side == "want" { want[$1 "\t" $2 "\t" $4] = $3; next }
		{ have[$1 "\t" $2 "\t" $4] = $3 }
		function say(key, expected, found, part) {
			split(key, part, "\t")
			printf "%s\ti915_vmlife_%s(\thook %s in %s() of %s: %d expected, %d found\n",
				part[3], part[1], part[1], part[2], part[3], expected, found
		}
		END {
			for (key in want)
				if (have[key] + 0 != want[key])
					say(key, want[key], have[key] + 0)
			for (key in have)
				if (!(key in want))
					say(key, 0, have[key])
		}' side=want <(rows_of "$1") side=have <(printf '%s\n' "$found") | LC_ALL=C sort
}

# Sets $proven, $nearest (the proven level with the fewest differences) and $differing.
compare_proven() {
	local level differing_there count fewest=
	proven=no nearest='' differing=''
	while read -r level; do
		differing_there=$(differences "$level")
		count=$(grep -c . <<<"$differing_there" || true)
		if [[ ! $differing_there && ${level%+fix} == "$version" ]]; then
			proven=yes nearest=$level differing=''
			return
		fi
		if [[ ! $nearest || $count -lt $fewest ]]; then
			nearest=$level fewest=$count differing=$differing_there
		fi
	done < <(proven_levels)
}

# --- the invariants: each prints what the tree lacks, a line each -----------------

# Texts of edits.tsv that are not there as often as they must be.
amiss_edits() {
	local file text count when seen
	while IFS=$'\t' read -r file text count when; do
		[[ $file != \#* && $file ]] || continue
		holds_here "$when" || continue
		# What selftests need, where the driver comes without them.
		[[ -f $stage/$i915/$file || ! $file =~ selftests/ ]] || continue
		seen=$(grep -cF -- "$text" "$stage/$i915/$file" 2>/dev/null || true)
		[[ $seen == "$count" ]] ||
			printf '  %s: %s in %s: %s expected, %s found\n' \
				"$(who_puts "$file" "$text")" "$text" "$file" "$count" "${seen:-0}"
	done <"$here/hooks/edits.tsv"
}

# An added line that names vmlife and that no line of edits.tsv knows.
amiss_unknown() {
	local file text
	while IFS=$'\t' read -r file text; do
		printf '  %s: %s in %s: no line of edits.tsv\n' "$(who_puts "$file" "$text")" "$text" "$file"
	done < <(unknown_edits)
}

# Hooks that landed nowhere.
amiss_hooks() {
	local hook when what
	while IFS=$'\t' read -r hook _ when what; do
		[[ $hook != \#* && $hook ]] || continue
		holds_here "$when" || continue
		! grep -q "^$hook	" <<<"$found" || continue
		[[ $(fix_state) != none || $hook != vm_drop ]] || continue
		printf '  no place for hook %s, which needs %s\n' "$hook" "$what"
	done <"$here/hooks/hooks.tsv"
}

hook_count() { # HOOK FUNCTION
	awk -F'\t' -v hook="$1" -v func="$2" '$1 == hook && $2 == func { n += $3 } END { print n + 0 }' <<<"$found"
}

# One release, which gives the reference back once (and a second time for its fault), and
# nobody else who does but failed creation and the fault in the close.
amiss_release() {
	local body func count want=2
	body=$(awk -F'\t' '$1 == "release_begin" { print $2 }' <<<"$found")
	[[ $body ]] || return 0
	[[ $(fix_state) != none ]] || want=0
	if [[ $body == *$'\n'* ]]; then
		printf '  more than one body of the release: %s\n' "${body//$'\n'/, }"
		return
	fi
	count=$(hook_count vm_drop "$body")
	((count == want)) ||
		printf '  the release %s() puts ctx->vm %d times with its fault, and must %d times\n' "$body" "$count" "$want"
	(($(hook_count release_end "$body") == 1)) || printf '  %s() has no end\n' "$body"
	(($(hook_count ctx_free "$body"))) || printf '  the release %s() does not free the context\n' "$body"
	while read -r func; do
		[[ $func != "$body" && $func != context_close ]] || continue
		(($(hook_count ctx_free "$func"))) ||
			printf '  hook vm_drop in %s(): it puts ctx->vm, and is neither the release nor failed creation\n' "$func"
	done < <(awk -F'\t' '$1 == "vm_drop" { print $2 }' <<<"$found" | sort -u)
	count=$(hook_count vm_drop context_close)
	((count == 1)) || printf '  context_close() puts ctx->vm %d times, and must once, as a fault\n' "$count"
}

# Why a place may be missing that a reader of the code sees.
amiss_unread() {
	local file line func text
	by_unread >"$stage.by"
	while IFS=$'\t' read -r file line func text; do
		[[ $(known_reason unread "$file" "$func" "$text") ]] ||
			printf '  %s() in %s cannot be read by spatch (line %d with the hooks), and no hook lands in it\n' "$func" "$file" "$line"
	done <"$stage.by"
}

# Accesses that no hook covers and no reason explains.
amiss_audit() {
	local open status=0
	open=$(stage_driver audit && uncovered | awk -F'\t' -v i915="$i915" '$6 == "" {
		printf "  open access (%s): %s/%s:%d: %s(): %s\n", $1, i915, $2, $3, $4, $5 }') || status=$?
	rm -rf "$state/audit" "$state/audit".*
	[[ ! $open ]] || printf '%s\n' "$open"
	return "$status"
}

refuse_amiss() { # WHAT
	[[ ! $1 ]] || die "$tree ($(tree_name)) lacks what the checks need; nothing was changed:
$1
How to bring hooks and tables to another tree: kernel/README.md, To port to a new tree."
}

# Take the tree, or end. What differs from the proven ones is said later.
accept() {
	local amiss unread
	found=$(found_sites)
	amiss=$({ amiss_edits; amiss_unknown; amiss_hooks; amiss_release; } | LC_ALL=C sort)
	if [[ $amiss ]]; then
		unread=$(amiss_unread) || exit 1
		refuse_amiss "$amiss${unread:+$'\n'$unread}"
	fi
	compare_proven
	[[ $proven == no ]] || return 0
	[[ ! $strict ]] || die "$tree ($(tree_name)) is not proven, and --strict asks for it; nothing was changed. $(say_differences)"
	# An audit that breaks off has said why, and has found nothing out.
	amiss=$(amiss_audit) || exit 1
	refuse_amiss "$amiss"
}

# What a reader must know of a tree that was taken without a proof.
say_differences() {
	local file text what
	if [[ ! $differing ]]; then
		echo "All hooks stand where they do in Linux $nearest."
		return
	fi
	echo "Against Linux $nearest, the nearest that was proven:"
	while IFS=$'\t' read -r file text what; do
		printf '  %s: %s\n' "$(who_puts "$file" "$text")" "$what"
	done <<<"$differing"
}

# "hook<tab>function<tab>count<tab>file<tab>rule<tab>reach<tab>since<tab>until" of the tree's own places, as
# sites.tsv has them: of two lines for a place that of the nearest proven tree counts (close
# drops a vm in each unfixed tree, in others only a fault does). Of a place that it does not
# know the rule follows from the hook, and nobody knows how it is reached.
sites() {
	awk -F'\t' -v OFS='\t' '
		side == "hooks" { if (!/^#/) rule[$1] = $2; next }
		side == "lines" { if (!/^#/) line[$1 OFS $2 OFS $4] = $5 OFS $6 OFS $7 OFS $8; next }
		{
			key = $1 OFS $2 OFS $4
			print $1, $2, $3, $4, (key in line ? line[key] : rule[$1] OFS "unknown" OFS "-" OFS "-")
		}' side=hooks "$here/hooks/hooks.tsv" side=lines "$here/hooks/sites.tsv" <(rows_of "$nearest") \
		side=found <(printf '%s\n' "$found")
}
