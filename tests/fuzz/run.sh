#!/usr/bin/env bash
# run.sh - make fuzz: every fuzzer for some seconds, each on a corpus of its own that is kept.
#
# usage: run.sh BUILD SECONDS    exit 1 when one found something; what it found is in BUILD/found
set -uo pipefail
build=${1:?usage: run.sh BUILD SECONDS} seconds=${2:?usage: run.sh BUILD SECONDS}
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "FUZZ_SECONDS: expected a number of seconds, found \"$seconds\"" >&2; exit 100; }
passed=0 failed=0
mkdir -p "$build/found"
for source in tests/fuzz/*_fuzz.c; do
	name=$(basename "${source%.c}")
	corpus=$build/corpus/$name
	dictionary=${source%.c}.dict
	mkdir -p "$corpus"
	options=()
	[ ! -e "$dictionary" ] || options=("-dict=$dictionary")
	if "$build/${source%.c}" -max_total_time="$seconds" -print_final_stats=1 -timeout=10 \
		-artifact_prefix="$build/found/$name-" \
		"${options[@]}" \
		"$corpus" >"$build/$name.log" 2>&1; then
		passed=$((passed + 1))
		printf 'ok    %-28s %s runs, %s inputs kept\n' "$name" \
			"$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")" \
			"$(find "$corpus" -type f | wc -l)"
	else
		failed=$((failed + 1))
		printf 'FAIL  %s; the end of %s:\n' "$name" "$build/$name.log"
		tail -n 30 "$build/$name.log" | sed 's/^/  | /'
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
