#!/usr/bin/env bash
# run.sh - make bench: the table of docs/performance.md, measured anew, each row beside its limit.
#
# usage: run.sh [PART]...     default: services mailhop signing ingest shops waiting history
#
# Each part is a script here, NAME_bench.py, which says what it does and can be run alone; BENCH
# holds options for all of them (--small, --rounds 1).  Besides these there are parts that say more
# than the table: steps codec mail latency hops pipeline.  What is measured beside us is fetched by
# make bench-peers.
#
# Needs BUILD (default build) with services and tools, and the broker's jars in BROKER_LIBS
# (default build/broker/libs).  Results: BUILD/bench/*.json, and the table on stdout, also in
# BUILD/bench/report.txt.  The table takes about twenty minutes on two cores with nobody else; on a
# busy machine its ratios are still worth something, the rest is not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
# shellcheck source=/dev/null
. deploy/stack/words.sh
build=$(realpath -m "${BUILD:-build}")
export BUILD=$build
export BROKER_LIBS=${BROKER_LIBS:-$PWD/build/broker/libs}
[ $# -gt 0 ] || set -- services mailhop signing ingest shops waiting history
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
is_in_table=no
for part in "$@"; do
	options=()
	case $part in
	services | mailhop | signing | ingest | shops | waiting | history)
		script=${part}_bench is_in_table=yes
		read -ra options <<<"${BENCH:-}" ;;
	steps) script=step_bench ;;
	mail | latency | pipeline) script=${part}_bench ;;
	hops) script=hop_bench ;;
	codec) script= ;;
	*) die 100 "tests/bench/run.sh: there is no part \"$part\"" \
		"expected services, mailhop, signing, ingest, shops, waiting, history (the table)," \
		"steps, codec, mail, latency, hops or pipeline" ;;
	esac
	printf '== %s\n\n' "$part" | tee -a "$report"
	if [ -z "$script" ]; then
		"$build/tests/bench/codec_bench" | tee -a "$report"
	else
		python3 "tests/bench/$script.py" --build "$build" "${options[@]}" | tee -a "$report"
	fi
done
[ $is_in_table = no ] || tests/bench/table.py print "$build/bench" | tee -a "$report" || true
say "the tables are in $report"
