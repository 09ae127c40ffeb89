# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# annotate --record: writes the lines of hooks/sites.tsv and hooks/edits.tsv that a new semantic patch needs, from
# what landed in a tree. Sourced by annotate, whose functions it uses.

# "file<tab>text" of each added line that names vmlife, is no hook call and contains no text of edits.tsv: the call of
# a fault, or else the whole line.
unknown_edits() {
	local file
	while read -r file; do
		diff --changed-group-format='%>' --unchanged-group-format='' "$(pristine "$file")" "$stage/$i915/$file" |
			awk -v file="$file" '
			function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
			side == "known" { split($0, part, "\t"); if (part[1] == file) text[++n] = part[2]; next }
			!/vmlife/ { next }
			{
				line = $0
				gsub(/i915_vmlife_(inject|load|unload|gave_up|handle_tried)/, "", line)
				if (line ~ /i915_vmlife_[a-z_]+\([a-z_0-9]+[,)]/) next
				for (i = 1; i <= n; i++) if (index($0, text[i])) next
				if (match($0, /(i915_vmlife_inject|vmlife_fault_)[a-z_]*\([^()]*\)?/))
					print file "\t" trim(substr($0, RSTART, RLENGTH))
				else
					print file "\t" trim($0)
			}' side=known <(awk -F'\t' '/^[^#]/ { print $1 "\t" $2 }' "$here/hooks/edits.tsv") side=added - || true
	done < <(changed_files) | sort -u
}

# The rule that the semantic patch with that hook is named after, - if it is named after none.
rule_of() { # FILE HOOK
	local name
	name=$(who_puts "$1" "i915_vmlife_$2(")
	name=${name##*/}
	name=${name%.cocci}
	name=${name#*-}
	if grep -q "^VMLIFE_RULE(.*\"$name\"" "$here"/tree/drivers/gpu/drm/i915/gem/i915_gem_vmlife_rules.h; then echo "$name"; else echo -; fi
}

# Hooks that no line of the table has, in any version.
record_sites() {
	local hook func count file
	found_sites | while IFS=$'\t' read -r hook func count file; do
		awk -F'\t' -v hook="$hook" -v func="$func" -v file="$file" \
			'$1 == hook && $2 == func && $4 == file { found = 1 } END { exit !found }' "$here/hooks/sites.tsv" ||
			printf '%s\t%s\t%s\t%s\t%s\tmock\t-\t-\n' "$hook" "$func" "$count" "$file" "$(rule_of "$file" "$hook")"
	done
}

record_edits() {
	local file text
	unknown_edits | while IFS=$'\t' read -r file text; do
		printf '%s\t%s\t%d\t-\n' "$file" "$text" "$(grep -cF -- "$text" "$stage/$i915/$file")"
	done
}

# Appends to the tables; a line that a human wrote is never changed.
record() {
	trap drop_stage EXIT
	need spatch coccinelle
	new_stage
	stage_pristine
	stage_hooks
	local new
	new=$(record_sites)
	[[ ! $new ]] || printf '%s\n' "$new" | tee -a "$here/hooks/sites.tsv"
	new=$(record_edits)
	[[ ! $new ]] || printf '%s\n' "$new" | tee -a "$here/hooks/edits.tsv"
	accept
	echo "annotate: the tables have all that landed in $(tree_name); review the lines above: rule, reach, since, until, when" >&2
}
