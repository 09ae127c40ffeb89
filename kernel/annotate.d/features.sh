# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the code of a tree is like, found by features.cocci. Part of annotate, to be
# sourced. Nothing here asks for a version.

# All features that exist, one a line.
feature_names() {
	grep '^+' "$here/features.cocci" | grep -oE 'feature_[a-z_]+' | sed 's/^feature_//' | LC_ALL=C sort -u
}

# Those of the tree, from its files as they were before any hook, into $features. The tree
# is only read: it may still be refused.
probe_features() {
	local found file files=()
	need spatch coccinelle
	found=$(mktemp -d)
	while read -r file; do
		mkdir -p "$found/$(dirname "$file")"
		cp "$(pristine "$file")" "$found/$file"
		files+=("$file")
	done < <(hook_files "$here/features.cocci")
	features=$(cd "$found" && spatch --very-quiet --no-includes --sp-file "$here/features.cocci" \
		"${files[@]}" 2>"$found/log" </dev/null) || {
		tail -n 3 "$found/log" >&2
		rm -rf "$found"
		die "features.cocci: spatch failed"
	}
	features=$(grep '^+' <<<"$features" | grep -oE 'feature_[a-z_]+' |
		sed 's/^feature_//' | LC_ALL=C sort -u) || true
	rm -rf "$found"
}

has_feature() {
	grep -qx -- "$1" <<<"$features"
}

# Does a condition of the tables hold: words with commas between, all of which must? Of tree=
# one of the versions, between which | stands.
holds_here() { # CONDITION
	local word
	for word in ${1//,/ }; do
		case $word in
		-) ;;
		fixed) [[ $(fix_state) == applied ]] || return ;;
		contract) [[ $(fix_state) != none ]] || return ;;
		tree=*) [[ "|${word#tree=}|" == *"|$version|"* ]] || return ;;
		!*) ! has_feature "${word#!}" || return ;;
		*) has_feature "$word" || return ;;
		esac
	done
}

# The lines of the driver's header that say them.
feature_lines() {
	local name value
	while read -r name; do
		value=0
		! has_feature "$name" || value=1
		printf '#define I915_VMLIFE_HAS_%s %d\n' "${name^^}" "$value"
	done < <(feature_names)
}
