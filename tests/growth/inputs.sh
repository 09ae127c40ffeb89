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

make_callers() { # reports of more callers than may have one open
	awk -v n="$(($1 + 256))" 'BEGIN {
		for (k = 0; k < 2; k++)
		for (i = 1; i <= n; i++) {
			printf "[%5d.%06d][T%d] %s\n", 10 + i / 1000, i % 1000, i, k ? "Call Trace:" : "WARNING: CPU: 0 PID: " i " at a.c:1 act" i "+0x10/0x20"
		}
	}' >"$2/log"
}

make_stackless() { # heads of many tasks' reports, without a stack
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "[%5d.000000] INFO: task worker/%d:%d blocked for more than 120 seconds.\n", 100 + 2 * i, i, 1000 + i }' >"$2/log"
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

# Each form in which the same text may come; its first lines are those of a boot.
text() { # N
	echo "[    0.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP"
	warnings "$1"
}

make_kmsg() {
	text "$1" | awk '{ sub(/^.*\] /, ""); printf "4,%d,%d,-;%s\n", NR, NR * 1000, $0 }' >"$2/log"
}
make_utf16() { text "$1" | { printf '\377\376'; iconv -f utf8 -t utf16le; } >"$2/log"; }
make_html() {
	{
		echo '<!DOCTYPE html><html><body><pre>'
		text "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/WARNING/<b>WARNING<\/b>/'
		echo '</pre></body></html>'
	} >"$2/log"
}
make_mail() {
	printf 'Subject: log\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n' >"$2/log"
	text "$1" | base64 >>"$2/log"
}
make_reversed() { text "$1" | tac >"$2/log"; }
make_json_lines() { text "$1" | awk '{ gsub(/["\\]/, ""); printf "{\"message\":\"%s\",\"level\":4}\n", $0 }' >"$2/log"; }
make_json_array() { # all lines in one value
	text "$1" | awk 'BEGIN { printf "{\"items\":[" } { gsub(/["\\]/, ""); printf "%s{\"text\":\"%s\"}", (NR > 1 ? "," : ""), $0 }
		END { print "]}" }' >"$2/log"
}
make_datagrams() { # each two change places
	text "$1" | awk '{
		sub(/^.*\] /, "")
		number = NR % 2 ? NR + 1 : NR - 1
		printf "4,%d,%d,-,ncfrag=0/%d;%s\n", number, number * 1000, length($0), $0
	}' >"$2/log"
}
make_csv() { # quoted only where it must be
	text "$1" | awk '{ q = $0; gsub(/"/, "\"\"", q); printf "2026-11-25 10:00:%02d,vm,kernel,%s\n", NR % 60, $0 ~ /[",]/ ? "\"" q "\"" : $0 }' >"$2/log"
}
make_tsv() { text "$1" | awk '{ printf "2026-11-25T10:00:%02dZ\tvm\tkernel\t%s\n", NR % 60, $0 }' >"$2/log"; }
make_logfmt() {
	text "$1" | awk '{ gsub(/["\\]/, ""); printf "ts=2026-11-25T10:00:%02dZ unit=kernel msg=\"%s\"\n", NR % 60, $0 }' >"$2/log"
}
make_mbox() { # a mail for each few reports
	for i in $(seq $(($1 / 10))); do
		printf 'From a@example.org Mon Nov 23 10:00:00 2026\nFrom: a@example.org\nSubject: log %d\nMessage-ID: <%d@example.org>\n\n' "$i" "$i"
		warnings 10
		echo
	done >"$2/log"
}
make_yaml() { # a record a document
	text "$1" | awk '{ gsub(/["\\]/, ""); printf "---\nn: 7\ntextPayload: \"%s\"\nhost: vm\n", $0 }' >"$2/log"
}
make_yaml_broken() { # a list in which nothing ends
	text "$1" | awk '{ gsub(/["\\]/, ""); printf "- n: 7\n  text: \"%s\"\n%s", $0, NR % 100 ? "" : "}\n" } END { for (i = 0; i < NR; i++) printf "[" }' >"$2/log"
}
make_cells() { text "$1" | awk '{ printf "%s\nkernel\n14:20:11\n", $0 }' >"$2/log"; }
make_base64() { text "$1" | base64 >"$2/log"; }
make_strings() { # what a user had printed within one report that never ends: a prefix and first words
	awk -v n="$1" 'BEGIN {
		print "[    1.000000] Linux version 6.12.0 (a@b) (gcc) #1 SMP"
		print "[    2.000000] WARNING: CPU: 0 PID: 1 at a.c:1 act+0x10/0x20"
		print "[    2.000000] Call Trace:"
		for (i = 1; i <= n; i++) {
			print "[    2.000000] usb 1-1: Product: [    2.000000] BUG: KASAN: use-after-free in act" i "+0x1/0x2"
			print "[    2.000000]  call" i "+0x10/0x20"
		}
	}' >"$2/log"
}
make_packed() { text "$1" | gzip -c >"$2/log"; }

