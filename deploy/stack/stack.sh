#!/usr/bin/env bash
# stack.sh - all of Nurture on this machine: broker, Redis, mail catcher, the services.
#
# usage: stack.sh up [--dir DIR] [--clock wall|event] [--ports BASE] [--bare]
#        stack.sh down [--dir DIR]
#        stack.sh status [--dir DIR]
#
#   --dir    data, logs, pid files and settings; default .run
#   --clock  event: time is what the events say (for replays); default wall
#   --ports  moves all ports: BASE + 9092, 6379, 1025, ...; default $PORT_BASE or 10000
#   --bare   the broker, Redis and the mail catcher only
#
# BUILD names the directory of the binaries.  NURTURE_POLICY, NURTURE_TEMPLATES and LOG_LEVEL
# are handed on; all other settings are made here and stand in DIR/settings.env.
# Only what was started from here is ever stopped, by pid.  Exit 0; 100 usage; 111 anything else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
for part in words ports processes settings; do
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done

services=(ingest segmenter scheduler email-sender review-solicitor desk console)
backing=(mail-catcher redis broker)

usage()
{
	sed -n '4,6p' "${BASH_SOURCE[0]}" | sed 's/^# //' >&2
	die 100 "stack.sh: $1"
}

need_binaries()
{
	local binary

	for binary in "$bin/nurturectl" "${services[@]/#/$bin/}" "$catcher"; do
		[ -x "$binary" ] || die 111 "$binary is not built" "run: make build tools"
	done
}

need_ports()
{
	local list=("broker:$PORT_BROKER" "broker's controller:$((PORT_BROKER + 1))"
		"redis:$PORT_REDIS" "mail catcher:$PORT_SMTP" "mail catcher's pages:$PORT_MAILS")

	if [ -z "$bare" ]; then
		list+=("ingest:$PORT_INGEST" "segmenter:$PORT_SEGMENTER"
			"scheduler:$PORT_SCHEDULER" "email-sender:$PORT_EMAIL_SENDER"
			"review-solicitor:$PORT_REVIEW_SOLICITOR" "desk:$PORT_DESK"
			"console:$PORT_CONSOLE")
	fi
	ports_need "${list[@]}"
}

running()
{
	local name

	for name in "${services[@]}" "${backing[@]}"; do
		if process_pid "$dir" "$name" >/dev/null || process_pid "$dir" "$name.service" >/dev/null; then
			printf '%s ' "$name"
		fi
	done
}

broker_started()
{
	grep -q 'Kafka Server started' "$dir/broker.log" && port_answers "$PORT_BROKER"
}

redis_started()
{
	redis-cli -p "$PORT_REDIS" PING 2>&1 | grep -q PONG
}

catcher_started()
{
	curl -sf -o "$dir/probe" "http://127.0.0.1:$PORT_MAILS/count" 2>/dev/null
}

# Says why not, in the service's own words.
service_started()
{
	curl -s -f -o "$dir/probe" "http://127.0.0.1:$1/readyz" 2>/dev/null && return 0
	curl -s "http://127.0.0.1:$1/readyz" 2>/dev/null || true
	return 1
}

start_backing()
{
	mkdir -p "$dir/redis" "$dir/mails"
	"$here/broker.sh" prepare "$dir/broker" "$PORT_BROKER" ||
		die 111 "the broker's directory $dir/broker could not be made"
	: >"$dir/broker.log"
	process_begin "$dir" broker "$here/broker.sh" run "$dir/broker"
	process_begin "$dir" redis redis-server --port "$PORT_REDIS" --bind 127.0.0.1 \
		--dir "$dir/redis" --appendonly yes --appendfsync everysec --save "" \
		--maxmemory-policy noeviction --daemonize no
	process_begin "$dir" mail-catcher "$catcher" --dir "$dir/mails" \
		--smtp "127.0.0.1:$PORT_SMTP" --http "127.0.0.1:$PORT_MAILS"
	process_wait "$dir" redis 20 redis_started
	process_wait "$dir" mail-catcher 20 catcher_started
	process_wait "$dir" broker 90 broker_started
}

