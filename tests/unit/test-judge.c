/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report means: rule, relevance, injected, and which reports belong together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

static void expect(struct json_object *f, const char *rule, const char *relevance, int injected) {
        struct json_object *r;

        if (strcmp(text_of(f, "relevance"), relevance) != 0)
                fail_msg("%s: %s, not %s (%s)", text_of(f, "title"), text_of(f, "relevance"), relevance,
                         text_of(f, "why"));
        assert_int_equal(json_object_object_get_ex(f, "rule", &r), rule != NULL);
        if (rule)
                assert_string_equal(json_object_get_string(r), rule);
        assert_int_equal(json_object_get_boolean(member(f, "injected")), injected);
}

/* The count that the early put broke is not a double put, inlined getter or not. */
static void test_what_follows_from_an_early_put(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "vm-early-put");
        RUNNING(&l, 2);
        say_rule(&l, 3, 100, "vm-early-put", 1);
        say_warn(&l, 4, 100, "refcount_t: addition on 0; use-after-free.",
                 "refcount_warn_saturate reader_loop! kthread");
        say_warn(&l, 4.1, 101, "refcount_t: underflow; use-after-free.",
                 "refcount_warn_saturate i915_gem_context_release_work! process_one_work");
        SELFTEST(&l, 5, "vm-early-put");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 3);
        expect(finding(r, 0), "vm-early-put", "certain", 1);
        expect(finding(r, 1), "vm-early-put", "likely", 1);
        expect(finding(r, 2), "vm-early-put", "likely", 1);
        assert_non_null(strstr(text_of(finding(r, 2), "why"), "it follows from"));

        /* One group of all, by its cause. */
        struct json_object *groups = member(r, "groups"), *g = json_object_array_get_idx(groups, 0);
        assert_int_equal(json_object_array_length(groups), 1);
        assert_string_equal(text_of(g, "id"), text_of(finding(r, 0), "id"));
        assert_string_equal(text_of(g, "rule"), "vm-early-put");
        assert_int_equal(json_object_array_length(member(g, "findings")), 3);
        for (size_t i = 0; i < 3; i++)
                assert_string_equal(text_of(finding(r, i), "group"), text_of(g, "id"));
        json_object_put(r);
}

static void say_on(struct log *l, double t, const char *device, const char *name) {
        char message[512];
        snprintf(message, sizeof(message),
                 "i915 vmlife: rule=vm-early-put token=0123456789abcdef ctx_id=3 vm_id=4 ctx_ref=2 vm_ref=1 closed=1 "
                 "injected=0 by=context_close+0x1/0x2 n=1 "
                 "took=i915_gem_create_context+0x3/0x4 %s pid=77 name=%s",
                 device, name);
        say_warn(l, t, 7, message, "report! context_close!");
}

/* The same bug on two GPUs of a machine is two findings, which are not linked; on one it is one that came twice. */
static void test_two_gpus(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "none");
        say_on(&l, 3, "drm=card0 dev=0000:00:02.0 pci=8086:9a49", "Xorg[77]");
        say_on(&l, 3.01, "drm=card1 dev=0000:03:00.0 pci=8086:56a0", "Xorg[77]");
        say_on(&l, 4, "drm=card0 dev=0000:00:02.0 pci=8086:9a49", "weston[78]");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 2);
        assert_string_equal(text_of(member(finding(r, 0), "fields"), "dev"), "0000:00:02.0");
        assert_string_equal(text_of(member(finding(r, 0), "fields"), "took"), "i915_gem_create_context+0x3/0x4");
        assert_int_equal(json_object_get_int(member(finding(r, 0), "count")), 2);
        assert_string_equal(text_of(member(finding(r, 1), "fields"), "pci"), "8086:56a0");
        assert_int_equal(json_object_get_int(member(finding(r, 1), "count")), 1);
        assert_string_equal(text_of(finding(r, 0), "signature"), text_of(finding(r, 1), "signature"));
        assert_int_equal(json_object_array_length(member(r, "groups")), 0);
        json_object_put(r);
}

/* A task chooses its name, and with it a context's: no key in it is one. */
static void test_a_name_is_no_key(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "none");
        say_on(&l, 3, "drm=card0 dev=0000:00:02.0 pci=8086:9a49", "a injected=1 by=innocent+0x1/0x2 rule=vm-leak");
        struct json_object *r = scan(1, "%s", path_of(&l)), *f = finding(r, 0);
        expect(f, "vm-early-put", "certain", 0);
        assert_string_equal(text_of(f, "title"), "vmlife: vm-early-put in context_close");
        assert_string_equal(text_of(member(f, "fields"), "name"), "a injected=1 by=innocent+0x1/0x2 rule=vm-leak");
        json_object_put(r);
}

