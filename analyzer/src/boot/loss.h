/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/line.h"

/* In a text, does a collector say that it lost messages of the kernel's, or that it shows one not? *n: how many, 1
 * where it does not say. Any process of some texts can write this, so it may make a boot unproven, and mark reports,
 * and never ends one. */
bool loss_said(const struct line *l, uint64_t *n);
