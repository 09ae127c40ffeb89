# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The i915 driver of a tree built by itself, pristine and annotated, for the checks in
# this folder. To be sourced after `set -euo pipefail`.

# shellcheck source-path=SCRIPTDIR source=../../kernel/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../kernel/lib.sh"

DRIVER=drivers/gpu/drm/i915
DRIVER_JOBS=${VMLIFE_JOBS:-$(($(nproc) + 1))}

# linked_tree VERSION DIR - the tree's source as hard links, so that it costs no space;
# who writes there must write a new file. Both sides of a comparison are built from the
# same folder, one after the other: its path is in the objects. A folder in place of the
# version: any other kernel's source, on the file system of the cache.
linked_tree() {
	local source=$1
	[[ $1 == */* ]] || source=$("$VMLIFE_KERNEL/fetch" "$1")
	rm -rf "$2"
	mkdir -p "${2%/*}"
	cp -al "$source" "$2"
}

# driver_config TREE BUILD PROFILE COMPILER [LINE...] - the profile's configuration, with
# more lines of it. `vmlife=n` in place of a line leaves the variant out.
driver_config() {
	local tree=$1 build=$2 profile=$3 compiler=$4 options=() line
	shift 4
	for line; do
		if [[ $line == vmlife=n ]]; then options+=(--pristine); else options+=(--set "$line"); fi
	done
	"$VMLIFE_KERNEL/config" "${options[@]}" --make CC="$compiler" "$tree" "$build" "$profile"
}

# driver_make TREE BUILD COMPILER LOG WORD... - the driver's objects and nothing else,
# quietly; the last errors on failure. WORDs are make's.
driver_make() {
	local tree=$1 build=$2 compiler=$3 log=$4 cc=$3 target=$DRIVER/
	# In 5.10 the folder makes nothing; elsewhere that has kvmgt besides.
	! grep -q '^VERSION = 5' "$tree/Makefile" || target=$DRIVER/i915.o
	shift 4
	command -v ccache >/dev/null && cc="ccache $compiler"
	export CCACHE_BASEDIR=$VMLIFE_CACHE CCACHE_NOHASHDIR=1
	make -C "$tree" O="$build" -k -j"$DRIVER_JOBS" LOCALVERSION= "${TOOLS_MAKE[@]}" CC="$cc" "$@" "$target" >"$log" 2>&1 </dev/null && return
	grep -nE -A4 'error:|Error [0-9]|undefined' "$log" | tail -30
	return 1
}
