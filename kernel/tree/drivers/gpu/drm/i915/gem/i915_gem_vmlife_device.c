// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vmlife: which device a record is of.
 *
 * At unload, when leaks are reported, the devices are gone.  So their names are kept
 * from the first address space of each device on, the global one.
 */

#include <linux/pci.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_file.h>

#include "gt/intel_gtt.h"

#include "i915_drv.h"
#include "i915_gem_vmlife_internal.h"

static LIST_HEAD(devices);

/* Values must hold no blanks: readers split the record there. */
static void without_blanks(char *text)
{
	for (; *text; text++)
		if (!isascii(*text) || !isgraph(*text))
			*text = '_';
}

static void name_device(struct vmlife_device *device,
			struct drm_i915_private *i915)
{
	struct device *dev = i915->drm.dev;
	u16 vendor = 0, id = 0;
	char name[32];

	strscpy(name, dev_name(dev), sizeof(name));
	without_blanks(name);
	if (dev_is_pci(dev)) {
		vendor = to_pci_dev(dev)->vendor;
		id = to_pci_dev(dev)->device;
	}
	snprintf(device->name, sizeof(device->name),
		 "drm=card%d dev=%s pci=%04x:%04x",
		 i915->drm.primary ? i915->drm.primary->index : -1, name,
		 vendor, id);
}

/* Lock held. The previous device at this address is gone. */
static struct vmlife_device *find_name(const struct vmlife_device *like)
{
	struct vmlife_device *device, *found = NULL;

	list_for_each_entry(device, &devices, link) {
		if (!strcmp(device->name, like->name))
			found = device;
		else if (device->i915 == like->i915)
			device->i915 = NULL;
	}

	return found;
}

void vmlife_device_add(struct drm_i915_private *i915)
{
	struct vmlife_device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	struct vmlife_device *found;
	unsigned long flags;

	if (!device)
		return;

	device->i915 = i915;
	name_device(device, i915);

	flags = vmlife_lock(&vmlife_contexts_lock);
	found = find_name(device);
	if (found)
		found->i915 = i915;
	else
		list_add(&device->link, &devices);
	vmlife_unlock(&vmlife_contexts_lock, flags);

	if (found)
		kfree(device);
}

const struct vmlife_device *vmlife_device_of(const struct drm_i915_private *i915)
{
	struct vmlife_device *device;

	list_for_each_entry(device, &devices, link)
		if (device->i915 == i915)
			return device;

	return NULL;
}

void vmlife_devices_forget(void)
{
	struct vmlife_device *device, *next;

	list_for_each_entry_safe(device, next, &devices, link)
		kfree(device);
	INIT_LIST_HEAD(&devices);
}
