# words.sh - how the scripts speak: progress on stderr, one way to fail.  Sourced.
# shellcheck shell=bash

say()
{
	printf '%s\n' "$*" >&2
}

# die STATUS MESSAGE...: what is wrong, and what to do about it, a line each.
die()
{
	local status=$1 line

	shift
	printf 'error: %s\n' "$1" >&2
	shift
	for line in "$@"; do
		printf '       %s\n' "$line" >&2
	done
	exit "$status"
}

now_ms()
{
	local us=${EPOCHREALTIME/[.,]/}

	echo $((us / 1000))
}

# seconds_since MS: "3.9 s"
seconds_since()
{
	local ms=$(($(now_ms) - $1))

	printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# quietly LOG COMMAND...: its output goes to LOG, and is shown when it fails.
quietly()
{
	local log=$1

	shift
	"$@" >"$log" 2>&1 && return 0
	say "error: $* failed; the end of $log:"
	tail -n 25 "$log" | sed 's/^/  | /' >&2
	return 1
}
