# SPDX-License-Identifier: LGPL-2.1-or-later
#
# make run     the main job: build the analyzer, read a log with a broken rule in it
# make check   every test, the booted kernels included
# make help    the other targets

.DEFAULT_GOAL := all
.PHONY: all help run kernel boot proof matrix check check-fast check-scripts check-annotate

TREE ?= 6.1
PROFILE ?= kcsan
OUT ?= build/boot/$(TREE)-$(PROFILE)$(if $(INJECT),-$(INJECT))
# given VARIABLE,OPTION - the option with the value, where the caller gave one.
given = $(if $(filter-out file undefined,$(origin $1)),$2 $($1))
EXAMPLE := tests/logs/6.1-vm-early-put.log

# What a machine lacks is installed by the targets that need it; until then the
# libraries' flags cannot be asked for, and nobody needs them.
include analyzer/build.mk

all: $(BUILD)/vmlife

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## run                 install what is missing, build, read an example log
run:
	@.ci/install analyzer
	@$(MAKE) --no-print-directory $(BUILD)/vmlife
	@tests/run-example $(BUILD)/vmlife $(EXAMPLE) $(BUILD)/example.json

## kernel              build a debug kernel in the cache (TREE=6.1 PROFILE=kcsan)
kernel:
	@.ci/install kernel
	@kernel/build --tree $(TREE) --profile $(PROFILE)

## boot                boot it and do the selftests (INJECT=rule ROUNDS=n SELFTESTS=names OUT=folder)
##                     NODE=1: stress the render node instead (STRESS="--seconds 600 --seed 7 ...")
boot: $(BUILD)/vmlife
	@.ci/install kernel
	@$(if $(NODE),$(MAKE) --no-print-directory $(node-stress))
	@tests/boot/boot --tree $(TREE) --profile $(PROFILE) --out $(OUT) \
		$(if $(INJECT),--inject $(INJECT)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(SELFTESTS),--filter $(SELFTESTS)) $(if $(NODE),--node "$(STRESS)")

## proof               boot it clean and with each fault, and check what was reported (ROUNDS=n)
proof: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/boot/proof --tree $(TREE) --profile $(PROFILE) $(if $(ROUNDS),--rounds $(ROUNDS))

# The same with a quarter of the rounds, for the time that `make check` has.
.PHONY: check-proof
check-proof:
	@$(MAKE) --no-print-directory proof ROUNDS=500

## check-source        the same of any other kernel's source, once (SOURCE=folder); without a folder it is skipped
.PHONY: check-source
check-source: $(BUILD)/vmlife
ifneq ($(SOURCE),)
	@.ci/install kernel
	@tests/boot/proof --source $(SOURCE) --profile $(PROFILE) --rounds $(or $(ROUNDS),500)
else
	@echo "check-source: skipped, no folder is given (SOURCE=folder)"
	@echo "0 passed, 0 failed, 1 skipped"
endif

## matrix              the proof at length, rule by tree, a race in many boots; goes on where it was
##                     (TREE=6.1, PROFILE=kcsan: only these; MATRIX=--again: from the start)
matrix: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/boot/matrix $(call given,TREE,--tree) $(call given,PROFILE,--profile) $(MATRIX)

## history             upstream's fixes undone, one by one: who reports the bug under the node's stress? (hours; goes on
##                     where it was; TREE=6.1, FIX=name, BOOTS=n, SECONDS=n)
.PHONY: history
history: $(BUILD)/vmlife $(node-stress)
	@.ci/install kernel slow
	@tests/node/history --tree $(TREE) --profile $(PROFILE) $(if $(BOOTS),--boots $(BOOTS)) \
		$(if $(SECONDS),--seconds $(SECONDS)) $(FIX)

## check-bisect        tests/node/bisect finds an undone fix among 30 made-up commits (half an hour)
.PHONY: check-bisect
check-bisect: $(BUILD)/vmlife $(node-stress)
	@.ci/install kernel
	@tests/node/check-bisect

