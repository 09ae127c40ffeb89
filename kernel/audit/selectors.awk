# SPDX-License-Identifier: LGPL-2.1-or-later
# The names of the macros that make a field's name of a parameter: ->f, .f, ->prefix_##f. Such a
# macro's body holds no word of a field, and its use no access that spatch could see.
FNR == 1 { inside = 0 }
!inside && !/^[ \t]*#[ \t]*define[ \t]+[A-Za-z_0-9]+\(/ { next }
{
	body = $0
	if (!inside) {
		name = body
		sub(/^[ \t]*#[ \t]*define[ \t]+/, "", name)
		list = name
		sub(/\(.*/, "", name)
		sub(/^[^(]*\(/, "", list)
		body = list
		sub(/\).*/, "", list)
		sub(/^[^)]*\)/, "", body)
		n = split(list, parameter, /[ ,\t]+/)
	}
	for (i = 1; i <= n; i++)
		if (parameter[i] ~ /^[A-Za-z_0-9]+$/ &&
		    body ~ "(->|[.]|##)[ \t]*" parameter[i] "([^A-Za-z_0-9]|$)")
			print name
	inside = /\\$/
}
