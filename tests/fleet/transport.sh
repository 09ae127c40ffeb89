# shellcheck shell=sh
# shellcheck disable=SC2154 # $root and $work are its reader's
# SPDX-License-Identifier: LGPL-2.1-or-later
# Edges, a centre and the loader with configs/rsyslog, for tests: read by `.` after services.sh, when services_begin
# was called. Everything is below $work: the centre's inbox in inbox, an edge NAME's spool in NAME, certificates in tls.

# These become rsyslogd: call them with start or alone.
rsyslog() { # STATE CONFIG OPTION...
	export VMLIFE_STATE="$work/$1"
	config=$2
	shift 2
	mkdir -p "$VMLIFE_STATE"
	exec /usr/sbin/rsyslogd -n -iNONE -f "$root/configs/rsyslog/$config" "$@"
}
centre() {
	export VMLIFE_INBOX="$work/inbox" VMLIFE_ADDRESS="${address:-127.0.0.1}" VMLIFE_PORT="$port" VMLIFE_TLS="$work/tls/localhost"
	rsyslog centre.state centre.conf "$@"
}
edge_settings() { # NAME TLS
	export VMLIFE_SPOOL="$work/$1/*.ndjson*" VMLIFE_CENTRE=localhost VMLIFE_PORT="$port" VMLIFE_TLS="$work/$2"
	rm -f "$work/$1.state"/imfile-state:* # as vmlife-ship.service does
}
edge() { # NAME TLS OPTION...
	edge_settings "$1" "$2"
	name=$1
	shift 2
	rsyslog "$name.state" edge.conf "$@"
}
alone() { ("$@"); }
centre_up() { start centre centre; }
edge_up() { start edge edge spool tls/edge; }
load_up() { start load "$root/configs/postgresql/load" "$work/inbox"; }

# What all need: a store, a port, certificates, one finding as a sample.
transport_begin() {
	postgres_begin || exit 2
	mkdir "$work/inbox" "$work/spool"
	port=$(free_port)
	"$root/build/vmlife" scan --format ndjson "$root/tests/logs/6.1-vm-early-put.log" >"$work/scan.ndjson" 2>/dev/null
	grep -m 1 '"type":"finding"' "$work/scan.ndjson" >"$work/finding"
	check "the store" "$root/configs/postgresql/install"
	for name in localhost edge; do
		check "a certificate for $name" "$root/configs/rsyslog/certificate" "$work/tls" $name
	done
}

# spool N [NAME] - appends N findings that were never there; the ids say how many there were.
told=0
spool() {
	jq -c --argjson from $told --argjson n "$1" '. as $f | range($n) | ($from + . + 1 | tostring) as $id |
		$f | .id = ("0" * (32 - ($id | length)) + $id)' "$work/finding" >>"$work/spool/${2:-now}.ndjson"
	told=$((told + $1))
}
# All that was spooled is stored, each once, and (but for N) nothing was rejected.
stored() {
	is "$told" "SELECT count(DISTINCT id) FROM vmlife.finding" && is "$told" "SELECT count(*) FROM vmlife.finding"
}
comes() { until_true 60 stored && is "${1:-0}" "SELECT count(*) FROM vmlife.reject"; }
inbox_has() { [ "$(cat "$work"/inbox/*.ndjson | grep -c '"type":"finding"')" -ge "$1" ]; }
