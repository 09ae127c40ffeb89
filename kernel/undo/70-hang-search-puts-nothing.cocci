// SPDX-License-Identifier: GPL-2.0
// commit: 3700e353781e
// title: drm/i915: Fix request ref counting during error capture & debugfs dump
// wrong: the search for the request that hangs returned it without a reference
// since: 6.1
// by: warn
// stress: --operation reopen --operation execbuf --operation bo-create --operation ctx-create --hang 4
// boot: --param vmlife_node_heartbeat=200 --kargs panic_on_warn=1
// files: gt/intel_engine_cs.c

@@
identifier rq;
@@
 intel_engine_get_hung_entity(..., struct i915_request **rq)
 {
 	...
 	*rq = engine_execlist_find_hung_request(engine);
-	if (*rq)
-		*rq = i915_request_get_rcu(*rq);
 	...
 }
