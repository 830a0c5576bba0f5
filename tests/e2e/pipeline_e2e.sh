#!/usr/bin/env bash
# pipeline_e2e.sh - the sample of orders through the real services while each of them is killed,
# Redis is flushed and put back to an older file: the outcomes must be the simulation's all the
# same.  pipeline_chaos.py is the judge.  Needs BUILD, PYTHON, BROKER_LIBS.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111
"${PYTHON:-python3}" tests/e2e/pipeline_chaos.py "${BUILD:-build}" deploy/policy/shop.yaml \
	deploy/demo/orders.csv --until 2026-03-01T00:00:00Z --kills 2 --flush --rollback \
	--libs "${BROKER_LIBS:-build/broker/libs}"
