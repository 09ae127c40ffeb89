// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife in debugfs, under i915_vmlife: the passes of each hook, the existing
 * contexts, what looks like a leak, and whether the checks that need lockdep work.
 */

#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/seq_file.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_context.h"
#include "i915_gem_vmlife_internal.h"

static struct dentry *root;

static int sites_show(struct seq_file *m, void *unused)
{
	int site;

	for (site = 0; site < VMLIFE_NR_SITES; site++)
		seq_printf(m, "%s %lu\n", vmlife_site_name(site),
			   vmlife_passes(site));

	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sites);

static int lockdep_show(struct seq_file *m, void *unused)
{
	char text[VMLIFE_LOCKDEP_TEXT];

	seq_printf(m, "%s\n", vmlife_say_lockdep(text));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(lockdep);

static void show_context(struct seq_file *m, struct i915_gem_context *ctx)
{
	struct i915_vmlife_vm *shadow = READ_ONCE(ctx->vmlife.shadow);
	unsigned long state = READ_ONCE(ctx->vmlife.state);
	u32 nr = smp_load_acquire(&ctx->vmlife.nr_stack); /* see keep_stack() */
	char name[sizeof(ctx->name)];
	u32 i;

	vmlife_copy_name(name, ctx);
	seq_printf(m, "ctx_id=%u vm_id=%u ctx_ref=%u vm_ref=%u owns=%d created=%d closed=%d releasing=%d pid=%d name=%*pE\n",
		   ctx->vmlife.id, shadow ? shadow->id : 0,
		   kref_read(&ctx->ref), vmlife_vm_ref(shadow),
		   !!(state & BIT(CTX_OWNS)), !!(state & BIT(CTX_CREATED)),
		   i915_gem_context_is_closed(ctx),
		   !!(state & BIT(CTX_RELEASING)), ctx->vmlife.pid,
		   (int)strlen(name), name);
	for (i = 0; i < nr; i++) {
		/* Up to 5.15 it may be rewritten concurrently: one line may be wrong. */
		seq_printf(m, "\t%pS\n", (void *)data_race(ctx->vmlife.stack[i]));
	}
}

/* The lock is held for one read at a time: there may be thousands of contexts. */
static void *contexts_start(struct seq_file *m, loff_t *pos)
{
	*(unsigned long *)m->private = vmlife_lock(&vmlife_contexts_lock);
	shadow_lock();
	return seq_list_start(&vmlife_contexts, *pos);
}

static void *contexts_next(struct seq_file *m, void *link, loff_t *pos)
{
	return seq_list_next(link, &vmlife_contexts, pos);
}

static void contexts_stop(struct seq_file *m, void *link)
{
	shadow_unlock();
	vmlife_unlock(&vmlife_contexts_lock, *(unsigned long *)m->private);
}

static int contexts_show(struct seq_file *m, void *link)
{
	show_context(m, list_entry(link, struct i915_gem_context, vmlife.link));
	return 0;
}

static const struct seq_operations contexts_sops = {
	.start = contexts_start,
	.next = contexts_next,
	.stop = contexts_stop,
	.show = contexts_show,
};

static int contexts_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &contexts_sops, sizeof(unsigned long));
}

static const struct file_operations contexts_fops = {
	.owner = THIS_MODULE,
	.open = contexts_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

static void show_stack(struct seq_file *m, const char *indent,
		       const unsigned long *stack, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		seq_printf(m, "%s%pS\n", indent, (void *)stack[i]);
}

/* The places that took references on a vm without an owner: one of them leaked it. */
static void show_takes(struct seq_file *m, const struct i915_vmlife_vm *shadow)
{
	const struct i915_vmlife_take *take = shadow->takes;
	const struct i915_vmlife_take *end = take + ARRAY_SIZE(shadow->takes);

	for (; take < end && take->ip; take++) {
		seq_printf(m, "\ttaken %u times at:\n", take->times);
		show_stack(m, "\t\t", take->stack, take->nr_stack);
	}
	if (shadow->elsewhere)
		seq_printf(m, "\ttaken %u times elsewhere\n", shadow->elsewhere);
}

static void show_leak(struct seq_file *m, const struct vmlife_case *leak)
{
	seq_printf(m, "ctx_id=%u vm_id=%u ctx_ref=%u vm_ref=%u closed=%d age_s=%u %s pid=%d name=%*pE\n",
		   leak->ctx_id, leak->vm_id, leak->ctx_ref, leak->vm_ref,
		   leak->closed, leak->age,
		   leak->device ? leak->device->name : "dev=unknown", leak->pid,
		   (int)strlen(leak->name), leak->name);
	show_stack(m, "\t", leak->stack, leak->nr_stack);
	if (leak->shadow)
		show_takes(m, leak->shadow);
}

/* More than a reader wants to see; their number is told. */
#define LEAKS_SHOWN 64

static int leaks_show(struct seq_file *m, void *unused)
{
	struct vmlife_case *leaks;
	unsigned int nr, i;

	leaks = kvcalloc(LEAKS_SHOWN, sizeof(*leaks), GFP_KERNEL);
	if (!leaks)
		return -ENOMEM;

	nr = vmlife_leaks_list(leaks, LEAKS_SHOWN);
	for (i = 0; i < min_t(unsigned int, nr, LEAKS_SHOWN); i++) {
		show_leak(m, &leaks[i]);
		vmlife_shadow_put(leaks[i].shadow);
	}
	seq_printf(m, "leaks=%u shown=%u min_age_s=%u\n", nr, i, VMLIFE_LEAK_AGE);
	kvfree(leaks);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(leaks);

/**
 * vmlife_debugfs_create - create the directory and its files
 *
 * Without debugfs, or memory, it does not exist: no other code depends on it.
 */
void vmlife_debugfs_create(void)
{
	root = debugfs_create_dir("i915_vmlife", NULL);
	debugfs_create_file("sites", 0400, root, NULL, &sites_fops);
	debugfs_create_file("lockdep", 0400, root, NULL, &lockdep_fops);
	debugfs_create_file("leaks", 0400, root, NULL, &leaks_fops);
	debugfs_create_file("contexts", 0400, root, NULL, &contexts_fops);
}

/**
 * vmlife_debugfs_remove - remove them, once all readers have finished
 */
void vmlife_debugfs_remove(void)
{
	debugfs_remove_recursive(root);
	root = NULL;
}
