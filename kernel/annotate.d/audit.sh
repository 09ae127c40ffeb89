# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# annotate --audit: which accesses no hook covers. Part of annotate, to be sourced.
#
# kernel/audit/ACCESS.cocci finds accesses of one kind, in the driver as annotated.
# A hook call of its family within two lines covers it, if that says this function's name
# and names the object that is accessed. The others are known, with the reason in
# kernel/audit/known.tsv, or open.

# What a function is about that must not go unread.
UNREAD_WORDS='gem_context|context_xa|(^|[^a-z_])ctx->|(^|[^a-z_])[cp][ce]->vm([^a-z_]|$)|vm_xa|i915_vm_(put|get|open|close)'

# What leads to an object in this driver, by its declarations: to spatch, which reads no
# headers here, rq->context->vm is a field of something unknown. The names of fields that
# point to one of STRUCT... (or contain it), and of functions that return one.
fields_of() { # STRUCT...
	local structs
	structs=$(IFS='|'; echo "$*")
	driver_words "$structs" | awk -v pattern="struct ($structs) .*;" '
		/^(typedef |static |const )*struct .*\{$/ { inside = 1; next }
		/^}/ { inside = 0 }
		inside && $0 ~ pattern {
			sub(/.*struct [a-z_0-9]+ /, "")
			gsub(/__rcu|const|__[a-z_]+\([^)]*\)|\[[^]]*\]|[*; \t]|\/[*].*/, "")
			n = split($0, field, ",")
			for (i = 1; i <= n; i++) if (field[i] ~ /^[a-z_0-9]+$/) print field[i]
		}' | names
}

calls_of() { # STRUCT...
	local structs
	structs=$(IFS='|'; echo "$*")
	driver_words "$structs" | tr '\n' ' ' | grep -oE "struct ($structs) (__rcu )?\*[ \t]*(__[a-z_]+ )?[a-z_0-9]+\([a-z_]" |
		sed -E 's/\([a-z_]$//; s/.*[ *\t]//' | names
}

# The files that name one of the structures.
driver_words() { # STRUCTS
	(cd "$stage/$i915" && grep -rlE --include='*.[ch]' --exclude='*vmlife*' -- "struct ($1)\b" . |
		LC_ALL=C sort | xargs -r cat)
}

# A list of names, or one that nothing has.
names() {
	LC_ALL=C sort -u | paste -sd, | sed 's/,/, /g; s/^$/none_of_that/'
}

# All of them, "placeholder<tab>names".
all_names() {
	local kind structs
	while read -r kind structs; do
		# shellcheck disable=SC2086 # several structures
		printf '%s_FIELDS\t%s\n%s_CALLS\t%s\n' "$kind" "$(fields_of $structs)" "$kind" "$(calls_of $structs)"
	done <<-END
		CONTEXT i915_gem_context
		VM i915_address_space
		HOLDER intel_context i915_gem_proto_context
	END
}

# The functions that return a context which they found under RCU alone, to a caller who then
# has it under RCU alone: those in which a rule of rcu.cocci stars a return, and, when they are
# known, those that return what these returned. Not one whose return has another reason in
# known.tsv than that it hands the context on.
handed_calls() {
	local before='' now=none_of_that
	sed '/^HANDED_CALLS\t/d' "$stage.names" >"$stage.names.new"
	while [[ $now != "$before" ]]; do
		before=$now
		{ cat "$stage.names.new"; printf 'HANDED_CALLS\t%s\n' "$now"; } >"$stage.names"
		awk '/^@[a-z]/ { keep = /^@(owned|theirs|source|handed)/ } keep || !rule { print } /^@/ { rule = 1 }' \
			"$here/audit/rcu.cocci" >"$stage.handed.cocci"
		starred "$stage.handed.cocci"
		now=$({ tr ',' '\n' <<<"${before// /}"; handing <"$stage.stars"; } | grep -vx none_of_that | names)
	done
}

handing() {
	local file line func covered text reason
	described none_of_that | while IFS=$'\t' read -r file line func covered text; do
		reason=$(known_reason rcu "$file" "$func" "$text")
		[[ $reason && $reason != "hands it on:"* ]] || echo "$func"
	done
}

# A semantic patch of the audit with these names in it, as $stage.cocci.
with_names() { # COCCI
	local name names edit=()
	while IFS=$'\t' read -r name names; do
		edit+=(-e "/^\/\/ words:/s/$name/${names//, /|}/g" -e "s/$name/$names/g")
	done <"$stage.names"
	sed "${edit[@]}" "$1" >"$stage.cocci"
}

