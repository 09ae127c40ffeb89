// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A render node on the mock device of the selftests.  Programs use the driver's own
 * ioctls; only the engines are not real, see i915_vmlife_node_engine.c.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include <drm/drm_drv.h>

#include "gt/intel_gt.h"
#include "gt/intel_gt_requests.h"
#include "selftests/mock_gem_device.h"

#include "i915_drv.h"
#include "i915_gpu_error.h"
#include "i915_reg.h"
#include "i915_vmlife_node.h"
#include "i915_vmlife_node_internal.h"
#include "i915_vmlife_node_tree.h"

static bool vmlife_node;
module_param(vmlife_node, bool, 0400);
MODULE_PARM_DESC(vmlife_node, "Register a render node on a mock device, for tests without a GPU");

static unsigned int vmlife_node_ver = 9;
module_param(vmlife_node_ver, uint, 0400);
MODULE_PARM_DESC(vmlife_node_ver, "Graphics version of the render node: 9, 12 or 13");

/* What programs recognize the hardware by. */
static const struct {
	unsigned int ver;
	enum intel_platform platform;
	u16 device;
} models[] = {
	{ 9, INTEL_SKYLAKE, 0x1912 },
	{ 12, INTEL_TIGERLAKE, 0x9a49 },
	/* No hardware has it, but the driver has code for it. */
	{ 13, INTEL_TIGERLAKE, 0x9a49 },
};

/*
 * The node's device, its driver, and the bus that the driver asks for its number.  The
 * device exists until its last file is closed, even if it was unbound before.
 */
static struct drm_i915_private *node;
#if !I915_VMLIFE_HAS_INFO_WRITABLE
struct intel_device_info vmlife_node_info;
#endif
static struct drm_driver node_driver;
static void (*release_mock)(struct drm_device *drm);
/*
 * Memory in place of the registers, which an error capture reads directly: 0, but for what
 * vmlife_node_equip_gt() sets.
 */
static void *node_registers;
/* The folder "drm" of the device, in which libdrm looks for its nodes. */
static struct kobject *node_folder;
static struct pci_sysdata node_sysdata;
static struct pci_bus node_bus = { .sysdata = &node_sysdata };

/* --- the looks of a PCI device, for programs that choose their driver by them ---- */

#define PCI_ATTRIBUTE(name, value)						\
static ssize_t name##_show(struct device *dev, struct device_attribute *attr,	\
			   char *buf)						\
{										\
	return sysfs_emit(buf, "0x%04x\n", value);				\
}										\
static DEVICE_ATTR_RO(name)

PCI_ATTRIBUTE(vendor, to_pci_dev(dev)->vendor);
PCI_ATTRIBUTE(device, to_pci_dev(dev)->device);
PCI_ATTRIBUTE(subsystem_vendor, to_pci_dev(dev)->subsystem_vendor);
PCI_ATTRIBUTE(subsystem_device, to_pci_dev(dev)->subsystem_device);
PCI_ATTRIBUTE(revision, to_pci_dev(dev)->revision);

/* In place of the link to a driver, which a device without a bus has not: IGT reads its name. */
static ssize_t driver_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "i915\n");
}
static DEVICE_ATTR_RO(driver);

static struct attribute *pci_attrs[] = {
	&dev_attr_vendor.attr,
	&dev_attr_device.attr,
	&dev_attr_subsystem_vendor.attr,
	&dev_attr_subsystem_device.attr,
	&dev_attr_revision.attr,
	&dev_attr_driver.attr,
	NULL
};
ATTRIBUTE_GROUPS(pci);

static int pci_uevent(vmlife_node_uevent_device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "PCI_SLOT_NAME=0000:00:02.0") ?:
	       add_uevent_var(env, "PCI_ID=%04X:%04X", to_pci_dev(dev)->vendor,
			      to_pci_dev(dev)->device);
}

static struct class pci_looks = {
	.name = "pci",
	.dev_groups = pci_groups,
	.dev_uevent = pci_uevent,
};

/*
 * The driver core makes no such folder below a device that has a class.  Without it, or with
 * nothing in it, programs that ask libdrm for devices find none; the node works all the same.
 */
