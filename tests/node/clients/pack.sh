# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The programs of programs.tsv for the guest. To be sourced after kernel/lib.sh and tests/node/pack.sh.

CLIENTS=$VMLIFE_TOP/tests/node/clients

# clients GROUP - "name status program arguments files pattern" of each program of that group, with
# tabs between; all: of each.
clients() {
	awk -F'\t' -v OFS='\t' -v group="$1" '!/^#/ && (group == "all" || $2 == group) { print $1, $3, $4, $5, $6, $7 }' \
		"$CLIENTS/programs.tsv"
}

# pack_clients FOLDER GROUP - the programs with all that they load, and how they find it.
pack_clients() {
	local folder=$1 name program arguments files files_all=() programs=()
	rm -rf "$folder"
	mkdir -p "$folder/bin" "$folder/lib"
	while IFS=$'\t' read -r name _ program arguments files _; do
		[[ -x $program ]] || die "$program is missing; as root: .ci/install tests slow"
		programs+=("$program")
		[[ $files == - ]] || read -ra files_all < <(echo "${files_all[*]} $files")
		[[ $arguments != - ]] || arguments=
		printf '%s\t%s\t%s\n' "$name" "${program##*/}" "$arguments" >>"$folder/list"
	done < <(clients "$2")
	for program in "${programs[@]}"; do strip -o "$folder/bin/${program##*/}" "$program"; done
	pack_libraries "$folder" "${programs[@]}" "${files_all[@]}"
	for files in "${files_all[@]}"; do strip -o "$folder/lib/${files##*/}" "$(readlink -f "$files")"; done
	# Found by its name alone, as all others are.
	sed 's,"/.*/,",' /usr/share/vulkan/icd.d/intel_icd.*.json >"$folder/vulkan.json"
	cp "$CLIENTS/run" "$folder/"
	echo '{ "file_format_version": "1.0.0", "ICD": { "library_path": "libEGL_mesa.so.0" } }' >"$folder/egl.json"
}

# client_ended NAME DIR - did it end as it should in that boot, and print what it should?
client_ended() {
	local status pattern ended
	IFS=$'\t' read -r _ status _ _ _ pattern < <(clients all | grep "^$1"$'\t')
	ended=$(sed -n "s/^client_$1=//p" "$2/state")
	[[ $ended == "$status" ]] && grep -E -- "$pattern" "$2/clients/$1.txt" && return
	echo "exit status $ended"
	tail -n 18 "$2/clients/$1.txt"
	return 1
}
