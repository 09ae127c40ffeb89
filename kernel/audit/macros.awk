# SPDX-License-Identifier: LGPL-2.1-or-later
# Of each macro whose body holds one of the words: "file<tab>line<tab>name<tab>text" of the first
# such line. spatch matches what stands where a macro is used, and not what it becomes. What
# defines a cleanup is such a body as well, as the put in it stands nowhere else; its name is
# the first argument.
FNR == 1 { inside = 0 }
!inside && !/^[ \t]*#[ \t]*define[ \t]/ && !/^(DEFINE|EXTEND)_(FREE|CLASS|GUARD|LOCK_GUARD)[A-Z_0-9]*\(/ { next }
{
	body = $0
	if (!inside) {
		name = $0
		cleanup = !sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
		if (cleanup)
			sub(/^[^(]*\([ \t]*/, "", name)
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
	inside = cleanup ? !/\)[ \t;]*$/ : /\\$/
}