static void add_folder(struct drm_device *drm)
{
	struct drm_minor *minors[] = { drm->primary, drm->render };
	int i;

	node_folder = kobject_create_and_add("drm", &drm->dev->kobj);
	for (i = 0; i < ARRAY_SIZE(minors); i++) {
		struct device *kdev = minors[i]->kdev;

		if (!node_folder || sysfs_create_link(node_folder, &kdev->kobj, dev_name(kdev)))
			pr_warn("i915 vmlife: libdrm will not find minor %d\n", minors[i]->index);
	}
}

static void remove_folder(void)
{
	kobject_put(node_folder);
	node_folder = NULL;
}

/* --- what the mock device lacks --------------------------------------------------- */

static void set_topology(struct sseu_dev_info *sseu)
{
	intel_sseu_set_info(sseu, 1, 3, 8);
	sseu->slice_mask = 1;
	sseu->subslice_mask.hsw[0] = 7;
	sseu->eu_per_subslice = 8;
	sseu->eu_total = 24;
}

/* The mock's registers read 0; a reset of the whole GT warns if this one forgot its value. */
static u32 read_register(struct intel_uncore *uncore, i915_reg_t reg, bool trace)
{
	return i915_mmio_reg_equal(reg, HSW_GTT_CACHE_EN) ? GTT_CACHE_EN_ALL : 0;
}

static void set_model(struct drm_i915_private *i915, int model)
{
	struct intel_device_info *info = vmlife_node_own_info(i915);
	struct intel_runtime_info *runtime = RUNTIME_INFO(i915);
	struct pci_dev *pdev = to_pci_dev(i915->drm.dev);
	const enum intel_platform platform = models[model].platform;

	info->platform = platform;
	info->gt = 2;
	info->has_llc = 1;
	info->has_64bit_reloc = 1;
	info->has_logical_ring_contexts = 1;
	info->has_reset_engine = 1;
	runtime->platform_mask[__platform_mask_index(runtime, platform)] =
		BIT(__platform_mask_bit(runtime, platform));
	runtime->graphics.ip.ver = models[model].ver;
	runtime->media.ip.ver = models[model].ver;
	runtime->ppgtt_type = INTEL_PPGTT_FULL;
	runtime->ppgtt_size = 48;
	runtime->page_sizes = I915_GTT_PAGE_SIZE_4K;
	runtime->device_id = models[model].device;

	pdev->vendor = PCI_VENDOR_ID_INTEL;
	pdev->device = models[model].device;
	pdev->subsystem_vendor = PCI_VENDOR_ID_INTEL;
	pdev->subsystem_device = models[model].device;
	pdev->revision = 6;
	pdev->devfn = PCI_DEVFN(2, 0);
	pdev->bus = &node_bus;

	/* As the driver settles it for a GPU without that firmware: IGT reads it. */
	i915->params.enable_guc = 0;
	i915->caps.has_logical_contexts = true;
	to_gt(i915)->clock_frequency = 12000000;
	to_gt(i915)->clock_period_ns = 83;
	set_topology(&to_gt(i915)->info.sseu);

	/* The mock's aperture is physical memory at 0, that nobody may write to. */
	to_gt(i915)->ggtt->mappable_end = 0;
	INIT_LIST_HEAD(&to_gt(i915)->ggtt->userfault_list);
}

static int find_model(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i].ver == vmlife_node_ver)
			return i;
	return -EINVAL;
}

/* The last file is closed, if the device was unbound while files were open. */
static void release_node(struct drm_device *drm)
{
	struct drm_i915_private *i915 = to_i915(drm);

	i915_gem_drain_workqueue(i915);
	cancel_delayed_work_sync(&to_gt(i915)->requests.retire_work);
	i915_reset_error_state(i915);
	vmlife_node_clients_fini(i915);
	release_mock(drm);
	vmlife_node_display_fini(i915);
	vmlife_node_engines_fini();
	vfree(node_registers);
	node_registers = NULL;
}