# The files that contain the words of a semantic patch, of each of its lines of words.
files_with_words() { # COCCI
	local words files=(.)
	while read -r words; do
		mapfile -t files < <(cd "$stage/$i915" && grep -rlE --include='*.[ch]' -- "$words" "${files[@]}")
		((${#files[@]})) || return 0
	done < <(sed -n 's|^// words: ||p' "$1")
	printf '%s\n' "${files[@]#./}" | sort
}

# "file<tab>line" of every place one semantic patch stars, as $stage.stars. It runs on the
# files that contain its words; its output is a diff that removes the starred lines.
starred() { # COCCI
	local files
	: >"$stage.stars"
	# What one has parsed is there for the next, which looks at much the same files.
	mkdir -p "$stage.parsed"
	with_names "$1"
	mapfile -t files < <(files_with_words "$stage.cocci")
	((${#files[@]})) || return 0
	(cd "$stage/$i915" && spatch --very-quiet --no-includes --macro-file "$here/audit/macros.h" \
		--use-cache --cache-prefix "$stage.parsed" --sp-file "$stage.cocci" "${files[@]}" >"$stage.diff" 2>"$stage.log" </dev/null) ||
		die "audit/$(basename "$1"): spatch failed: $(tail -n 3 "$stage.log")"
	awk '
		/^--- / { file = $2; sub(/^\.\//, "", file); next }
		/^\+\+\+ / { next }
		/^@@ / { split($2, at, /[-,]/); line = at[2]; next }
		/^-/ { print file "\t" line; line++; next }
		/^ / { line++ }' "$stage.diff" | sort -u -t$'\t' -k1,1 -k2,2n >"$stage.stars"
}

# Adds to each "file<tab>line": function, whether covered, text.
described() {
	local hooks=$1 file line
	while IFS=$'\t' read -r file line; do
		awk -v line="$line" -v file="$file" -v hooks="i915_vmlife_(${hooks})" '
			# A function begins in the first column, with its name before a parenthesis.
			/^[A-Za-z_].*\(/ && !/;$/ && !/^#/ {
				name = $0
				sub(/\(.*/, "", name)
				sub(/.*[ *\t]/, "", name)
				if (NR <= line) function_name = name
			}
			/^#define/ && NR <= line { split($2, macro, "("); function_name = macro[1] }
			NR >= line - 2 && NR <= line + 2 && match($0, hooks "[a-z_]*\\([a-z_0-9]+(, *[^,()]+)?") {
				split(substr($0, RSTART, RLENGTH), call, /[(,] */)
				hook_at[++nr] = call[2]
				hook_of[nr] = call[3]
			}
			# The object may stand in the line before, if the call began there.
			NR == line - 1 && /[,(]$/ { begun = $0 }
			NR == line { text = $0; sub(/^[ \t]+/, "", text) }
			END {
				for (i = 1; i <= nr; i++)
					if (hook_at[i] == function_name && index(begun text, hook_of[i])) covered = 1
				printf "%s\t%d\t%s\t%d\t%s\n", file, line, function_name, covered, text
			}
		' "$stage/$i915/$file"
	done
}

# The reason why an access needs no hook, or nothing. Where the table says which text, it
# is that access's alone, and another one in the same function is open.
known_reason() { # ACCESS FILE FUNCTION TEXT
	text=$4 awk -F'\t' -v access="$1" -v file="$2" -v func="$3" '
		function fits(pattern, text) {
			gsub(/[.]/, "\\.", pattern)
			gsub(/[*]/, ".*", pattern)
			return text ~ "^" pattern "$"
		}
		!/^#/ && $1 == access && fits($2, file) && fits($3, func) && ($5 == "" || index(ENVIRON["text"], $5)) { print $4; exit }
	' "$here/audit/known.tsv"
}

# "file<tab>line<tab>function<tab>text" of each function that spatch cannot read, which no
# semantic patch sees. A spatch that broke off has not read what it does not name.
by_unread() {
	local files
	mapfile -t files < <(cd "$stage/$i915" && grep -rlE --include='*.[ch]' -- "$UNREAD_WORDS" .)
	((${#files[@]})) || return 0
	(cd "$stage/$i915" && spatch --no-includes --macro-file "$here/audit/macros.h" --parse-c "${files[@]}") >"$stage.read" 2>&1 </dev/null ||
		die "the functions that spatch cannot read: spatch failed: $(tail -n 3 "$stage.read")"
	words=$UNREAD_WORDS awk 'BEGIN { words = ENVIRON["words"] }'"$(<"$here/audit/unread.awk")" "$stage.read"
}

# The same of each macro.
MACRO_WORDS="$UNREAD_WORDS"'|i915_gem_context_release|(->|[.])(ref|sched)([^a-z_]|$)|(->|[.])(vm|engines)([^a-z_.]|$)'
by_macro() {
	local files
	mapfile -t files < <(cd "$stage/$i915" && grep -rlE --include='*.[ch]' --exclude='*vmlife*' '^[[:space:]]*#[[:space:]]*define|^(DEFINE|EXTEND)_[A-Z]' .)
	((${#files[@]})) || return 0
	(cd "$stage/$i915" && words=$MACRO_WORDS awk 'BEGIN { words = ENVIRON["words"] }'"$(<"$here/audit/macros.awk")" "${files[@]}")
	by_selector "${files[@]}"
}

# And of each use of a macro that is given the name of such a field.
SELECTED_WORDS='vm|engines|ref|resv_ref|sched|context|gem_context|context_xa|vm_xa'
by_selector() { # FILE...
	local name
	name=$(cd "$stage/$i915" && awk -f "$here/audit/selectors.awk" "$@" | LC_ALL=C sort -u | paste -sd'|')
	[[ $name ]] || return 0
	(cd "$stage/$i915" && grep -rnE --include='*.[ch]' --exclude='*vmlife*' \
		"(^|[^A-Za-z_0-9])($name)\\(([^;]*[(, ])?($SELECTED_WORDS)[,)]" . || (($? == 1))) |
		awk '!/^[^:]*:[0-9]*:[ \t]*#[ \t]*define/' |
		sed -E 's|^\./||; s/^([^:]*):([0-9]*):.*/\1\t\2/' |
		described none_of_that | cut -f1-3,5
}

why() {
	[[ $1 != */macro.cocci ]] || {
		echo 'A macro with such an access: it is audited where it stands, and not where it is used.'
		return
	}
	[[ $1 != */unread.cocci ]] || {
		echo 'A function that spatch cannot parse: no hook lands in it, and nothing in it is audited.'
		return
	}
	sed -n '2,/^\/\/ words:/{/^\/\/ words:/d;s|^// ||p}' "$1" | tr '\n' ' ' | sed 's/ $//'
}

# All files of the driver, annotated; hooks land where they land.
stage_driver() { # [FOLDER]
	need spatch coccinelle
	stage=$state/${1:-stage}
	rm -rf "$stage" "$stage".*
	mkdir -p "$stage/$i915"
	tar -C "$tree/$i915" -c --exclude=./.vmlife . | tar -C "$stage/$i915" -x
	stage_pristine
	stage_hooks
}

# "access<tab>file<tab>line<tab>function<tab>text<tab>reason", reason empty if open.
uncovered() {
	local cocci access hooks file line func covered text
	for access in unread macro; do
		"by_$access" >"$stage.by" || die "audit: nothing is known of what is $access"
		while IFS=$'\t' read -r file line func text; do
			printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$access" "$file" "$line" "$func" "$text" \
				"$(known_reason "$access" "$file" "$func" "$text")"
		done <"$stage.by"
	done
	all_names >"$stage.names"
	handed_calls
	for cocci in "$here"/audit/*.cocci; do
		access=$(basename "$cocci" .cocci)
		hooks=$(sed -n 's|^// hooks: ||p' "$cocci")
		starred "$cocci"
		while IFS=$'\t' read -r file line func covered text; do
			[[ $covered == 0 ]] || continue
			printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$access" "$file" "$line" "$func" "$text" \
				"$(known_reason "$access" "$file" "$func" "$text")"
		done < <(described "$hooks" <"$stage.stars")
	done
}

audit() {
	trap drop_stage EXIT
	stage_driver
	uncovered >"$stage.found"
	if [[ $json ]]; then audit_json; else audit_text; fi
	# An open access is what the audit is there to find.
	! grep -qP '\t$' "$stage.found" || exit 1
}

audit_text() {
	local access file line func text reason last=
	while IFS=$'\t' read -r access file line func text reason; do
		[[ $access == "$last" ]] || printf '%s: %s\n' "$access" "$(why "$here/audit/$access.cocci")"
		last=$access
		printf '  %s:%d: %s(): %s\n      %s\n' "$i915/$file" "$line" "$func" "$text" \
			"${reason:-OPEN: no hook covers it and no reason is known}"
	done <"$stage.found"
	printf '%d accesses that no hook covers, %d of them open\n' \
		"$(wc -l <"$stage.found")" "$(grep -cP '\t$' "$stage.found" || true)"
	awk -F'\t' -v i915="$i915" '$6 == "" { printf "OPEN: %s: %s/%s:%d: %s()\n", $1, i915, $2, $3, $4 }' "$stage.found"
}

json_string() {
	local s=${1//\\/\\\\}
	s=${s//\"/\\\"}
	printf '"%s"' "${s//$'\t'/\\t}"
}

audit_json() {
	local access file line func text reason comma=
	printf '{"schema": "vmlife-audit/1", "kernel": "%s", "fix": "%s", "accesses": [' "$version" "$(fix_state)"
	while IFS=$'\t' read -r access file line func text reason; do
		printf '%s\n  {"access": "%s", "file": "%s", "line": %d, "function": "%s", "text": %s, "why": %s, "known": %s}' \
			"$comma" "$access" "$i915/$file" "$line" "$func" "$(json_string "$text")" \
			"$(json_string "$(why "$here/audit/$access.cocci")")" \
			"$(if [[ $reason ]]; then json_string "$reason"; else echo null; fi)"
		comma=,
	done <"$stage.found"
	printf '\n]}\n'
}
