# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# annotate --export-patches: the change as a series. Part of annotate, to be sourced.
#
# The fix, where the tree needs it; one patch for the files that are added and the
# accounting, which every rule needs; then one a rule, and one a fault. The driver builds
# after each of them. Subject and text of a patch are the first comment of its semantic
# patch.

subject() {
	sed -n 's|^// subject: ||p' "$1"
}

body() {
	sed -n '1d;/^\/\//!q;/^\/\/ \(subject\|files\|words\|when\|unfixed\):/!s|^// \{0,1\}||p' "$1" | fmt -w 72
}

# What has no place in this tree is no patch of the series.
commit_step() { # SUBJECT, text on standard input
	git -C "$series_repo" add -A
	if git -C "$series_repo" diff --cached --quiet; then
		cat >/dev/null
		return
	fi
	{ printf '%s\n\n' "$1"; cat; } |
		git -C "$series_repo" commit -q --signoff --file=-
}

# A repository of the files concerned alone, as they are before any hook.
series_begin() {
	series_repo=$state/series
	rm -rf "$series_repo"
	mkdir -p "$series_repo"
	git -C "$series_repo" init -q
	local key value
	for key in user.name user.email; do
		value=$(git config "$key" || true)
		[[ $value ]] || die "git config $key is not set: the patches carry your sign-off"
		git -C "$series_repo" config "$key" "$value"
	done
	stage=$series_repo stage_pristine
	git -C "$series_repo" add -A
	git -C "$series_repo" commit -q -m 'as it is'
}

drop_series() {
	rm -rf "$state/series" "$state/series.log"
	drop_stage
}

# What upstream could take as it is, in a folder of its own: it stands alone, on the driver
# as it was, and needs none of the checks.
export_upstream() { # COMMIT before the series
	local base=$1 change
	git -C "$series_repo" checkout -q -B upstream "$base"
	for change in "$here"/upstream/*.cocci; do
		stage=$series_repo stage_change "$change"
		body "$change" | commit_step "$(subject "$change")"
	done
	git -C "$series_repo" format-patch -q --no-signature -o "$(cd "$series" && pwd)/upstream" "$base"
}

export_patches() {
	local change first=1 base count
	need git git
	trap drop_series EXIT
	# As a check that the hooks fit this tree.
	stage_all
	series_begin
	base=$(git -C "$series_repo" rev-parse HEAD)
	while read -r change; do
		stage=$series_repo stage_change "$change"
		if [[ $first && $change == */hooks/* ]]; then
			stage=$series_repo
			stage_added
			stage_lines
			stage=$state/stage
			first=
		fi
		body "$change" | commit_step "$(subject "$change")"
	done < <(changes)
	mkdir -p "$series"
	git -C "$series_repo" format-patch -q --no-signature -o "$(cd "$series" && pwd)" "$base"
	count=$(git -C "$series_repo" rev-list --count "$base..HEAD")
	export_upstream "$base"
	printf 'annotate: %d patches in %s, and for upstream %s/upstream\n' "$count" "$series" "$series" >&2
}
