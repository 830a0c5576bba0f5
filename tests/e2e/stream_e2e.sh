#!/usr/bin/env bash
# stream_e2e.sh - the loop of all stateful services under kills, flushes and rollbacks, in both
# kinds of time; stream_torture.py is the judge.  Needs KAFKA_BOOTSTRAP_SERVERS, BUILD, PYTHON.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111
[ -n "${KAFKA_BOOTSTRAP_SERVERS:-}" ] || { echo "skipped: KAFKA_BOOTSTRAP_SERVERS is not set" && exit 77; }
passed=0 failed=0
for options in "--clock event --kills 3" "--clock wall --kills 2 --flushes 2 --rollbacks 1"; do
	# shellcheck disable=SC2086 # words on purpose
	if "${PYTHON:-python3}" tests/e2e/stream_torture.py "${BUILD:-build}" --customers 2000 \
		--records 20000 $options; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
