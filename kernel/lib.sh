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

# makefile_version DIR - "6.1" of the Makefile of a kernel tree.
makefile_version() {
	awk '$1 == "VERSION" { v = $3 } $1 == "PATCHLEVEL" { print v "." $3; exit }' "$1/Makefile"
}

# Words for any make: the warnings of a compiler that is newer than the tree do not end the
# build of its objtool. The kernel's own are CONFIG_WERROR's.
# shellcheck disable=SC2034
TOOLS_MAKE=(WERROR=0)

# same_everywhere SOURCE CC - a build is the same wherever and whenever it is made: no name
# of this machine in the kernel's banner, no path in the objects. Exports what that takes,
# and sets the array `make` to the words for make, which are to be the same each time.
same_everywhere() {
	export KBUILD_BUILD_USER=vmlife KBUILD_BUILD_HOST=vmlife
	KBUILD_BUILD_TIMESTAMP=$(date -u -r "$1/Makefile")
	export KBUILD_BUILD_TIMESTAMP
	# shellcheck disable=SC2034
	make=(LOCALVERSION= "${TOOLS_MAKE[@]}" CC="$2")
	if command -v ccache >/dev/null; then
		export CCACHE_BASEDIR=$VMLIFE_CACHE CCACHE_NOHASHDIR=1
		# shellcheck disable=SC2034
		make=(LOCALVERSION= "${TOOLS_MAKE[@]}" CC="ccache $2")
	fi
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

# vmlife_selftests TREE - the variant's selftests there, one a line: each runs a rule
# clean and, with its fault, broken. One that newer trees lack says so in its line of the
# selftests' table: /* until: 5.14 */.
vmlife_selftests() {
	grep -rhE 'SUBTEST\(vmlife_\w+\)' "$VMLIFE_KERNEL/tree" | awk -v tree="$1" '
	function number(v, part) { split(v, part, "."); return part[1] * 1000 + part[2] }
	match($0, /until: [0-9.]+/) && number(substr($0, RSTART + 7, RLENGTH - 7)) < number(tree) { next }
	match($0, /vmlife_[a-z_]+/) { print substr($0, RSTART, RLENGTH) }'
}

# variant_rules TREE - the rules that have one.
variant_rules() {
	vmlife_selftests "$1" | sed 's/^vmlife_//; s/_/-/g'
}

# needs_fix TREE - does kernel/annotate bring that tree to the contract first? Then
# sites.tsv has places that need the fix there.
needs_fix() {
	grep -qF "	$1+fix" "$VMLIFE_KERNEL/hooks/sites.tsv"
}

# overlay DIR COPY - lay COPY over DIR: what is written to DIR goes there. Overlays want a file
# system below that is none itself, as that of a container is: COPY lies best on a tmpfs.
overlay() {
	mkdir -p "$2/upper" "$2/work"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$1" ||
		die "cannot lay a copy over $1: this needs root, and overlayfs"
}
