# SPDX-License-Identifier: LGPL-2.1-or-later
# The matrix as a table for people. In: matrix.json.

def pad($width): . + (" " * ([$width - length, 0] | max) // "");

# Rows of cells to lines, each column as wide as its widest cell.
def table:
	(. | transpose | map(map(length // 0) | max)) as $widths
	| .[] | [., $widths] | transpose | map(.[1] as $width | .[0] // "" | pad($width))
	| join("  ") | sub(" +$"; "");

def column: "\(.tree) \(.profile)";

def columns: [.cells[] | column] | reduce .[] as $one ([]; if index($one) then . else . + [$one] end);

def rows: [.cells[].cell] | reduce .[] as $one ([]; if index($one) then . else . + [$one] end);

# The reasons of n/a, numbered.
def reasons: [.cells[].reason // empty] | reduce .[] as $one ([]; if index($one) then . else . + [$one] end);

def short($reasons):
	if .status == "n/a" then .reason as $why | "n/a (\(($reasons | index([$why])) + 1))"
	else "\(.passed)/\(.wanted)"
		+ if .cell == "clean" then " \(.rounds) rounds" else " " + (.detectors | join("+")) end
		+ if .status == "passed" then "" else " \(.status | ascii_upcase)" end
	end;

reasons as $reasons
| columns as $columns
| rows as $rows
| "Boots that passed, of those wanted; who reported the rule in every one of them.",
"",
([["", $columns[]]] + [$rows[] as $row | [$row] + [$columns[] as $column
	| first(.cells[] | select(.cell == $row and column == $column) | short($reasons)) // "-"]] | table),
"",
($reasons | to_entries[] | "(\(.key + 1)) n/a: \(.value)"),
"",
"Passes of each hook in the clean boot (of those that only a fault reaches: in all boots).",
"hw: needs the hardware; error: where creation fails.",
"",
((.hooks | map(column)) as $there
| .hooks as $hooks
| ([$hooks[].hooks[].hook] | reduce .[] as $one ([]; if index($one) then . else . + [$one] end)) as $names
| [["", $there[]]] + [$names[] as $name | [$name] + [$hooks[]
	| first(.hooks[] | select(.hook == $name) | "\(.passes // "-")" + if .reach == "mock" then "" else " \(.reach)" end) // "-"]]
| if ($there | length) > 0 then table else empty end),
"",
(.cells[] | . as $cell | .boots[]? | select(.passed | not)
	| "FAILED \($cell | column) \(.cell) boot \(.number): \(.failed | join("; "))"),
(.unreached[] | "FAILED \(column): \(.hook) was never passed"),
([.cells[] | select(.status != "n/a")] as $judged
| "\([$judged[] | select(.status == "passed")] | length) passed, \([$judged[] | select(.status != "passed")] | length) failed; \(.seconds / 60 | floor) minutes of boots")
