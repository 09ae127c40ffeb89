# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the kernel-side scripts share. To be sourced after `set -euo pipefail`.

VMLIFE_KERNEL=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034
VMLIFE_TOP=$(dirname "$VMLIFE_KERNEL")
VMLIFE_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/vmlife

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# Print a script's usage: the comment block at its top, below the SPDX line.
usage() {
	sed -n '4,/^[^#]/s/^# \{0,1\}//p' "$0"
}

wrong_call() {
	say "$1; see ${0##*/} --help"
	exit 2
}

# need COMMAND PACKAGE ... - fail with one apt line that names all that is missing.
need() {
	local missing=()
	while (($#)); do
		command -v "$1" >/dev/null || missing+=("$2")
		shift 2
	done
	((!${#missing[@]})) || die "missing programs; install them: apt-get install ${missing[*]}"
}

trees() {
	awk -F'\t' '!/^#/ { print $1 }' "$VMLIFE_KERNEL/trees.tsv"
}

# tree_field TREE N - field N of the tree's line in trees.tsv.
tree_field() {
	local value
	value=$(awk -F'\t' -v t="$1" -v n="$2" '!/^#/ && $1 == t { print $n }' "$VMLIFE_KERNEL/trees.tsv")
	[[ $value ]] || die "no tree '$1'; known: $(trees | paste -sd' ')"
	printf '%s\n' "$value"
}

# lock NAME - hold a lock of this cache until the script ends.
lock() {
	local fd
	mkdir -p "$VMLIFE_CACHE/lock"
	exec {fd}>"$VMLIFE_CACHE/lock/$1"
	flock -n "$fd" && return
	say "waiting for another run that holds $VMLIFE_CACHE/lock/$1"
	flock "$fd"
}

# The variant's selftests, one a line: each runs a rule clean and, with its fault, broken.
vmlife_selftests() {
	grep -rhoE 'SUBTEST\(vmlife_\w+\)' "$VMLIFE_KERNEL/tree" | grep -oE 'vmlife_\w+'
}

# The rules that have one.
variant_rules() {
	vmlife_selftests | sed 's/^vmlife_//; s/_/-/g'
}