check_policy()
{
	local found

	found=$("$bin/nurturectl" check "$NURTURE_POLICY" --templates "$NURTURE_TEMPLATES" 2>&1) ||
		die 111 "the policy, or a template of it, is wrong:" "${found:-no reason was given}"
}

make_topics()
{
	quietly "$dir/topics.log" "$bin/nurturectl" topics || die 111 "the topics could not be made"
	say "  topics           there"
}

start_services()
{
	local name port

	for name in "${services[@]}"; do
		port=$(service_port "$name")
		rm -f "$dir/$name.failed"
		NURTURE_LISTEN=127.0.0.1:$port NURTURE_INSTANCE=$name-1 \
			process_begin "$dir" "$name" "$here/supervise.sh" "$dir" "$name" "$bin/$name"
	done
	for name in "${services[@]}"; do
		process_wait "$dir" "$name" 60 service_started "$(service_port "$name")"
	done
}

stop_all()
{
	process_end "$dir" 25 "${services[@]}"
	# Only those whose supervisor was killed: the others ended with it.
	process_end "$dir" 10 "${services[@]/%/.service}"
	process_end "$dir" 15 "${backing[@]}"
}

on_failure()
{
	local status=$?

	trap - EXIT INT TERM
	[ $status -ne 1 ] || status=111
	say "stopping what was started ..."
	stop_all
	rm -f "$dir/starting"
	say "stopped; the logs are in $dir"
	exit $status
}

up()
{
	local start others

	ports_set "$port_base"
	others=$(running)
	[ -z "$others" ] ||
		die 111 "the stack in $dir runs already: ${others% }" "make down stops it"
	need_binaries
	need_ports
	"$here/broker.sh" fetch
	start=$(now_ms)
	say "starting the stack in $dir"
	touch "$dir/starting"
	trap on_failure EXIT
	trap 'exit 130' INT TERM
	settings_write "$dir" "$clock"
	set -a
	# shellcheck source=/dev/null
	. "$dir/settings.env"
	set +a
	# Before anything is started: a wrong policy is found in no time.
	[ -n "$bare" ] || check_policy
	start_backing
	if [ -z "$bare" ]; then
		make_topics
		start_services
	fi
	rm -f "$dir/starting"
	trap - EXIT INT TERM
	say "up after $(seconds_since "$start")"
}

down()
{
	local others

	others=$(running)
	if [ -z "$others" ]; then
		say "nothing of $dir is running"
		return
	fi
	stop_all
	say "stopped: ${others% }"
}

status()
{
	local name pid state all=0

	for name in "${backing[@]}" "${services[@]}"; do
		state=running
		pid=$(process_pid "$dir" "$name") || { pid=- state=stopped all=1; }
		[ ! -e "$dir/$name.failed" ] || state="failed with $(cat "$dir/$name.failed"), see $dir/$name.log"
		printf '%-16s %7s  %s\n' "$name" "$pid" "$state"
	done
	return $all
}

command=${1:-}
[ $# -eq 0 ] || shift
dir=.run clock=wall port_base=${PORT_BASE:-10000} bare=
while [ $# -gt 0 ]; do
	case $1 in
	--bare) bare=1 && shift && continue ;;
	--dir | --clock | --ports) [ $# -ge 2 ] || usage "$1: expected a value" ;;
	*) usage "unknown argument \"$1\"" ;;
	esac
	case $1 in
	--dir) dir=$2 ;;
	--clock) clock=$2 ;;
	--ports) port_base=$2 ;;
	esac
	shift 2
done
[[ $clock =~ ^(wall|event)$ ]] || usage "--clock: expected wall or event, found \"$clock\""
dir=$(realpath -m "$dir")
build=$(realpath -m "${BUILD:-$root/build}")
bin=$build/bin catcher=$build/tests/tools/mail_catcher

case $command in
status) status ;;
up | down)
	[ "$command" = up ] || [ -d "$dir" ] || { say "nothing of $dir is running" && exit 0; }
	# Secrets, mails and customers are in it.
	# shellcheck disable=SC2174 # what is above it stays as it was
	mkdir -p -m 700 "$dir" && chmod 700 "$dir"
	exec 9>"$dir/lock"
	flock -w 60 9 || die 111 "another up or down of $dir is under way"
	"$command" ;;
*) usage "expected up, down or status, found \"$command\"" ;;
esac
