#!/usr/bin/env bash
# pipeline_e2e.sh - the sample of orders through the real services while each of them is killed,
# Redis is flushed and put back to an older file: the outcomes must be the simulation's all the
# same, under each of the ready policies.  pipeline_chaos.py is the judge.
# Needs BUILD, PYTHON, BROKER_LIBS.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111

# replay POLICY ACCIDENTS...
replay()
{
	echo "== $1"
	"${PYTHON:-python3}" tests/e2e/pipeline_chaos.py "${BUILD:-build}" "deploy/policy/$1.yaml" \
		deploy/demo/orders.csv --until 2026-03-01T00:00:00Z \
		--libs "${BROKER_LIBS:-build/broker/libs}" "${@:2}"
}

replay shop --kills 2 --flush --rollback || exit
replay hotel --kills 1 || exit
replay electronics --kills 1
