#!/usr/bin/env bash
# big_orders.sh - ten million orders simulated with a report, and the memory that it took.
#
# usage: big_orders.sh BUILD [ORDERS [POLICY [OPTION...]]]
#
# The orders come from make_orders.py, a quarter as many customers as orders; options are
# nurturectl simulate's.  Everything is in TMPDIR, which needs about 2 GB, and goes away at the end.
# Exit 1 when it took more than --memory's 512 MiB.
set -euo pipefail
build=$(realpath "${1:?usage: big_orders.sh BUILD [ORDERS [POLICY [OPTION...]]]}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
orders=${2:-10000000}
policy=${3:-deploy/policy/shop.yaml}
shift $(($# < 3 ? $# : 3))
most_kb=$((512 << 10))

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 tests/bench/make_orders.py "$orders" $((orders / 4)) >"$dir/orders.csv"
python3 - "$most_kb" "$build/bin/nurturectl" simulate --policy "$policy" --orders "$dir/orders.csv" \
	--delivered-after 3d --outcomes /dev/null --tasks /dev/null --report "$dir/report.html" \
	--json "$dir/report.json" "$@" <<'PYTHON'
import resource
import subprocess
import sys
import time

begun = time.monotonic()
done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.stdout.split("\n")[0])
print(f"{time.monotonic() - begun:.0f} s, of processors {used.ru_utime + used.ru_stime:.0f} s; "
      f"{used.ru_maxrss >> 10} MiB at the most")
sys.exit(done.returncode or used.ru_maxrss > int(sys.argv[1]))
PYTHON
