# processes.sh - what the stack has started, and nothing else, by pid.  Sourced.
# shellcheck shell=bash
#
# DIR/NAME.pid holds "PID START": START is the kernel's start time of the
# process, so that a pid that was given away again is never taken for ours.

process_start_time()
{
	local stat

	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# The name in parentheses may hold anything; the 20th word behind it is the time.
	# shellcheck disable=SC2086 # words on purpose
	set -- ${stat##*) }
	[ "$1" != Z ] && echo "${20}"
}

# process_note DIR NAME PID
process_note()
{
	local started

	started=$(process_start_time "$3") || started=gone
	echo "$3 $started" >"$1/$2.pid"
}

# The pid, if the process of that name is alive.
process_pid()
{
	local pid started

	[ -r "$1/$2.pid" ] || return 1
	read -r pid started <"$1/$2.pid" || return 1
	[ "$(process_start_time "$pid")" = "$started" ] || return 1
	echo "$pid"
}

# process_begin DIR NAME COMMAND...: in a session of its own, so that no Ctrl-C reaches it.
process_begin()
{
	local dir=$1 name=$2

	shift 2
	# 9 is the lock of stack.sh, which must not outlive it.
	setsid "$@" </dev/null >>"$dir/$name.log" 2>&1 9>&- &
	process_note "$dir" "$name" $!
}

# process_end DIR SECONDS NAME...: asks all of them at once, waits, and then insists.
process_end()
{
	local dir=$1 until_ms=$(($(now_ms) + $2 * 1000)) name pid

	shift 2
	for name in "$@"; do
		pid=$(process_pid "$dir" "$name") || continue
		kill -TERM "$pid" 2>/dev/null || true
	done
	for name in "$@"; do
		while pid=$(process_pid "$dir" "$name"); do
			if [ "$(now_ms)" -gt $until_ms ]; then
				say "$name (pid $pid) did not stop when asked to: killed"
				kill -KILL "$pid" 2>/dev/null || true
			fi
			sleep 0.05
		done
		rm -f "$dir/$name.pid"
	done
}

# process_wait DIR NAME SECONDS PROBE...: until PROBE succeeds; it may say on stdout why not yet.
process_wait()
{
	local dir=$1 name=$2 start until_ms why=

	start=$(now_ms)
	until_ms=$((start + $3 * 1000))
	shift 3
	while ! why=$("$@"); do
		if [ -e "$dir/$name.failed" ] || ! process_pid "$dir" "$name" >/dev/null; then
			process_tell "$dir" "$name" "$name ended while it was being started"
			return 1
		fi
		if [ "$(now_ms)" -gt $until_ms ]; then
			process_tell "$dir" "$name" \
				"$name was not ready after $(seconds_since "$start")${why:+: $why}"
			return 1
		fi
		sleep 0.1
	done
	say "$(printf '  %-16s ready after %s' "$name" "$(seconds_since "$start")")"
}

# What happened, and the end of the log.
process_tell()
{
	say "error: $3; the end of $1/$2.log:"
	tail -n 15 "$1/$2.log" 2>/dev/null | cut -c 1-400 | sed 's/^/  | /' >&2
}
