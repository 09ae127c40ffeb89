# shellcheck shell=sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Real services on loopback with all they write below $work, for tests: read by `.`.
# The caller sets $root (the project's) and calls services_begin; whatever was started is
# ended, and $work removed, when the shell exits. KEEP=1 keeps it and says where.

pgbin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
passed=0 failed=0

services_begin() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/vmlife-fleet.XXXXXX") || exit 2
	chmod 755 "$work"
	mkdir "$work/pids"
	trap services_end EXIT
	trap 'exit 2' INT TERM
	# Where this shell is killed, somebody else tidies up; $services_stay: what is started outlives it.
	[ -n "${services_stay:-}" ] || ( trap '' INT TERM HUP; tail --pid=$$ -f /dev/null; [ ! -d "$work" ] || services_end ) >/dev/null 2>&1 3>&- &
	# Neither server of these runs as root.
	as=
	if [ "$(id -u)" = 0 ]; then
		as="setpriv --reuid=postgres --regid=postgres --clear-groups"
		chown postgres: "$work"
	fi
}

services_end() {
	for pid in "$work"/pids/*; do
		[ -f "$pid" ] && stop "$(basename "$pid")" KILL
	done
	[ ! -f "$work/mounted" ] || xargs -r umount -l <"$work/mounted"
	[ -d "$work/pg" ] && $as "$pgbin/pg_ctl" -D "$work/pg" -m immediate -s stop >/dev/null 2>&1
	if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}

# start NAME COMMAND... - runs it in the background, its words in $work/NAME.log.
start() {
	name=$1
	shift
	"$@" >>"$work/$name.log" 2>&1 &
	echo $! >"$work/pids/$name"
}

# stop NAME [SIGNAL] - ends it and waits until it is gone.
stop() {
	[ -f "$work/pids/$1" ] || return 0
	pid=$(cat "$work/pids/$1")
	rm -f "$work/pids/$1"
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	return 0
}

# until_true SECONDS COMMAND... - waits for it to succeed.
until_true() {
	tries=$(($1 * 5))
	shift
	while [ $tries -gt 0 ]; do
		"$@" >/dev/null 2>&1 && return 0
		tries=$((tries - 1))
		sleep 0.2
	done
	echo "waited in vain for: $*"
	return 1
}

gone() { until_true 20 sh -c "! kill -0 $1"; }

# A port nobody listens on now.
free_port() {
	while :; do
		port=$(shuf -i 20000-32000 -n 1)
		ss -Hltn "sport = :$port" | grep -q . || break
	done
	echo "$port"
}

# PostgreSQL, reached by a socket in $work alone. Sets what psql's environment needs.
postgres_begin() {
	$as "$pgbin/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 || {
		tail -n 5 "$work/initdb.log"
		return 1
	}
	# A test's data need not outlive the machine.
	cat >>"$work/pg/postgresql.conf" <<-end
		listen_addresses = ''
		unix_socket_directories = '$work'
		fsync = off
		shared_buffers = 32MB
		max_connections = 20
	end
	echo "${postgres_more:-}" >>"$work/pg/postgresql.conf"
	export PGHOST="$work" PGUSER=postgres PGDATABASE=postgres PGPORT=5432
	postgres_up
}
postgres_up() {
	$as "$pgbin/pg_ctl" -D "$work/pg" -l "$work/pg.log" -s -w -t 60 start
}
postgres_down() { # [fast|immediate]
	$as "$pgbin/pg_ctl" -D "$work/pg" -s -w -m "${1:-fast}" stop
}

# sql TEXT - one value.
sql() {
	psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"
}

check() { # NAME COMMAND...
	checked=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - $checked"
		tail -n 20 "$work/said"
	fi
}

# is WANTED SQL - the query's answer is that.
is() {
	got=$(sql "$2") || return 1
	[ "$got" = "$1" ] || {
		echo "wanted: $1"
		echo "got:    $got"
		return 1
	}
}

summary() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

# small_disk FOLDER SIZE - a file system of its own; fails where this user may mount none.
small_disk() {
	mkdir -p "$1" && mount -t tmpfs -o "size=$2" tmpfs "$1" 2>/dev/null && echo "$1" >>"$work/mounted"
}
