# SPDX-License-Identifier: LGPL-2.1-or-later
# Questions to a report of vmlife, for the tests that boot. Each takes a finding.

# Is a function it blames the driver's, whatever its relevance says?
def in_driver:
	.functions as $blamed
	| any(.stacks[].frames[]; .module == "i915" and (.function | IN($blamed[])));

def touches_driver: .relevance != "unrelated" or in_driver;

# What two reports of the same boot must agree on.
def identity: [.signature, .detector, .kind, .rule // "-", .title] | @tsv;

# One line, for people.
def line: "\(.count)x \(.relevance) rule=\(.rule // "-") injected=\(.injected) \(.title)";
