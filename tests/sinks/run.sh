#!/usr/bin/env bash
# run.sh - make test-sinks: deploy/sinks on a broker of its own, with ClickHouse and Kafka Connect.
#
# Fetches Connect's runtime from Maven Central and chdb from PyPI, in the versions of pom.xml and
# requirements.txt, once. Needs BUILD with nurturectl; SINKS_PORT_BASE is where the broker listens.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/stack/words.sh
. deploy/stack/words.sh
build=$(realpath "${BUILD:-build}")
jars=${SINKS_JARS:-$PWD/build/sinks} venv=$PWD/build/sinks-venv
dir=$build/sinks-stack base=${SINKS_PORT_BASE:-14000}

if ! cmp -s tests/sinks/pom.xml "$jars/fetched.pom"; then
	rm -rf "$jars"
	mkdir -p "$jars"
	quietly "$jars/maven.log" mvn -B -ntp -f tests/sinks/pom.xml dependency:copy-dependencies \
		-DoutputDirectory="$jars/libs" || die 111 "Connect's jars could not be fetched"
	cp tests/sinks/pom.xml "$jars/fetched.pom"
fi
if ! cmp -s tests/sinks/requirements.txt "$venv/installed.txt"; then
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install -q -r tests/sinks/requirements.txt
	cp tests/sinks/requirements.txt "$venv/installed.txt"
fi
deploy/stack/broker.sh fetch
trap 'deploy/stack/stack.sh down --dir "$dir" >/dev/null 2>&1' EXIT
rm -rf "$dir"
deploy/stack/stack.sh up --bare --dir "$dir" --ports "$base"
KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:$((base + 9092)) \
	"$venv/bin/python" tests/sinks/sinks.py "$build" "$jars/libs" $((base + 8083))