/* The switch moved while the module is loaded, in the words that have a token. */
static void test_inject_line_with_a_token(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "none");
        say(&l, 2, "i915 vmlife: inject token=0123456789abcdef inject=vm-early-put fault=vm-stray-put");
        say_rule(&l, 3, 100, "vm-early-put", 1);
        say(&l, 4, "i915 vmlife: inject token=0123456789abcdef inject=none fault=none");
        struct json_object *r = scan(1, "%s", path_of(&l));
        expect(finding(r, 0), "vm-early-put", "certain", 1);
        assert_string_equal(text_of(member(json_object_array_get_idx(member(r, "boots"), 0), "variant"), "inject"),
                            "none");
        json_object_put(r);
}

/* Without the early put, the same report stands for itself. */
static void test_a_double_put_by_itself(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "none");
        say_warn(&l, 4, 101, "refcount_t: underflow; use-after-free.",
                 "refcount_warn_saturate i915_gem_context_release_work! process_one_work");
        say_warn(&l, 400, 101, "refcount_t: addition on 0; use-after-free.",
                 "refcount_warn_saturate i915_vma_get! process_one_work");
        struct json_object *r = scan(1, "%s", path_of(&l));
        expect(finding(r, 0), "vm-double-put", "likely", 0);
        expect(finding(r, 1), NULL, "related", 0);
        assert_int_equal(json_object_array_length(member(r, "groups")), 0);
        json_object_put(r);
}

/* The driver at the bottom of a stack is not to blame; nor is an assertion that only printed. */
static void test_passers_by(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "none");
        say_race(&l, 2, "___slab_alloc", "___slab_alloc __kmalloc i915_init! do_one_initcall", "__slab_free",
                 "__slab_free kfree", 0xffff888000001000);
        say_race(&l, 3, "console_unlock",
                 "console_unlock vprintk_emit _printk __warn_printk report! vmlife_check_vm_early_put!",
                 "vprintk_store", "vprintk_store vprintk_emit", 0xffffffff82001000);
        say_race(&l, 4, "i915_gem_context_foo", "i915_gem_context_foo! x", "y", "y z", 0xffff888000002000);
        say_race(&l, 5, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        say_warn(&l, 600, 7, "refcount_t: underflow; use-after-free.",
                 "refcount_warn_saturate kobject_put do_one_initcall i915_init!");
        say_warn(&l, 700, 7, "list is odd", "check_list dma_fence_signal intel_foo! do_syscall_64");
        struct json_object *r = scan(1, "%s", path_of(&l));
        expect(finding(r, 0), NULL, "unrelated", 0);
        expect(finding(r, 1), NULL, "unrelated", 0);
        expect(finding(r, 2), NULL, "related", 0);
        expect(finding(r, 3), "vm-republish", "certain", 0);
        expect(finding(r, 4), NULL, "unrelated", 0);
        expect(finding(r, 5), NULL, "related", 0);
        json_object_put(r);
}

/* The nodes of a lock's queue and its waiters are its own data; who waits for it has no part in their races. What is
 * done to a lock from outside is its user's doing: made anew, freed, or read past its functions. */
static void test_races_of_locks(void **state) {
        (void) state;
        static const struct {
                const char *a, *stack_a, *b, *stack_b, *relevance;
        } races[] = {
                { "osq_lock", "osq_lock __mutex_lock mutex_lock_nested i915_gem_context_setparam_ioctl!", "osq_unlock",
                  "osq_unlock __mutex_lock mutex_lock_nested i915_gem_context_lookup!", "unrelated" },
                { "rwsem_spin_on_owner", "rwsem_spin_on_owner rwsem_down_write_slowpath i915_vma_pin!", "__up_write",
                  "__up_write up_write i915_vma_unpin!", "unrelated" },
                { "__mutex_init", "__mutex_init i915_gem_create_context!", "__mutex_unlock_slowpath",
                  "__mutex_unlock_slowpath mutex_unlock i915_gem_context_lookup!", "related" },
                { "i915_vma_destroy", "i915_vma_destroy! x", "osq_lock", "osq_lock __mutex_lock i915_vma_pin!",
                  "related" },
                { "memset", "memset i915_vma_alloc! x", "osq_lock", "osq_lock __mutex_lock i915_vma_pin!", "related" },
        };
        struct log l = {};

        START(&l);
        for (size_t i = 0; i < ARRAY_SIZE(races); i++)
                say_race(&l, 2 + (double) i, races[i].a, races[i].stack_a, races[i].b, races[i].stack_b,
                         0xffff888000001000 + (i << 12));
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), ARRAY_SIZE(races));
        for (size_t i = 0; i < ARRAY_SIZE(races); i++)
                expect(finding(r, i), NULL, races[i].relevance, 0);
        json_object_put(r);
}

