#!/usr/bin/env bash
# run.sh - make test-clients: other people's clients against ingest and a broker of its own.
#
# Fetches the clients from npm and PyPI, in the versions of package-lock.json and requirements.txt,
# once; AsyncAPI's own parser, which comes the same way, reads deploy/asyncapi.yaml. Needs BUILD with
# the services; CLIENTS_PORT_BASE is where the broker listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(realpath "${BUILD:-build}")
venv=$PWD/build/clients-venv dir=$build/clients-stack base=${CLIENTS_PORT_BASE:-13000}

(cd tests/clients && { [ node_modules/.package-lock.json -nt package-lock.json ] ||
	npm ci --ignore-scripts --no-audit --no-fund --silent; })
node tests/clients/asyncapi.mjs deploy/asyncapi.yaml
if ! cmp -s tests/clients/requirements.txt "$venv/installed.txt"; then
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install -q -r tests/clients/requirements.txt
	cp tests/clients/requirements.txt "$venv/installed.txt"
fi
python3 tests/clients/shopify/run.py
deploy/stack/broker.sh fetch
trap 'deploy/stack/stack.sh down --dir "$dir" >/dev/null 2>&1' EXIT
rm -rf "$dir"
deploy/stack/stack.sh up --bare --dir "$dir" --ports "$base"
BUILD=$build CLIENTS_PYTHON=$venv/bin/python KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$((base + 9092)) \
	BROKER_PID=$(cut -d ' ' -f 1 "$dir/broker.pid") "$venv/bin/python" tests/clients/run.py
