#!/usr/bin/env bash
# supervise.sh - keeps one service running.
#
# usage: supervise.sh DIR NAME COMMAND...
#
# Exit 111 and death by a signal: started again after a short pause (1 s, twice
# as long each time, at most 8 s; 1 s again once it has run for half a minute).
# Exit 0 was asked for: the end.  Anything else, such as 100 for wrong settings,
# will not mend itself: DIR/NAME.failed says so, and the whole stack is stopped.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=deploy/stack/words.sh
. "$here/words.sh"
# shellcheck source=deploy/stack/processes.sh
. "$here/processes.sh"

dir=$1 name=$2
shift 2
stopping=
child=
pause_s=1
nap=

on_stop()
{
	stopping=1
	[ -z "$child" ] || kill -TERM "$child" 2>/dev/null
	[ -z "$nap" ] || kill "$nap" 2>/dev/null
}
trap on_stop TERM INT

# Waits for the child through any number of signals; its exit status.
wait_for_child()
{
	local status

	while :; do
		wait "$child"
		status=$?
		kill -0 "$child" 2>/dev/null || break
	done
	return $status
}

give_up()
{
	say "supervisor: $name exited with $1 and will not be started again"
	echo "$1" >"$dir/$name.failed"
	# While the stack is being started, whoever starts it sees to the rest.
	[ -e "$dir/starting" ] || setsid "$here/stack.sh" down --dir "$dir" </dev/null &
	exit "$1"
}

while [ -z "$stopping" ]; do
	began_ms=$(now_ms)
	"$@" &
	child=$!
	process_note "$dir" "$name.service" "$child"
	[ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null
	wait_for_child
	status=$?
	child=
	rm -f "$dir/$name.service.pid"
	if [ -n "$stopping" ] || [ $status -eq 0 ]; then
		exit 0
	elif [ $status -ne 111 ] && [ $status -le 128 ]; then
		give_up $status
	fi
	[ $(($(now_ms) - began_ms)) -lt 30000 ] || pause_s=1
	say "supervisor: $name ended with $status; started again in $pause_s s"
	sleep $pause_s &
	nap=$!
	wait $nap
	nap=
	pause_s=$((pause_s < 8 ? pause_s * 2 : 8))
done
