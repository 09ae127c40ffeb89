# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Programs of this machine for a guest that has no libraries where they look. To be sourced.
# There: FOLDER/lib/ld.so --library-path FOLDER/lib PROGRAM.

# pack_libraries FOLDER FILE... - what these programs and libraries load, and the loader.
pack_libraries() {
	local folder=$1 library
	shift
	mkdir -p "$folder/lib"
	# pthread_cancel() loads libgcc_s, which ldd does not know.
	{ ldd "$@" | grep -E '=>|ld-linux' | grep -oE '/[^ :]+'; gcc -print-file-name=libgcc_s.so.1; } | sort -u |
		while read -r library; do
			case ${library##*/} in
			ld-linux*) cp -L "$library" "$folder/lib/ld.so" ;;
			*) strip -o "$folder/lib/${library##*/}" "$(readlink -f "$library")" ;;
			esac
		done
}
