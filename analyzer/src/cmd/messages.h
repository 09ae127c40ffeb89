/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* From here on messages (see base/log.h) go to stderr: "vmlife: WHAT". */
void messages_to_stderr(void);
