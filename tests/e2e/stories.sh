#!/usr/bin/env bash
# stories.sh - everything that is told with the wall clock, for hands: make test runs each alone.
# The one that waits for a reminder runs beside the others.  Needs BUILD, PYTHON (with
# confluent-kafka), and KAFKA_BOOTSTRAP_SERVERS or the broker's jars in build/broker/libs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111
python=${PYTHON:-python3}
"$python" -c 'import confluent_kafka' 2>/dev/null ||
	{ echo "skipped: $python has no confluent-kafka" && exit 77; }
beside=$(mktemp)
trap 'rm -f "$beside"' EXIT
"$python" tests/e2e/feedback.py "$@" >"$beside" 2>&1 &
status=0
for story in first_order bounces preferences stock_client mail_faults asked_again in_doubt services rebalance; do
	echo "== $story"
	"$python" "tests/e2e/$story.py" "$@" || status=1
done
wait $! || status=1
echo "== feedback"
cat "$beside"
exit $status
