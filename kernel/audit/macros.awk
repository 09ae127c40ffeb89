# SPDX-License-Identifier: LGPL-2.1-or-later
# Of each macro whose body holds one of the words: "file<tab>line<tab>name<tab>text" of the first
# such line. spatch matches what stands where a macro is used, and not what it becomes.
FNR == 1 { inside = 0 }
!inside && !/^[ \t]*#[ \t]*define[ \t]/ { next }
{
	body = $0
	if (!inside) {
		name = $0
		sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
		sub(/[^A-Za-z_0-9].*/, "", name)
		sub(/^[ \t]*#[ \t]*define[ \t]+[A-Za-z_0-9]+(\([^)]*\))?/, "", body)
		told = 0
	}
	if (!told && body ~ words) {
		told = 1
		text = $0
		sub(/^[ \t]+/, "", text)
		sub(/^\.\//, "", FILENAME)
		printf "%s\t%d\t%s\t%s\n", FILENAME, FNR, name, text
	}
	inside = /\\$/
}
