# SPDX-License-Identifier: LGPL-2.1-or-later
# The matrix as JSON. In: $wanted, the cells; $results, result.json of each boot; $sites,
# the hooks of each column.

# The boots of a cell that are wanted and there. Others, of an earlier call, do not count.
def boots($cell):
	[$results[] | select(.tree == $cell.tree and .profile == $cell.profile
		and .cell == $cell.cell and .number <= ($cell.boots // 0))] | sort_by(.number);

# Who reported the cell's rule (unfixed: any), in every one of these boots.
def detectors($rule):
	[.[] | [.findings[] | select(.rule == $rule or ($rule == "unfixed" and .rule != null)) | .detector] | unique]
	| if length == 0 then [] else . as $all | .[0] | map(select(. as $one | all($all[]; index($one)))) end;

def status($done):
	if .reason then "n/a"
	elif any($done[]; .passed | not) then "failed"
	elif ($done | length) < .boots then "missing"
	else "passed" end;

def cell:
	boots(.) as $done
	| { tree, profile, cell, status: status($done) }
	+ if .reason then { reason } else {
		wanted: .boots, passed: ([$done[] | select(.passed)] | length),
		seconds: ([$done[].seconds] | add // 0),
		detectors: ((.breaks // .cell) as $rule | $done | detectors($rule)),
		boots: $done
	} end
	+ if .cell == "clean" then { rounds: ($done[0].rounds // 0) } else {} end;

# Of a column: how often each hook was passed, in the clean boot (null: there
# is none) and, where only a fault reaches it, in all boots together.
def hooks($cells):
	. as $column
	| [$cells[] | select(.tree == $column.tree and .profile == $column.profile)] as $mine
	| ([$mine[] | select(.cell == "clean") | .boots[]?.passes] | add // {}) as $clean
	| [$mine[].boots[]?.passes] as $all
	| any($mine[]; .cell == "clean" and (.boots | length) > 0) as $booted
	| [.sites | unique_by([.hook, .function])[] | "\(.hook)@\(.function)" as $name
		| { hook: $name, reach, passes: (if $booted then $clean[$name] // 0 else null end) }
		+ if .reach == "fault" then { passes: ([$all[][$name] // 0] | add // 0) } else {} end];

[$wanted[] | cell] as $cells
| [$sites[] | { tree, profile } + { hooks: hooks($cells) }] as $columns
| [$columns[] | . as $column
	# Judged where every fault was booted that could have passed it, and some
	# boot lived to print its counts.
	| select(all($cells[]; .tree != $column.tree or .profile != $column.profile
		or .status == "passed" or .status == "n/a"))
	| select(any($cells[]; .tree == $column.tree and .profile == $column.profile and .cell == "vm-early-put" and .status == "passed"
		and any(.boots[]; (.passes // {}) != {})))
	| .hooks[] | select(.reach == "fault" and .passes == 0)
	| { tree: $column.tree, profile: $column.profile, hook: .hook }] as $unreached
| {
	schema: "vmlife-matrix/1",
	ok: (all($cells[]; .status == "passed" or .status == "n/a") and $unreached == []),
	seconds: ([$cells[].seconds // 0] | add // 0),
	cells: $cells,
	hooks: $columns,
	unreached: $unreached
}
