# SPDX-License-Identifier: LGPL-2.1-or-later
# What spatch --parse-c says of the functions that it cannot read: "file<tab>line<tab>function<tab>text"
# of each line in one that holds one of the words, with the line where reading ended.
# Where the function declares "ctx" as something else than a context, ctx-> is no word of it.
/^ = File / {
	split($0, part, "\"")
	file = part[2]
	sub(/^\.\//, "", file)
	sub(/.*line /, "")
	line = $0 + 0
	next
}

function tell(i) {
	for (i = 1; i <= hits; i++)
		if (name != "" && !seen[file, name, hit[i]]++)
			printf "%s\t%d\t%s\t%s\n", file, line, name, hit[i]
}

/^badcount:/ { inside = 1; name = ""; hits = other_ctx = 0; next }

# The text that was skipped; the line at which it ended is marked as BAD.
inside && /^(bad:|BAD:!!!!!) / {
	text = $0
	sub(/^(bad:|BAD:!!!!!) /, "", text)
	if (text ~ /^[A-Za-z_].*\(/ && text !~ /;$/) {
		name = text
		sub(/\(.*/, "", name)
		sub(/.*[ *\t]/, "", name)
	}
	if (text ~ /struct [a-z_0-9]+ *\*+ *ctx([^a-z_0-9]|$)/ && text !~ /struct (i915_gem_context|i915_gem_proto_context|intel_context) /)
		other_ctx = 1
	meant = text
	if (other_ctx)
		gsub(/(^|[^a-z_])ctx->/, " ", meant)
	if (meant ~ words) {
		hit[++hits] = text
		sub(/^[ \t]+/, "", hit[hits])
	}
	next
}

inside { tell(); inside = 0 }
END { if (inside) tell() }
