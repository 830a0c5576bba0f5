#!/usr/bin/env bash
# run.sh - make fuzz, and a part of make test: every fuzzer for some seconds, as many at a time as
# there are processors.
#
# usage: run.sh BUILD SECONDS [NAME...]    exit 1 when one found something
#
# A fuzzer begins with what is committed in tests/fuzz/corpus/NAME and what it has kept in
# BUILD/corpus/NAME; what it found is in BUILD/found, and its log is BUILD/NAME.log.  FUZZ_SEED makes
# it try the same inputs again; without one it tries others each time.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111

# one BUILD SECONDS NAME: a line on what became of it, with the end of its log when it fell.
one()
{
	local build=$1 seconds=$2 name=$3 status
	local source=tests/fuzz/$name.c corpus=$1/corpus/$3 seeds=tests/fuzz/corpus/$3
	local options=() known=()

	mkdir -p "$corpus"
	[ ! -e "${source%.c}.dict" ] || options+=("-dict=${source%.c}.dict")
	[ ! -d "$seeds" ] || known+=("$seeds")
	"$build/tests/fuzz/$name" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" \
		-print_final_stats=1 -timeout=10 -artifact_prefix="$build/found/$name-" \
		"${options[@]}" "$corpus" "${known[@]}" >"$build/$name.log" 2>&1
	status=$?
	if [ $status -eq 0 ]; then
		printf 'ok    %-28s %s runs, %s inputs kept\n' "$name" \
			"$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")" \
			"$(find "$corpus" -type f | wc -l)"
	else
		printf 'FAIL  %s; the end of %s:\n%s\n' "$name" "$build/$name.log" \
			"$(tail -n 30 "$build/$name.log" | sed 's/^/  | /')"
	fi
	return $status
}

if [ "${1:-}" = --one ]; then
	shift
	one "$@"
	exit
fi
build=${1:?usage: run.sh BUILD SECONDS [NAME...]} seconds=${2:?usage: run.sh BUILD SECONDS [NAME...]}
shift 2
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "FUZZ_SECONDS: expected a number of seconds, found \"$seconds\"" >&2; exit 100; }
mkdir -p "$build/found"
if [ $# -eq 0 ]; then
	for source in tests/fuzz/*_fuzz.c; do
		set -- "$@" "$(basename "${source%.c}")"
	done
fi
# Each writes its lines at once, so those of two do not mix.
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 tests/fuzz/run.sh --one "$build" "$seconds" |
	tee "$build/results.txt"
passed=$(grep -c '^ok ' "$build/results.txt")
echo "$passed passed, $(($# - passed)) failed"
[ "$passed" -eq $# ]
