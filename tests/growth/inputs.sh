# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Inputs of any size, one function a kind: make_KIND N FOLDER writes files into the folder that hold N of something.

# One warning of a function of its own each; boot: its boot's number or empty.
warnings() { # N
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) {
		t = sprintf("[%5d.%06d] ", 10 + i / 1000, i % 1000 * 1000)
		print t "------------[ cut here ]------------"
		print t "WARNING: CPU: 0 PID: 1 at drivers/gpu/drm/i915/part" i ".c:" i " act" i "+0x10/0x20 [i915]"
		print t "CPU: 0 PID: 1 Comm: task" i " Not tainted 6.12.0 #1"
		print t "Call Trace:"
		print t " <TASK>"
		print t " act" i "+0x10/0x20 [i915]"
		print t " call" i "+0x10/0x20 [i915]"
		print t " </TASK>"
		print t "---[ end trace 0000000000000000 ]---"
	} }'
}

# Entries of the journal: N boots of HOSTS machines with a warning each.
boots() { # N HOSTS
	awk -v n="$1" -v hosts="$2" 'function entry(m) {
		us += 100
		printf "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%032x\n_MACHINE_ID=%032x\n_HOSTNAME=lab-%d\n", 1790000000000000 + i * 100000000 + us, us, i, i % hosts + 1, i % hosts
		printf "_TRANSPORT=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=%d\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=4\nMESSAGE=%s\n\n", us, m
	}
	BEGIN { for (i = 1; i <= n; i++) {
		us = 1000000
		entry("Linux version 6.12." i " (a@b) (gcc) #1 SMP")
		entry("WARNING: CPU: 0 PID: 1 at drivers/gpu/drm/i915/part.c:1 act" i % 7 "+0x10/0x20 [i915]")
		entry("CPU: 0 PID: 1 Comm: task Not tainted 6.12.0 #1")
		entry("Call Trace:")
		entry(" act" i % 7 "+0x10/0x20 [i915]")
		entry("---[ end trace 0000000000000000 ]---")
	} }'
}

make_findings() { warnings "$1" >"$2/log"; }
make_boots() { boots "$1" "$1" >"$2/log"; }
make_one_host() { boots "$1" 1 >"$2/log"; }

make_restarts() { # a text log of a machine that starts again and again
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) {
		print "[    0.000000] Linux version 6.12." i " (a@b) (gcc) #1 SMP"
		print "[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008"
	} }' >"$2/log"
}

make_members() { # an archive of many small logs
	mkdir "$2/all"
	awk -v n="$1" -v to="$2/all" 'BEGIN { for (i = 1; i <= n; i++) {
		f = to "/" i ".log"
		print "[    1.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP" >f
		close(f)
	} }'
	tar -cf "$2/log" -C "$2/all" . && rm -r "$2/all"
}

make_empty_members() {
	mkdir "$2/all"
	awk -v n="$1" -v to="$2/all" 'BEGIN { for (i = 1; i <= n; i++) { f = to "/" i; printf "" >f; close(f) } }'
	{ printf '[    1.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP\n'; } >"$2/all/0"
	tar -cf "$2/log" -C "$2/all" . && rm -r "$2/all"
}

make_known() { # as many known issues as findings, none of which fits another; and owners
	warnings "$1" >"$2/log"
	awk -v n="$1" 'BEGIN {
		printf "{\"schema\":\"vmlife-known-issues/1\",\"issues\":["
		for (i = 1; i <= n; i++)
			printf "%s{\"name\":\"i%d\",\"match\":{\"title\":\"WARNING in act%d$\"}}", (i > 1 ? "," : ""), i, i
		printf "],\"owners\":["
		for (i = 1; i <= n; i++)
			printf "%s{\"owner\":\"o%d\",\"function\":\"^act%d$\",\"file\":\"part%d[.]c\"}", (i > 1 ? "," : ""), i, i, i
		print "]}"
	}' >"$2/known.json"
}