## check-node          vulkaninfo and ordinary processes on the render node, then with faults (part of check; TREE=6.1, 6.12 or 7.2)
.PHONY: check-node
check-node: $(BUILD)/vmlife $(node-stress)
	@.ci/install kernel
	@tests/node/check --tree $(TREE) --profile $(PROFILE)

## check-clients       programs of Debian's packages on the render node: Vulkan, OpenGL, intel-gpu-tools (tried on 6.1)
.PHONY: check-clients
check-clients: $(BUILD)/vmlife
	@.ci/install kernel slow
	@tests/node/clients/check --tree $(TREE) --profile $(PROFILE)

## seed-bug            two ordinary processes meet the bug of upstream commit 8cf97637ff88: on 6.1 with that fix undone,
##                     with TREE=5.10 in the driver as it was shipped (boots twice, and builds a kernel first)
.PHONY: seed-bug
seed-bug: $(BUILD)/vmlife $(node-seed)
	@.ci/install kernel slow
	@tests/node/seed/check --tree $(TREE) --profile $(PROFILE)

## check-switches      rules switched, hooks that wait, listed leaks, an unbind and a panic, in one boot of the render node (TREE=6.1, 6.12 or 7.2)
.PHONY: check-switches
check-switches: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/boot/check-switches --tree $(TREE) --profile $(PROFILE)

## check-off           option off: each object of the driver is the pristine one's (TREE=6.1)
.PHONY: check-off check-builds bench-kernel i915-module check-module check-dkms
check-off:
	@.ci/install kernel
	@tests/kernel/check-off $(TREE)

## check-builds        W=1, sparse, clang and allmodconfig find nothing new (an hour a tree)
check-builds:
	@.ci/install kernel slow
	@tests/kernel/check-builds $(TREE)

## bench-kernel        instructions that the checks cost, of those a context takes
bench-kernel:
	@.ci/install kernel
	@tests/kernel/bench-kernel $(TREE)

## i915-module         an annotated i915.ko for an installed kernel (KDIR=/lib/modules/RELEASE/build)
i915-module:
	@.ci/install kernel
	@kernel/i915-module $(if $(KDIR),$(KDIR),/lib/modules/$$(uname -r)/build)

## check-module        the same, booted with Debian's own kernel
check-module: $(BUILD)/vmlife
	@.ci/install kernel slow
	@tests/kernel/check-module

## check-dkms          the package vmlife-i915-dkms on a machine with Debian's 6.1 and 6.12 (half an hour)
check-dkms: $(BUILD)/vmlife
	@.ci/install
	@.ci/install slow
	@tests/kernel/check-dkms

## check               all tests; installs what they need
check:
	@.ci/install
	@$(MAKE) --no-print-directory $(BUILD)/vmlife
	@$(MAKE) --no-print-directory -j2 check-programs
	@tests/run -j 2 check-annotate check-valgrind check-unit-asan check-unit-plain check-fleet check-fuzz check-saved \
		check-config check-html check-follow check-export check-deb check-install check-corpus check-causes check-example \
		check-doc check-matrix check-upgrade check-scripts -- check-proof -- check-source -- check-node check-pipeline

## check-export        each form of export against its own readers; check-html: the page in a browser
.PHONY: check-export
check-export: $(BUILD)/vmlife
	@tests/export/check-export

## check-pipeline      the examples for CI systems, and that of a QA pipeline on saved logs and on the proof's boots
.PHONY: check-pipeline
check-pipeline: $(BUILD)/vmlife
	@tests/pipeline/check-ci
	@tests/pipeline/check-pipeline build/proof/$(TREE)-$(PROFILE)

## check-fast          those without a kernel, under a minute
check-fast:
	@tests/run check-scripts check-fragments check-matrix check-unit-plain check-causes check-example

