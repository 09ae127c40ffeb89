// SPDX-License-Identifier: GPL-2.0
/*
 * Traps, WARNs, and panics that LKDTM does not provoke, or not in each way that they
 * are worded.
 */
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>

#include "provoke.h"

/* general protection fault, probably for non-canonical address. */
static noinline void provoke_gpf(void)
{
	volatile int *p = (int *)0xdead4ead00000100ul;

	OPTIMIZER_HIDE_VAR(p);
	*p = 1;
}

/* unable to handle page fault: address of nobody. */
static noinline void provoke_page_fault(void)
{
	volatile int *p = (int *)0xffffffff00000000ul;

	OPTIMIZER_HIDE_VAR(p);
	pr_info("%d\n", *p);
}

static noinline void provoke_null_write(void)
{
	volatile int *p = (int *)0x18;

	OPTIMIZER_HIDE_VAR(p);
	*p = 1;
}

/* A jump to nowhere: the trap's own address says nothing. */
static noinline void provoke_null_call(void)
{
	void (*fn)(void) = NULL;

	OPTIMIZER_HIDE_VAR(fn);
	fn();
}

static noinline void provoke_divide(void)
{
	int zero = 0, one = 1;

	OPTIMIZER_HIDE_VAR(zero);
	OPTIMIZER_HIDE_VAR(one);
	pr_info("%d\n", one / zero);
}

static noinline void provoke_int3(void)
{
#ifdef CONFIG_X86
	asm volatile("int3");
#else
	BUG();
#endif
}

/* The same in an interrupt: the kernel dies of it. */
static noinline void write_null(void)
{
	provoke_null_write();
}

static noinline void provoke_oops_in_irq(void)
{
	provoke_in_hardirq(write_null);
}

static noinline void provoke_warn_once(void)
{
	WARN_ONCE(1, "provoked: a warning of %d words\n", 5);
}

static noinline void provoke_warn_bare(void)
{
	WARN_ON(irqs_disabled() == 0);
}

static noinline void provoke_warn_lines(void)
{
	WARN(1, "provoked: one line\nand one more\n");
}

/* A warning in an interrupt. */
static noinline void warn(void)
{
	WARN(1, "provoked in an interrupt\n");
}

static noinline void provoke_warn_in_irq(void)
{
	provoke_in_hardirq(warn);
}

/* Unbalanced enable for IRQ. */
static noinline void provoke_irq_balance(void)
{
	enable_irq(0);
}

/* Trying to free already-free IRQ. */
static noinline void provoke_irq_free(void)
{
	static int cookie;

	free_irq(4, &cookie);
}

static noinline void provoke_list_twice(void)
{
	LIST_HEAD(head);
	LIST_HEAD(node);

	list_add(&node, &head);
	list_add(&node, &head);
}

static noinline void provoke_list_del_twice(void)
{
	LIST_HEAD(head);
	LIST_HEAD(node);

	list_add(&node, &head);
	list_del(&node);
	list_del(&node);
}

static noinline void provoke_panic(void)
{
	panic("provoked: the end of %s", "this guest");
}

const struct provocation provoke_traps[] = {
	{ "gpf", provoke_gpf },
	{ "page_fault", provoke_page_fault },
	{ "null_write", provoke_null_write },
	{ "null_call", provoke_null_call },
	{ "divide", provoke_divide },
	{ "int3", provoke_int3 },
	{ "oops_in_irq", provoke_oops_in_irq },
	{ "warn_once", provoke_warn_once },
	{ "warn_bare", provoke_warn_bare },
	{ "warn_lines", provoke_warn_lines },
	{ "warn_in_irq", provoke_warn_in_irq },
	{ "irq_balance", provoke_irq_balance },
	{ "irq_free", provoke_irq_free },
	{ "list_twice", provoke_list_twice },
	{ "list_del_twice", provoke_list_del_twice },
	{ "panic", provoke_panic },
	{ }
};
