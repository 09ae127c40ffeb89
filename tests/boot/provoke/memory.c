// SPDX-License-Identifier: GPL-2.0
/*
 * Memory used wrongly: SLUB's own checks (slub_debug=FZPU), pages, vmalloc, leaks.
 * With KASAN it is KASAN that finds them.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "provoke.h"

/* Hides from the compiler what it would warn of. */
#define HIDE(p) OPTIMIZER_HIDE_VAR(p)

static noinline void provoke_use_after_free(void)
{
	char *p = kmalloc(96, GFP_KERNEL);

	if (!p)
		return;
	kfree(p);
	HIDE(p);
	memset(p + 8, 0x41, 16);
	/* SLUB looks when the object is taken again. */
	kfree(kmalloc(96, GFP_KERNEL));
}

static noinline void provoke_double_free(void)
{
	char *p = kmalloc(96, GFP_KERNEL);

	if (!p)
		return;
	kfree(p);
	HIDE(p);
	kfree(p);
}

static noinline void provoke_overflow(void)
{
	char *p = kmalloc(96, GFP_KERNEL);

	if (!p)
		return;
	HIDE(p);
	memset(p, 0x42, 100);
	kfree(p);
}

static noinline void provoke_free_middle(void)
{
	char *p = kmalloc(96, GFP_KERNEL);

	if (!p)
		return;
	p += 8;
	HIDE(p);
	kfree(p);
}

/* Objects remaining on shutdown. */
static noinline void provoke_cache_busy(void)
{
	struct kmem_cache *cache = kmem_cache_create("provoke", 72, 0, SLAB_POISON, NULL);

	if (!cache)
		return;
	if (kmem_cache_alloc(cache, GFP_KERNEL))
		kmem_cache_destroy(cache);
}

/* Bad page state: a page freed while it is counted. */
static noinline void provoke_bad_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	page->mapping = (void *)8;
	__free_page(page);
}

static noinline void provoke_page_freed_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	__free_page(page);
	__free_page(page);
}

static noinline void provoke_vfree_unknown(void)
{
	char *p = vmalloc(PAGE_SIZE);

	if (!p)
		return;
	vfree(p);
	HIDE(p);
	vfree(p);
}

static noinline void provoke_vmalloc_overflow(void)
{
	char *p = vmalloc(PAGE_SIZE);

	if (!p)
		return;
	HIDE(p);
	p[PAGE_SIZE] = 1;
	vfree(p);
}

static noinline void provoke_leak(void)
{
	char *p = kmalloc(48, GFP_KERNEL);

	if (p)
		strscpy(p, "forgotten", 48);
	p = NULL;
}

const struct provocation provoke_memory[] = {
	{ "use_after_free", provoke_use_after_free },
	{ "double_free", provoke_double_free },
	{ "overflow", provoke_overflow },
	{ "free_middle", provoke_free_middle },
	{ "cache_busy", provoke_cache_busy },
	{ "bad_page", provoke_bad_page },
	{ "page_freed_twice", provoke_page_freed_twice },
	{ "vfree_unknown", provoke_vfree_unknown },
	{ "vmalloc_overflow", provoke_vmalloc_overflow },
	{ "leak", provoke_leak },
	{ }
};
