#!/usr/bin/env bash
# run.sh - make bench: how fast the parts and the whole are, as ratios of what the machine can do.
#
# usage: run.sh [steps|codec|mail|ingest|latency|hops|pipeline]...    default: all of them, in this order
#
# Needs BUILD (default build) with services and tools, and the broker's jars in BROKER_LIBS
# (default build/broker/libs).  Results: BUILD/bench/*.json and tables on stdout, also in
# BUILD/bench/report.txt.  About twenty minutes on an idle machine; on a busy one the ratios
# are still worth something, the rest is not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
# shellcheck source=/dev/null
. deploy/stack/words.sh
build=$(realpath -m "${BUILD:-build}")
export BUILD=$build
export BROKER_LIBS=${BROKER_LIBS:-$PWD/build/broker/libs}
[ $# -gt 0 ] || set -- steps codec mail ingest latency hops pipeline
for name in nurturectl ingest segmenter; do
	[ -x "$build/bin/$name" ] || die 100 "$build/bin/$name is missing" "run: make build tools"
done
for name in codec_bench copy_chain http_load mail_bench step_bench topic_counts trivial_handler; do
	[ -x "$build/tests/bench/$name" ] || die 100 "$build/tests/bench/$name is missing" \
		"run: make build tools"
done
mkdir -p "$build/bench"
report=$build/bench/report.txt
: >"$report"
for part in "$@"; do
	if [ "$part" = codec ]; then
		printf '== codec\n\n' | tee -a "$report"
		"$build/tests/bench/codec_bench" | tee -a "$report"
		continue
	fi
	case $part in
	steps) script=step_bench ;;
	mail | ingest | latency | pipeline) script=${part}_bench ;;
	hops) script=hop_bench ;;
	*) die 100 "expected steps, codec, mail, ingest, latency, hops or pipeline, found \"$part\"" ;;
	esac
	printf '== %s\n\n' "$part" | tee -a "$report"
	python3 "tests/bench/$script.py" --build "$build" | tee -a "$report"
done
say "the tables are in $report"