## check-corpus, check-follow, check-valgrind, check-fuzz, check-unit: parts of check
## bench               speed and memory against their targets (minutes, 3 GB)
## fuzz                fuzz for long (FUZZ_SECONDS=n a target)
## fuzz-mutants        5000 damaged journals and archives, under sanitizers (MUTANTS=n)
## check-growth        each kind of input at two sizes: how many instructions more (half an hour; GROWTH_N=n)
## check-maintainers   whom vmlife names against get_maintainer.pl of each kernel tree here (MAINTAINERS_N=n files of each)
## check-scripts       shellcheck, the order of the analyzer's folders, lists kept by hand, format
check-scripts:
	@tests/check-scripts

## format              makes the C of analyzer and tests look as .clang-format says
.PHONY: format
format:
	@tests/check-format --fix

## check-annotate      annotate on a real tree: in, whole, out, refused
check-annotate:
	@tests/kernel/check-annotate $(TREE)

## check-causes        logs of provoked kernel reports, against what each must hold
.PHONY: check-causes logs
check-causes: $(BUILD)/vmlife
	@tests/check-causes

## check-symbols       --vmlinux and --modules on a kernel with debug information (builds it)
.PHONY: check-symbols
check-symbols: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/boot/check-symbols --tree $(TREE)

## false-alarms        how often a finding is none: clean boots of each tree that proof or matrix left in build, and
##                     logs without a report, as rates with their intervals
.PHONY: false-alarms
false-alarms: $(BUILD)/vmlife
	@tests/false-alarms $(BUILD)

## functions           list the kernel's functions by the files that define them, from all trees (10 minutes)
.PHONY: functions
functions:
	@.ci/install kernel slow
	@analyzer/src/kind/functions/generate

## logs                provoke them again (TREE=6.1 PROFILE=kcsan or kasan; NAMES: some)
logs: $(BUILD)/vmlife
	@.ci/install kernel
	@tests/boot/crash --tree $(TREE) --profile $(PROFILE) --out $(BUILD)/logs --pack tests/logs $(NAMES)
	@tests/check-causes

## check-upgrade       what earlier versions left is taken over: state, reports, known issues, tables
.PHONY: check-upgrade
check-upgrade: $(BUILD)/vmlife
	@tests/upgrade/check-upgrade

.PHONY: check-config check-fragments check-example check-saved
check-config:
	@tests/boot/check-config
check-fragments:
	@tests/boot/check-config --fast
.PHONY: check-matrix
check-matrix:
	@tests/boot/check-matrix
check-saved: $(BUILD)/vmlife
	@tests/boot/check-saved
check-example: $(BUILD)/vmlife
	@tests/check-example

## check-fleet         the fleet's store, transport and metrics, real services on loopback
.PHONY: check-fleet
check-fleet: $(BUILD)/vmlife $(BUILD)/analyzer/tests/bench/generate
	@.ci/install analyzer tests fleet
	@tests/fleet/check-fleet

## fleet-demo          a whole fleet on this machine, with a boot of the variant and a fault among it
##                     (BOOT=no: without that); fleet-demo-down takes it down again
.PHONY: fleet-demo fleet-demo-down bench-fleet
fleet-demo: $(BUILD)/vmlife $(BUILD)/analyzer/tests/bench/generate
	@.ci/install analyzer tests fleet
	@tests/fleet/demo up
ifneq ($(BOOT),no)
	@.ci/install kernel
	@tests/fleet/demo boot
endif
fleet-demo-down:
	@tests/fleet/demo down

## bench-fleet         200 machines against one centre, and what that says of 10,000 (5 minutes, 6 GB)
bench-fleet: $(BUILD)/vmlife
	@.ci/install analyzer tests fleet
	@tests/fleet/bench 200 180
## bench-views         each query of the dashboards over a million findings takes less than a second (4 minutes, 3 GB)
.PHONY: bench-views
bench-views: $(BUILD)/vmlife
	@.ci/install tests fleet
	@tests/fleet/bench-views