make_known_signatures() { # one issue with as many signatures as there are findings
	warnings "$1" >"$2/log"
	awk -v n="$1" 'BEGIN {
		printf "{\"schema\":\"vmlife-known-issues/1\",\"issues\":[{\"name\":\"a\",\"match\":{\"signature\":["
		for (i = 1; i <= n; i++)
			printf "%s\"v1:%032x\"", (i > 1 ? "," : ""), i
		print "]}}]}"
	}' >"$2/known.json"
}

make_igt() { # results of many tests
	awk -v n="$1" 'BEGIN {
		printf "{\"__type__\":\"TestrunResult\",\"results_version\":10,\"tests\":{"
		for (i = 1; i <= n; i++)
			printf "%s\"igt@t@%d\":{\"result\":\"fail\",\"dmesg\":\"<4> [%d.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008\\n<4> [%d.000100] RIP: 0010:act%d+0x1/0x2\\n\"}", (i > 1 ? "," : ""), i, i, i, i
		print "}}"
	}' >"$2/log"
}

make_lines_of_a_record() { # one entry with many lines
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++) s = s "\\nBUG: line " i
		printf "{\"_BOOT_ID\":\"%032x\",\"__REALTIME_TIMESTAMP\":\"1790000000000000\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"MESSAGE\":\"BUG: a%s\"}\n", 1, s
	}' >"$2/log"
}

make_callers() { # open reports of many callers
	awk -v n="$1" 'BEGIN {
		for (k = 0; k < 2; k++)
		for (i = 1; i <= n; i++) {
			printf "[%5d.%06d][T%d] %s\n", 10 + i / 1000, i % 1000, i, k ? "Call Trace:" : "WARNING: CPU: 0 PID: " i " at a.c:1 act" i "+0x10/0x20"
		}
	}' >"$2/log"
}

make_long_report() { # one report, many lines
	awk -v n="$1" 'BEGIN {
		print "[    1.000000] WARNING: CPU: 0 PID: 1 at a.c:1 act+0x10/0x20"
		print "[    1.000000] Call Trace:"
		for (i = 1; i <= n; i++) print "[    1.000000]  call" i "+0x10/0x20"
	}' >"$2/log"
}

make_long_line() { # one line, full of words that begin reports
	awk -v n="$1" 'BEGIN {
		printf "[    1.000000] "
		for (i = 1; i <= n; i++) printf "BUG: [a][T1] WARNING: #012\033[0m&lt; "
		print ""
	}' >"$2/log"
}

make_notes() { # what a boot says of itself, many times over: losses, limits, sites, selftests
	awk -v n="$1" 'BEGIN {
		print "[    0.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP"
		for (i = 1; i <= n; i++) {
			t = sprintf("[%5d.%06d] ", 10 + i / 1000, i % 1000 * 1000)
			print t "act" i ": 12 callbacks suppressed"
			print t "printk: " i " messages dropped **"
			print t "** " i " printk messages dropped **"
			print t "i915_vmlife: selftest begin name=t" i " rounds=1 inject=rule" i
			print t "i915_vmlife: selftest end name=t" i " rounds=1 error=0"
			print t "i915_vmlife: passes site" i "=" i
			print t "i915_vmlife: inject rule" i
		}
	}' >"$2/log"
}

make_names() { # a log that names many machines and addresses
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) {
		t = sprintf("[%5d.%06d] ", 10 + i / 1000, i % 1000 * 1000)
		print t "systemd[1]: Hostname set to <host" i "-x>."
		print t "BUG: kernel NULL pointer dereference, address: 0000000000000008"
		print t "CPU: 0 PID: 1 Comm: user" i " Not tainted 6.12.0 #1 host" i "-x"
		print t "10.0." i % 250 "." i / 250 " /home/person" i "/x aa:bb:cc:00:" sprintf("%02x:%02x", i / 256, i % 256)
	} }' >"$2/log"
}
