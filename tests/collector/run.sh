#!/usr/bin/env bash
# run.sh - make test-collector: do the spans of all services reach a real OpenTelemetry Collector?
#
# usage: run.sh BUILD
#
# Builds the collector from its Go modules (go.mod), once, into BUILD/collector; then
# tests/collector/collector.py has a broker and services of its own.  Exit 77: no go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/stack/words.sh
. deploy/stack/words.sh
build=$(realpath "${1:?usage: run.sh BUILD}")
venv=${TEST_VENV:-$PWD/build/venv}

if ! command -v go >/dev/null; then
	echo "SKIPPED collector: go is missing, and with it the collector cannot be built"
	exit 77
fi
if [ ! -x "$build/collector" ] || [ tests/collector/go.mod -nt "$build/collector" ] ||
	[ tests/collector/main.go -nt "$build/collector" ]; then
	say "building the collector, which takes some minutes"
	(cd tests/collector && go build -o "$build/collector" .)
fi
if ! cmp -s tests/e2e/requirements.txt "$venv/installed.txt"; then
	python3 -m venv "$venv"
	"$venv/bin/pip" install -q -r tests/e2e/requirements.txt
	cp tests/e2e/requirements.txt "$venv/installed.txt"
fi
deploy/stack/broker.sh fetch
COLLECTOR=$build/collector exec "$venv/bin/python" tests/collector/collector.py "$build" \
	--libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
