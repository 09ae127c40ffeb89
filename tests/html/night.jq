# SPDX-License-Identifier: LGPL-2.1-or-later
# One night of a lab out of a report of many logs: $night from 0. Forty boots with an id and a wall clock, six hundred
# findings of three hundred signatures in them; some come every night, some on a few, some for the first time.
def mixed($i): ($night * 7919 + $i * 104729 + ($i % 13) * 31337) % 1000;
def id($n): ("00000000000000000000000000000000" + ($n | tostring))[-32:];
def at($t): ($t | floor | todate | rtrimstr("Z")) + ".000000Z";

(1794700000 + $night * 86400) as $evening
| .boots as $logs
| [range(40) as $k | ($evening + $k * 700) as $t
  | $logs[($k * 9 + $night) % ($logs | length)]
  | .id = id(($night + 1) * 100000 + $k)
  | .host = "lab-\($k % 8)" | .source = 0 | .release = (if $k % 2 == 0 then "6.1.192-vmlife-kcsan" else "6.12.34-vmlife-kasan" end)
  | .first_seen = {monotonic_us: 0, realtime: at($t)} | .last_seen = {monotonic_us: 600000000, realtime: at($t + 600)}
  | .verdict = (if $k % 5 == 3 then "clean" elif $k % 9 == 4 then "not-proven" else "findings" end)
  | .coverage.detectors |= map(
      {name, present: (if .name == "vmlife" or .name == "lockdep" or .name == "refcount" or (.name == "kcsan" and $k % 2 == 0) or (.name == "kasan" and $k % 2 == 1) then "yes" else "no" end)}
      | if .present == "yes" then . + {alive: true} else . end
      | if .name == "lockdep" and $k % 7 == 2 then . + {alive: false, quiet: "it turns itself off after its first report", until: {monotonic_us: 2000000}} else . end)
  ] as $boots
| .findings as $all
| [range(700) as $n | ($n % 350) as $i
  | select(mixed($i) < 950 and (if $i % 11 == 0 then $i % 10 <= $night else true end))
  | ($all[$i % ($all | length)] | del(.group, .link))
  | (($n + $night * 3) % 32 | if . % 5 == 3 then . + 1 else . end) as $k
  | .id = id(($night + 1) * 1000000 + $n)
  # The same function with another number is another bug.
  | .signature = "v2:" + id($i) | .former_signature = "v1:" + id($i) | .title += "_\($i)" | .injected = false
  | .boot = $k | .boot_id = $boots[$k].id | .kernel = $boots[$k].release | .count = 1 + mixed($i) % 7
  | .source = {index: 0, entry: ($i * 10 + 1)}
  | .first_seen = {monotonic_us: (mixed($i) * 500000), realtime: at($evening + $k * 700 + mixed($i) / 2)}
  | .last_seen = {monotonic_us: 590000000, realtime: at($evening + $k * 700 + 590)}
  ] as $findings
| {schema, tool, sources: [{name: "journal", type: "journal", entries: 100000, bytes: 9000000, lost: 0, boots: 40, complete: true}],
   boots: $boots, findings: $findings, groups: [], summary: {asked: {fail_on: "any"}}}
