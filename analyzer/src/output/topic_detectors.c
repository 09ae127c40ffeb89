/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/topic.h"

static const struct topic items[] = {
        { "vmlife", "the debug variant of i915: it checks the contract of ctx->vm itself",
          "Each record is one line \"i915 vmlife: rule=...\" with a backtrace, from a hook that saw a rule of the "
          "contract broken. n= counts a rule's reports: the first three are printed, then one in ten, a hundred, and "
          "so on.",
          "The rule says it.", "rule=, by= (who), ctx_id and vm_id (which), the two counts, closed=, injected=.",
          "CONFIG_DRM_I915_DEBUG_VMLIFE=y in a tree that kernel/annotate was run on; i915.vmlife_inject=RULE breaks a "
          "rule on purpose where CONFIG_DRM_I915_DEBUG_VMLIFE_INJECT=y. i915.vmlife_rules=RULES chooses the rules that "
          "are reported, i915.vmlife_panic=RULES those whose report stops the machine; both can be changed in "
          "/sys/module/i915/parameters.",
          "cat /sys/kernel/debug/i915_vmlife/sites\ncat /sys/kernel/debug/i915_vmlife/contexts\n"
          "echo 1 > /sys/kernel/tracing/events/i915_vmlife/i915_vmlife_report/enable   # fires at each report",
          "06f94ccecade45639ec404f4fabb5811" },
        { "kcsan", "the Kernel Concurrency Sanitizer: samples memory accesses for data races",
          "Two accesses to the same memory came at the same time, at least one a write, at least one plain. What was "
          "read may be old, new, or a mix.",
          "A lock that one side does not take, or an access that is meant to race and lacks READ_ONCE() or "
          "WRITE_ONCE().",
          "The two accesses: types, marks, tasks, and the first function of each stack that is not a helper. A value "
          "change shows that it was real. One side \"at unknown origin\" is a device, or code without instrumentation.",
          "CONFIG_KCSAN=y, CONFIG_KCSAN_STRICT=y (5.15 on), CONFIG_KCSAN_ASSUME_PLAIN_WRITES_ATOMIC=n, "
          "CONFIG_KCSAN_VERBOSE=y with lockdep for the held locks. It samples and limits itself: counts are lower "
          "bounds. To see more, lower kcsan.skip_watch and CONFIG_KCSAN_REPORT_ONCE_IN_MS. Not together with KASAN.",
          "echo 500 > /sys/module/kcsan/parameters/skip_watch   # raise the odds while a test runs (default 4000)\n"
          "cat /sys/kernel/debug/kcsan",
          "85abd0833db744f9a0fa470443b046c4" },
        { "lockdep", "the lock validator: reports wrong orders and contexts of locks before they deadlock",
          "lockdep learns which lock is taken under which, and in which context, by class of lock and not by instance. "
          "It reports the first step that could deadlock, even if this run did not.",
          "Locks taken in two orders, a lock used in an interrupt and with interrupts on, RCU data read outside a "
          "read-side critical section.",
          "The chain, from the new dependency to the existing ones, and the scenario that it prints. Names of classes "
          "are those of the variable given to the lock's init.",
          "CONFIG_PROVE_LOCKING=y, CONFIG_PROVE_RCU=y; CONFIG_LOCKDEP_BITS and CONFIG_LOCKDEP_CHAINS_BITS larger for a "
          "driver of this size. It turns itself off after the first report (except RCU's), at a taint, and when a "
          "table is full: silence after that proves nothing.",
          "cat /proc/lockdep_stats; grep -A2 'ctx->' /proc/lockdep", "b11e78a4c5bc4f6ebc716c11ef619c48" },
        { "refcount", "refcount_t: counts that check themselves",
          "A reference count had an invalid transition. It is then saturated, so that the object leaks instead of "
          "being used after it was freed.",
          "A reference taken or dropped once too often, or taken without owning one.",
          "The function that calls the wrapper (kref_get, i915_vm_put, ...), and the code that dropped the last "
          "reference before.",
          "In every kernel. Each kind of misuse warns once per boot: the next is silent until clear_warn_once re-arms "
          "it.",
          "echo 1 > /sys/kernel/debug/clear_warn_once   # warn again", "5d87b9e856594616a086201787085fd7" },
        { "kasan", "the Kernel Address Sanitizer: memory used after it was freed, or outside its object",
          "Code accessed memory that was not allocated at that moment.",
          "A missing reference, or a pointer kept after its object was freed; a wrong size.",
          "Three stacks: the access, where the object was allocated, where it was freed. For objects freed through RCU "
          "or a work item also the last potentially related work creation.",
          "CONFIG_KASAN=y, CONFIG_KASAN_GENERIC=y (profile kasan); kasan_multi_shot on the command line, otherwise it "
          "reports once per boot. Not together with KCSAN. Build the variant without i915_vm_resv_get(), so that the "
          "use after free happens.",
          NULL, "7ee6ec144a6d489f91253f2f61e956e6" },
        { "kfence", "a sampling detector of memory errors, for kernels in use",
          "A guarded object, one allocation in many, was used wrongly. On a fleet, over time, it finds what KASAN "
          "finds at once.",
          "As for kasan.", "The stacks of the access, the allocation and the free.",
          "CONFIG_KFENCE=y, kfence.sample_interval=100 (milliseconds; a smaller interval finds more).",
          "cat /sys/kernel/debug/kfence/stats", "c276ff3c400542dc8a922f74bbe97057" },
        { "kmsan", "the Kernel Memory Sanitizer: use of uninitialized values",
          "A decision, an address or a copy to user space depended on uninitialized memory.",
          "A struct filled field by field with holes, an error path that returns before a variable is set.",
          "\"Uninit was created at\" and the stores in between.", "CONFIG_KMSAN=y, with clang; on x86-64 from 6.1 on.",
          NULL, "7cc158c5f7a84f5bb58112a46ee9e0f0" },
        { "ubsan", "checks of C's undefined behaviour",
          "An operation has a result that C does not define: the compiler may generate any code for it.",
          "A shift by a value from outside, an index that was not checked.",
          "The file and line in the report, and the values in its second line.",
          "CONFIG_UBSAN=y, CONFIG_UBSAN_BOUNDS=y, CONFIG_UBSAN_SHIFT=y. Each place reports once per boot.", NULL,
          "454cd1f55c6b441bb3d0b64729631f7c" },
        { "kmemleak", "a scan for memory that no pointer refers to",
          "An object was allocated and no pointer to it is found: it can never be freed.",
          "An error path without kfree(); a pointer overwritten.",
          "The backtrace is the allocation's. A first finding may be false: scan again.",
          "CONFIG_DEBUG_KMEMLEAK=y, kmemleak=on.",
          "echo scan > /sys/kernel/debug/kmemleak; cat /sys/kernel/debug/kmemleak",
          "c48cc47c423a471f96b54be94ddbcffb" },
        { "odebug", "debugobjects: timers, work items, RCU heads and their states",
          "An object was used in a state in which that operation is invalid.",
          "Memory freed while its timer or work is still queued; a work item that was never initialized.",
          "The object's type and the hint: the function that it would have called.",
          "CONFIG_DEBUG_OBJECTS=y, CONFIG_DEBUG_OBJECTS_FREE=y, CONFIG_DEBUG_OBJECTS_WORK=y, "
          "CONFIG_DEBUG_OBJECTS_TIMERS=y, CONFIG_DEBUG_OBJECTS_RCU_HEAD=y. It reports five times per boot.",
          "cat /sys/kernel/debug/debug_objects/stats", "adb332aa88b74cd5b080c598bc1f43a5" },
        { "ref-tracker", "ref_tracker: records where each reference was taken",
          "A tracked reference was still held at the end, or was dropped twice.", "A get without its put on some path.",
          "The stack that took the reference.",
          "CONFIG_REF_TRACKER=y through its users (in i915: CONFIG_DRM_I915_DEBUG_WAKEREF=y).", NULL,
          "64c930043325457d91c29433366080fe" },
        { "atomic-sleep", "sleeping where it is forbidden",
          "A function that may sleep was called with preemption or interrupts off, or inside an RCU reader.",
          "A mutex or an allocation with GFP_KERNEL under a spinlock.",
          "in_atomic(), irqs_disabled() and the locks held, in the report's second line; then the callers.",
          "CONFIG_DEBUG_ATOMIC_SLEEP=y.", NULL, "4cb623a8e30d41dc8c62d502c1f08365" },
        { "hung-task", "a task waits for minutes without being woken",
          "A task was in uninterruptible sleep for longer than the limit.",
          "A deadlock, a fence that is never signalled, a device that does not answer.",
          "The stack of the task; with lockdep, all locks held by all tasks below it.",
          "CONFIG_DETECT_HUNG_TASK=y, kernel.hung_task_timeout_secs; ten reports per boot (kernel.hung_task_warnings).",
          "echo w > /proc/sysrq-trigger   # stacks of all blocked tasks, now\necho d > /proc/sysrq-trigger   # all "
          "locks held, with lockdep",
          "d501dcd487764cdd80ef532d2c79f6fe" },
        { "rcu-stall", "a grace period of RCU does not end",
          "A CPU or a task stays in an RCU read-side critical section, or does not schedule, for longer than the "
          "limit: memory that waits for RCU is not freed.",
          "A loop under rcu_read_lock(), interrupts off for long, a CPU starved by a machine that is too loaded "
          "(common under emulation).",
          "The stack of the CPU that is named; whether the grace period's own kthread was starved.",
          "CONFIG_RCU_CPU_STALL_TIMEOUT, rcupdate.rcu_cpu_stall_timeout=60 for slow machines.", NULL,
          "8915f05ebb6a44d89e4e6902501fdcf2" },
        { "soft-lockup", "a CPU runs in the kernel and does not schedule",
          "For more than twenty seconds the CPU did not run the watchdog's task.",
          "A loop without cond_resched(), a lock that spins, vm-get-livelock.", "RIP and the stack show the loop.",
          "CONFIG_SOFTLOCKUP_DETECTOR=y, kernel.watchdog_thresh.", NULL, "8dba486eb80a40f587fd591bf91863e8" },
        { "hard-lockup", "a CPU runs with interrupts off and takes none",
          "The CPU handled no timer interrupt for about ten seconds; an NMI or another CPU detected it.",
          "A spinlock taken in an interrupt and outside without disabling interrupts.",
          "RIP and the stack of that CPU.", "CONFIG_HARDLOCKUP_DETECTOR=y, nmi_watchdog=1.", NULL,
          "f000368c9d554531982182f9041d7feb" },
        { "workqueue", "work items that leave a lock or context behind, or pools that make no progress",
          "A worker found its state wrong.", "A work function that returns with a lock held, or that never returns.",
          "The work function that is named.", "CONFIG_WQ_WATCHDOG=y, workqueue.watchdog_thresh=30.",
          "echo t > /proc/sysrq-trigger   # includes the state of workqueues", "d4d46443fc864da181ef90f92195ca12" },
        { "slub", "the slab allocator's own checks",
          "Poison, red zones or the free list of a slab object were overwritten: code wrote to memory that it does not "
          "own.",
          "A use after free or an overflow, some time before the report: the code that reports it is not the code that "
          "wrote.",
          "The object's cache, the bytes that differ from the poison (6b is freed, 5a is new), the tracks of "
          "allocation and free.",
          "CONFIG_SLUB_DEBUG=y with slub_debug=FZPU on the command line (from 6.9 on also slab_debug=). KASAN sees the "
          "write itself.",
          NULL, "b3da128766474e63bc59dfbaac4c9b78" },
        { "list", "checks of linked lists", "The neighbours of a list entry do not point back to it.",
          "An entry added or removed twice, or freed while it is on a list; a list changed without its lock.",
          "The pattern of the pointer: LIST_POISON1 (...100) or 2 (...122) is an entry that was already deleted; "
          "6b6b... is freed memory.",
          "CONFIG_DEBUG_LIST=y (in newer trees CONFIG_LIST_HARDENED=y).", NULL, "da5db12a69884d3485d1ffa0739d7a36" },
        { "warn", "WARN_ON() and similar macros",
          "A condition was true that the code treats as impossible; it continued.",
          "The condition: read the source line.", "File and line in the first line; the message above the banner.",
          "CONFIG_BUG=y, CONFIG_DEBUG_BUGVERBOSE=y. WARN_ON_ONCE() warns once per boot; panic_on_warn stops at the "
          "first.",
          "echo 1 > /sys/kernel/debug/clear_warn_once", "69ea789535f740f196068f793e801376" },
        { "bug", "BUG_ON() and similar macros",
          "The code found a state in which continuing would do damage, and killed the task.",
          "The condition: read the source line.", "File and line; what the task held: its locks stay taken.",
          "CONFIG_BUG=y, CONFIG_DEBUG_BUGVERBOSE=y; for i915's own CONFIG_DRM_I915_DEBUG_GEM=y.", NULL,
          "522809f58b2847d09982d2cbb05fd07a" },
        { "oops", "the kernel trapped", "An instruction of the kernel could not be executed; the task was killed.",
          "A pointer that is NULL, freed or overwritten.",
          "RIP, CR2 or the faulting address, and the registers: 6b6b6b6b6b6b6b6b is freed memory, dead000000000100 a "
          "deleted list entry.",
          "CONFIG_KALLSYMS=y; --vmlinux and --modules give file and line. CONFIG_KASAN=y reports whose memory it was.",
          NULL, "bdad4ef70fc2484c84a61ba6ad700af8" },
        { "panic", "the kernel stopped",
          "The kernel cannot continue. A panic that only announces that a report was fatal is counted with that "
          "report.",
          "The reason in its first line.", "What came before it in the log.",
          "pstore or a serial console keeps its messages; panic=10 reboots after it.", NULL,
          "b46985bf5d0d4b8eaf703a1688e2ff96" },
        { "mm", "checks of page tables and pages",
          "A page, or the memory accounting of a process, is in an impossible state.",
          "Memory used after it was freed, a driver that maps pages it does not own.",
          "The page's flags, count and mapping.", "CONFIG_DEBUG_VM=y, page_owner=on with CONFIG_PAGE_OWNER=y.", NULL,
          "9c5ac26bcd5a47abab6007809b6998fa" },
        { "unwind", "the stack unwinder failed", "Frame pointers on the stack are invalid. Mostly harmless by itself.",
          "Assembler code without a frame; a stack that was overwritten.", "Whether another report is near.",
          "CONFIG_UNWINDER_ORC=y.", NULL, "73cc94e21d7944feb6875a54bdd0091d" },
        { "net", "network devices", "The network's own checks.", "A reference on a device that was not dropped.",
          "The device's name.", "CONFIG_NET_DEV_REFCNT_TRACKER=y.", NULL, "0effd1f6d49e4ca8b47fadbc6966134a" },
        { "i915", "reports of i915 about the GPU", "The GPU stopped making progress, and the driver reset it.",
          "An invalid batch buffer from user space, or memory freed while the batch used it: an address space that was "
          "freed early looks like this too.",
          "The error state, and whether a finding about the vm came before it.", "CONFIG_DRM_I915_CAPTURE_ERROR=y.",
          "cat /sys/class/drm/card0/error", "b9bc8eb84a514fa7941be00dab4e3154" },
        { "xe", "reports of xe about the GPU", "A job did not end, or a reset failed.",
          "An invalid batch buffer from user space; firmware; broken hardware.",
          "The devcoredump, and the messages before it.", "CONFIG_DEV_COREDUMP=y.",
          "cat /sys/class/drm/card0/device/devcoredump/data", "e14228f6844d4761b5d9dc6ec17e82b1" },
        { "amdgpu", "reports of amdgpu about the GPU", "A job did not end, or a reset failed.",
          "An invalid command buffer from user space; firmware; power.",
          "The process in the line that follows, and page faults before it.", "amdgpu.gpu_recovery=1.", NULL,
          "cc55ebddfd7d438798c8d43b83be59bc" },
        { "msm", "reports of msm about the GPU", "The GPU made no progress, and the driver resets it.",
          "An invalid command buffer from user space; clocks or power.",
          "The task in the line that follows, and the devcoredump.", "CONFIG_DEV_COREDUMP=y.",
          "cat /sys/class/drm/card0/device/devcoredump/data", "10a419fa5c6c40bf9c7e3a0176d080d2" },
        { "nouveau", "reports of nouveau about the GPU", "A channel did wrong, or did not end, and was stopped.",
          "An invalid command buffer from user space; memory freed while the GPU used it; firmware.",
          "The channel and its process, and the faults before it.", "nouveau.debug=fifo=debug.", NULL,
          "9f179bba632a4fd5b3f4343d0baeee11" },
        { "iommu", "the IOMMU blocked an access of the GPU",
          "A device may access only memory that is mapped for it: here the GPU accessed other memory.",
          "Memory that was unmapped or freed while the GPU still used it; a driver that programs a wrong address.",
          "The address: which object was mapped there, and when was it unmapped?",
          "intel_iommu=on or amd_iommu=on; iommu.strict=1 unmaps at once.", NULL, "4e8cbd25f0d84af58ca786807ed6a654" },
        { "irq", "the interrupt core",
          "An interrupt was raised many times and no handler claimed it: the line is disabled from here on, for all "
          "devices that share it.",
          "A device whose interrupt was not disabled; a handler that checks the wrong register.",
          "The handlers that are listed: one of them should have claimed it.",
          "irqpoll keeps a machine running, slowly.", "cat /proc/interrupts", "39d7b0aa6ecb4e83aca9a38511194df7" },
};

const struct topics topics_detectors = { "Detectors", items, ARRAY_SIZE(items) };
