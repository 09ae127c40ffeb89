// SPDX-License-Identifier: GPL-2.0
// commit: f7c379779161
// title: drm/i915: Take request reference before arming the watchdog timer
// wrong: the timer that puts a request was armed before the request was taken for it
// since: 5.13
// by: nobody; who submits the request holds it as well until the timer was armed, and the count is right again before that one is gone
// files: i915_request.c

@@
identifier rq;
@@
 __rq_arm_watchdog(struct i915_request *rq)
 {
 	...
-	i915_request_get(rq);
 	...
 	hrtimer_start_range_ns(...);
+	i915_request_get(rq);
 }
