// SPDX-License-Identifier: GPL-2.0
// commit: 4c71fd099513
// title: drm/i915/gt: fix refcount underflow in intel_engine_park_heartbeat
// wrong: the heartbeat and the park of an engine both put the request of the last beat
// since: 6.1
// by: warn
// delay: 500 ms in the window
// stress: --operation reopen --operation execbuf --operation bo-create --operation ctx-create --processes 2 --threads 1
// boot: --param vmlife_node_heartbeat=200
// files: gt/intel_engine_heartbeat.c

@@
identifier engine, rq;
@@
 intel_engine_park_heartbeat(struct intel_engine_cs *engine)
 {
 	<...
-	rq = xchg(&engine->heartbeat.systole, NULL);
-	if (rq)
-		i915_request_put(rq);
+	i915_request_put(fetch_and_zero(&engine->heartbeat.systole));
 	...>
 }

@@
identifier work, engine, rq;
@@
 heartbeat(struct work_struct *work)
 {
 	...
-	rq = xchg(&engine->heartbeat.systole, NULL);
-	if (rq) {
-		if (i915_request_completed(rq))
-			i915_request_put(rq);
-		else
-			engine->heartbeat.systole = rq;
-	}
+	rq = engine->heartbeat.systole;
+	if (rq && i915_request_completed(rq)) {
+		i915_request_put(rq);
+		schedule_timeout_uninterruptible(msecs_to_jiffies(500));
+		engine->heartbeat.systole = NULL;
+	}
 	...
 }
