#!/usr/bin/env bash
# pipeline_e2e.sh - the sample of orders through the real services while each of them is killed,
# Redis is flushed and put back to an older file: the outcomes must be the simulation's all the
# same, under each of the ready policies; and so must the tasks of bookings that are moved and
# cancelled, under the hotel's; and what people did besides ordering, as a file of events.  pipeline_chaos.py is the judge.
# Needs BUILD, PYTHON, BROKER_LIBS.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111

# replay POLICY ORDERS UNTIL ACCIDENTS...
replay()
{
	echo "== $1, $2"
	"${PYTHON:-python3}" tests/e2e/pipeline_chaos.py "${BUILD:-build}" "deploy/policy/$1.yaml" \
		"$2" --until "$3" --libs "${BROKER_LIBS:-build/broker/libs}" "${@:4}"
}

sample=deploy/demo/orders.csv
bookings=$(mktemp) events=$(mktemp --suffix .jsonl.gz)
trap 'rm -f "$bookings" "$events"' EXIT
"${PYTHON:-python3}" tests/tools/make_bookings.py >"$bookings" || exit 111
"${PYTHON:-python3}" tests/tools/make_events.py $sample | gzip >"$events" || exit 111

replay shop $sample 2026-03-01T00:00:00Z --events "$events" --kills 2 --flush --rollback || exit
replay hotel $sample 2026-03-01T00:00:00Z --kills 1 || exit
replay hotel "$bookings" 2026-12-01T00:00:00Z --kills 1 --flush || exit
replay electronics $sample 2026-03-01T00:00:00Z --kills 1