make_syslog() { # programs' lines among the kernel's, which are few
	awk -v n="$1" 'BEGIN { for (i = 1; i <= 10 * n; i++) {
		t = sprintf("Nov 25 %02d:%02d:%02d vm ", 1 + i / 3600, i / 60 % 60, i % 60)
		if (i % 10) print t "app" i "[" i "]: request " i " for BUG: and WARNING:"
		else printf "%skernel: [%5d.%06d] usb 1-1: new device %d\n", t, i, i, i
	} }' >"$2/log"
}

make_prefixes() { # each line in a form of its own
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) {
		s = ""
		for (k = i; k; k = int(k / 3)) s = s substr("<(|", k % 3 + 1, 1) "w" i % 7 substr(">)|", k % 3 + 1, 1) " "
		print s "[" i ".000000] BUG: kernel NULL pointer dereference, address: 0000000000000008"
	} }' >"$2/log"
}

make_hosts() { # a central server's text: of many machines
	awk -v n="$1" 'BEGIN { for (k = 0; k < 4; k++) for (i = 1; i <= n; i++) {
		t = sprintf("Nov 25 %02d:%02d:%02d lab-%d kernel: [%5d.%06d] ", 1 + k, i / 60 % 60, i % 60, i, 10 + k, i)
		print t (k ? "usb 1-1: new device " k : "Linux version 6.12.0 (a@b) (gcc) #1 SMP")
		if (k == 2) print t "BUG: kernel NULL pointer dereference, address: 0000000000000008"
	} }' >"$2/log"
}

make_noise() { awk -v n="$1" 'BEGIN { for (i = 1; i <= 20 * n; i++) printf "[%5d.%06d] usb %d-1: new device\n", i / 99, i % 99, i }' >"$2/log"; }

make_journal() { # a real one, and nothing else in its folder; more boots than reports that are open at a time
	mkdir "$2/journals"
	boots "$1" 1 >"$2/export"
	/lib/systemd/systemd-journal-remote --compress=no -o "$2/journals/x.journal" "$2/export" >/dev/null 2>&1
	ln "$2/journals/x.journal" "$2/log"
}

# What follow says again and again of a few findings, as in a spool; its state holds as many findings as there are.
make_state() {
	mkdir "$2/journals"
	awk -v n="$1" 'function entry(m) {
		us += 100
		printf "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%032x\n_MACHINE_ID=%032x\n_HOSTNAME=lab\n", 1790000000000000 + us, us, 1, 1
		printf "_TRANSPORT=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=%d\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=4\nMESSAGE=%s\n\n", us, m
	}
	BEGIN { for (i = 1; i <= n; i++) {
		entry("WARNING: CPU: 0 PID: 1 at drivers/gpu/drm/i915/part.c:1 act" i "+0x10/0x20 [i915]")
		entry("CPU: 0 PID: 1 Comm: task Not tainted 6.12.0 #1")
		entry("Call Trace:")
		entry(" act" i "+0x10/0x20 [i915]")
		entry("---[ end trace 0000000000000000 ]---")
	} }' >"$2/export"
	/lib/systemd/systemd-journal-remote --compress=no -o "$2/journals/x.journal" "$2/export" >/dev/null 2>&1
}

make_reports() { # many saved reports in a folder, each of a boot of its own
	mkdir "$2/reports"
	for i in $(seq $(($1 / 10))); do
		boots 1 1 | sed "s/^_BOOT_ID=.*/_BOOT_ID=$(printf %032x "$i")/" >"$2/one"
		# It has findings, which is no failure.
		"$vmlife" scan --format json "$2/one" >"$2/reports/$i.json" 2>/dev/null || [ -s "$2/reports/$i.json" ] || return
	done
}