static int open_node(struct drm_i915_private *i915)
{
	int err;

	release_mock = i915->drm.driver->release;
	node_driver = *i915_vmlife_node_driver;
	vmlife_node_no_display(&node_driver);
	node_driver.release = release_node;
	i915->drm.driver = &node_driver;
	vmlife_node_clients_init(i915);

	err = class_register(&pci_looks);
	if (err)
		goto err_mock;
	i915->drm.dev->class = &pci_looks;
	err = device_add(i915->drm.dev);
	if (err)
		goto err_class;
	err = drm_dev_register(&i915->drm, 0);
	if (err)
		goto err_device;
	add_folder(&i915->drm);
	vmlife_node_debugfs(i915);
	return 0;

err_device:
	device_del(i915->drm.dev);
	put_device(i915->drm.dev);
	class_unregister(&pci_looks);
	return err;
err_class:
	class_unregister(&pci_looks);
err_mock:
	mock_destroy_device(i915);
	return err;
}

static int create(void)
{
	const int model = find_model();
	struct drm_i915_private *i915;
	int err;

	if (model < 0)
		return model;
	node_registers = vzalloc(SZ_4M);
	if (!node_registers)
		return -ENOMEM;
	i915 = mock_gem_device();
	if (!i915) {
		err = -ENOMEM;
		goto err_registers;
	}
	set_model(i915, model);
	to_gt(i915)->uncore->regs = (void __force __iomem *)node_registers;
	to_gt(i915)->uncore->funcs.mmio_readl = read_register;
	vmlife_node_equip_gt(to_gt(i915), node_registers);
	err = vmlife_node_engines_init(i915);
	if (err) {
		mock_destroy_device(i915);
		vmlife_node_engines_fini();
		goto err_registers;
	}
	/* From here on the release of the device frees all of it. */
	err = open_node(i915);
	if (err)
		return err;

	/* Nothing else retires requests: the mock never was idle to be woken. */
	intel_gt_unpark_requests(to_gt(i915));
	node = i915;
	return 0;

err_registers:
	vfree(node_registers);
	node_registers = NULL;
	return err;
}

/* The slot's device is unbound. */
static void remove_node(void *data)
{
	struct device *dev = node->drm.dev;

	remove_folder();
	drm_dev_unplug(&node->drm);
	node = NULL;
	/* Releases what hangs on the device, the mock's own release among it. */
	device_del(dev);
	put_device(dev);
	class_unregister(&pci_looks);
}

/*
 * A platform device stands for the slot of the card: it has nothing but a driver to bind
 * and to unbind, through sysfs too.  It is not the parent of the node's device, which then
 * would have a link "device" beside its attribute of that name.
 */
static int node_probe(struct platform_device *pdev)
{
	int err;

	/* Files of the device that was bound before are still open. */
	if (node_registers)
		return -EBUSY;

	err = create();
	if (!err)
		err = devm_add_action_or_reset(&pdev->dev, remove_node, NULL);
	if (err) {
		pr_err("i915 vmlife: no render node: error %d\n", err);
		return err;
	}
	pr_info("i915 vmlife: render node /dev/dri/renderD%d, graphics version %u\n",
		node->drm.render->index, vmlife_node_ver);
	return 0;
}

static struct platform_driver node_slot_driver = {
	.driver.name = "i915_vmlife_node",
	.probe = node_probe,
};

static struct platform_device *slot;

void i915_vmlife_node_create(void)
{
	if (!vmlife_node)
		return;
	if (platform_driver_register(&node_slot_driver)) {
		pr_err("i915 vmlife: no render node: no driver for it\n");
		return;
	}
	slot = platform_device_register_simple(node_slot_driver.driver.name,
					       PLATFORM_DEVID_NONE, NULL, 0);
	if (!IS_ERR(slot))
		return;

	pr_err("i915 vmlife: no render node: error %pe\n", slot);
	platform_driver_unregister(&node_slot_driver);
	slot = NULL;
}

void i915_vmlife_node_destroy(void)
{
	if (!slot)
		return;

	platform_device_unregister(slot);
	platform_driver_unregister(&node_slot_driver);
	slot = NULL;
}