/* A selftest runs clean first: what breaks then was not asked for, whatever the load line says. */
static void test_injected_only_while_the_fault_is_on(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "vm-republish");
        RUNNING(&l, 2);
        say_race(&l, 3, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        SELFTEST(&l, 4, "none");
        say_race(&l, 5, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        say_race(&l, 5.5, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        SELFTEST(&l, 6, "vm-republish");
        say_race(&l, 7, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        say(&l, 8, "i915 vmlife: inject=none");
        say_race(&l, 9, "vmlife_check_vm_republish", "vmlife_check_vm_republish! x", "i915_gem_context_set",
                 "i915_gem_context_set! z", 0xffff888000003000);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 2);
        expect(finding(r, 0), "vm-republish", "certain", 0);
        assert_int_equal(json_object_get_int(member(finding(r, 0), "count")), 2);
        expect(finding(r, 1), "vm-republish", "certain", 1);
        assert_int_equal(json_object_get_int(member(finding(r, 1), "count")), 3);
        json_object_put(r);
}

static void say_kasan(struct log *l, double t, int pid, const char *stack, const char *freed, const char *work) {
        say(l, t, "==================================================================");
        say(l, t, "BUG: KASAN: use-after-free in use_it+0x10/0x80 [i915]");
        say(l, t, "Write of size 4 at addr ffff888003c5d010 by task test-%d/%d", pid, pid);
        say(l, t, "%s", "");
        say(l, t, "CPU: 1 PID: %d Comm: test-%d Not tainted 6.1.0 #1", pid, pid);
        say(l, t, "Call Trace:");
        say(l, t, " <TASK>");
        say_frames(l, t, "dump_stack_lvl print_report kasan_report");
        say_frames(l, t, stack);
        say(l, t, " </TASK>");
        say(l, t, "%s", "");
        say(l, t, "Allocated by task 5:");
        say_frames(l, t, "kasan_save_stack __kasan_kmalloc make_it! do_syscall_64");
        say(l, t, "%s", "");
        say(l, t, "Freed by task 7:");
        say_frames(l, t, "kasan_save_stack ____kasan_slab_free __kmem_cache_free");
        say_frames(l, t, freed);
        say(l, t, "%s", "");
        say(l, t, "Last potentially related work creation:");
        say_frames(l, t, "kasan_save_stack __kasan_record_aux_stack");
        say_frames(l, t, work);
        say(l, t, "%s", "");
        say(l, t, "The buggy address belongs to the object at ffff888003c5d000");
        say(l, t, " which belongs to the cache kmalloc-256 of size 256");
        say(l, t, "The buggy address is located 16 bytes inside of");
        say(l, t, " freed 256-byte region [ffff888003c5d000, ffff888003c5d100)");
        say(l, t, "%s", "");
        say(l, t, "==================================================================");
}

/* Who freed the memory says what it was. */
static void test_use_after_free(void **state) {
        (void) state;
        struct log a = {}, b = {}, c = {};

        START(&a);
        say_kasan(&a, 4, 100, "use_it! kthread", "kfree i915_vm_resv_release! process_one_work",
                  "insert_work __queue_work i915_vm_release! x");
        struct json_object *r = scan(1, "%s", path_of(&a));
        expect(finding(r, 0), "vm-early-put", "likely", 0);
        json_object_put(r);

        /* A double put of the vm frees it as well: the first break is the cause. */
        START(&b);
        LOAD(&b, 1, "vm-double-put");
        RUNNING(&b, 2);
        say_rule(&b, 3, 100, "vm-double-put", 1);
        say_kasan(&b, 4, 100, "use_it! kthread", "kfree i915_vm_resv_release! process_one_work", "x y");
        SELFTEST(&b, 5, "vm-double-put");
        r = scan(1, "%s", path_of(&b));
        expect(finding(r, 1), "vm-double-put", "likely", 1);
        assert_string_equal(text_of(finding(r, 1), "group"), text_of(finding(r, 0), "id"));
        json_object_put(r);

        /* The context itself, freed through RCU. */
        START(&c);
        say_kasan(&c, 4, 100, "use_it! kthread", "kfree kfree_rcu_work process_one_work",
                  "kvfree_call_rcu i915_gem_context_release_work! process_one_work");
        r = scan(1, "%s", path_of(&c));
        expect(finding(r, 0), "ctx-chase", "likely", 0);
        json_object_put(r);
}

/* A race with the very store that broke the rule is the rule's too; one elsewhere in the driver is not. */
static void test_a_race_with_the_store(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        LOAD(&l, 1, "vm-republish");
        RUNNING(&l, 2);
        say_race(&l, 3, "context_close", "context_close! x", "vmlife_check_vm_republish",
                 "vmlife_check_vm_republish! z", 0xffff888000003000);
        say_race(&l, 4, "context_close", "context_close! x", "read_vm", "read_vm! z", 0xffff888000004000);
        say_race(&l, 5, "i915_foo", "i915_foo! x", "i915_bar", "i915_bar! z", 0xffff888000005000);
        SELFTEST(&l, 6, "vm-republish");
        struct json_object *r = scan(1, "%s", path_of(&l));
        expect(finding(r, 0), "vm-republish", "certain", 1);
        expect(finding(r, 1), "vm-republish", "likely", 1);
        expect(finding(r, 2), NULL, "related", 0);
        json_object_put(r);
}

/* A race, the count that it broke, the same address: the race came first, though its report was late. */
static void test_the_cause_of_a_group(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        say_warn(&l, 10.0, 55, "refcount_t: saturated; leaking memory.",
                 "refcount_warn_saturate i915_vma_get! do_syscall_64");
        say_race(&l, 10.4, "i915_vma_set", "i915_vma_set! x", "i915_vma_get", "i915_vma_get! z", 0xffff888000003000);
        say_race(&l, 100, "foo", "foo x", "bar", "bar z", 0xffff888000009000);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_string_equal(text_of(finding(r, 0), "group"), text_of(finding(r, 1), "id"));
        assert_string_equal(text_of(finding(r, 1), "group"), text_of(finding(r, 1), "id"));
        assert_false(json_object_object_get_ex(finding(r, 2), "group", NULL));
        json_object_put(r);
}

/* KASAN names the whole object: a race on another of its members is about it, one beside it is not. */
static void test_the_same_object(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        say_race(&l, 2, "foo", "foo x", "bar", "bar z", 0xffff888003c5d0f8);
        say_race(&l, 3, "foo", "foo x", "beside", "beside z", 0xffff888003c5d100);
        say_kasan(&l, 4, 100, "use_it! kthread", "kfree drop_it! process_one_work", "x y");
        struct json_object *r = scan(1, "%s", path_of(&l)), *fields = member(finding(r, 2), "fields");
        assert_string_equal(text_of(finding(r, 0), "group"), text_of(finding(r, 2), "group"));
        assert_false(json_object_object_get_ex(finding(r, 1), "group", NULL));
        assert_string_equal(text_of(fields, "object"), "0xffff888003c5d000");
        assert_string_equal(text_of(fields, "cache"), "kmalloc-256");
        assert_string_equal(text_of(fields, "object_size"), "256");
        assert_string_equal(text_of(fields, "located"), "16 bytes inside of freed 256-byte region");
        json_object_put(r);
}

/* A process can write anything to /dev/kmsg. */
static void test_forged_rule(void **state) {
        (void) state;
        struct json_object *r = scan(0, "-D %s", journal_of(fixture("vmlife.log"), 'c', 1));

        assert_int_equal(n_findings(r), 3);
        for (size_t i = 0; i < 3; i++) {
                expect(finding(r, i), NULL, "unrelated", 0);
                assert_string_equal(text_of(finding(r, i), "origin"), "userspace");
        }
        json_object_put(r);
}

/* A report of which no stack is left is the driver's where its own words name a function of it, and nobody's else. */
static void test_lost_stacks(void **state) {
        static const struct {
                const char *function, *options, *relevance;
        } reports[] = {
                { "i915_vm_put", "", "related" },
                { "kernfs_put", "", "unrelated" },
                { "xe_vm_put", "--focus xe", "related" },
                { "i915_vm_put", "--focus xe", "unrelated" },
                { "i915_vm_put", "--focus none", "unrelated" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
                struct log l = {};

                START(&l);
                say(&l, 3, "BUG: KASAN: slab-use-after-free in %s+0x1c/0x40", reports[i].function);
                say(&l, 3, "Read of size 8 at addr ffff888100000000 by task x/77");
                struct json_object *r = scan(1, "%s %s", reports[i].options, path_of(&l));
                assert_int_equal(n_findings(r), 1);
                expect(finding(r, 0), NULL, reports[i].relevance, 0);
                json_object_put(r);
        }
}

/* Of a text, in which anybody may have written the first event, the first whole one is judged. */
static void test_forged_before(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        say(&l, 3, "process '/tmp/x");
        say(&l, 3, "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1c/0x40 [i915]");
        say(&l, 3, "' started with executable stack");
        say(&l, 9, "==================================================================");
        say(&l, 9, "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1c/0x40 [i915]");
        say(&l, 9, "Read of size 8 at addr ffff888100000000 by task x/77");
        say(&l, 9, "%s", "");
        say(&l, 9, "CPU: 0 PID: 77 Comm: x Not tainted 6.1.0 #1");
        say(&l, 9, "Call Trace:");
        say(&l, 9, " <TASK>");
        say_frames(&l, 9, "dump_stack_lvl kasan_report i915_vm_put! context_close! __x64_sys_ioctl");
        say(&l, 9, " </TASK>");
        say(&l, 9, "==================================================================");
        struct json_object *r = scan(1, "%s", path_of(&l)), *f = finding(r, 0);
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(f, "relevance"), "likely");
        assert_int_equal(json_object_get_int(member(f, "count")), 2);
        assert_int_equal(json_object_get_int64(member(member(f, "first_seen"), "monotonic_us")), 3000000);
        assert_int_equal(json_object_array_length(member(f, "corrupted")), 0);
        json_object_put(r);
}

/* A timer's tick runs on top of whatever the CPU did, and is nothing of it: the rule's check under it is innocent. */
static void test_what_an_interrupt_interrupted(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        say_race(&l, 3, "__hrtimer_run_queues",
                 "__hrtimer_run_queues hrtimer_interrupt asm_sysvec_apic_timer_interrupt "
                 "vmlife_check_release_atomic! context_close!",
                 "hrtimer_active",
                 "hrtimer_active __hrtimer_run_queues asm_sysvec_apic_timer_interrupt keep_take! kernel_context!",
                 0xffff88807981e208);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(finding(r, 0), NULL, "unrelated", 0);
        json_object_put(r);
}

/* Where nothing tells who wrote a line, another CPU's may stand between an access and its stack, and within it. */
static void test_foreign_lines_in_a_race(void **state) {
        (void) state;
        static const char text[] =
                "[    5.930848] ==================================================================\n"
                "[    5.931573] BUG: KCSAN: data-race in _find_next_and_bit+0x43/0x110\n"
                "[    5.932120] \n"
                "[    5.932376] race at unknown origin, with read to 0xffffffff82003ac0 of 8 bytes by "
                "interrupt on cpu 1:\n"
                "[    5.935013] IPI shorthand broadcast: enabled\n"
                "[    5.933326]  _find_next_and_bit+0x43/0x110\n"
                "[    5.935014] usb 1-1: new high-speed USB device\n"
                "[    5.933326]  balance_them+0x169/0x600\n"
                "[    5.933326]  scheduler_tick+0xde/0x120\n"
                "[    5.933326] \n"
                "[    5.946187] value changed: 0x1 -> 0x0\n"
                "[    5.946187] \n"
                "[    5.946187] Reported by Kernel Concurrency Sanitizer on:\n"
                "[    5.946187] CPU: 1 PID: 26 Comm: kworker/1:1 Not tainted 6.1.192 #2\n"
                "[    5.946187] ==================================================================\n";
        char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, text, sizeof(text) - 1);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "KCSAN: data-race in balance_them");
        assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
        json_object_put(r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_what_an_interrupt_interrupted),
                cmocka_unit_test(test_foreign_lines_in_a_race),
                cmocka_unit_test(test_what_follows_from_an_early_put),
                cmocka_unit_test(test_two_gpus),
                cmocka_unit_test(test_a_name_is_no_key),
                cmocka_unit_test(test_inject_line_with_a_token),
                cmocka_unit_test(test_a_double_put_by_itself),
                cmocka_unit_test(test_passers_by),
                cmocka_unit_test(test_races_of_locks),
                cmocka_unit_test(test_injected_only_while_the_fault_is_on),
                cmocka_unit_test(test_use_after_free),
                cmocka_unit_test(test_a_race_with_the_store),
                cmocka_unit_test(test_the_cause_of_a_group),
                cmocka_unit_test(test_the_same_object),
                cmocka_unit_test(test_forged_rule),
                cmocka_unit_test(test_lost_stacks),
                cmocka_unit_test(test_forged_before),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
