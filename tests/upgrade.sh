#!/usr/bin/env bash
# upgrade.sh - make test-upgrade: builds an older release from its commit and goes from it to this
# one and back, on a broker and a Redis that stay; upgrade.py has the scenario.
#
# usage: upgrade.sh BUILD
#
# FROM names the older release's commit.  Its sources and its build are BUILD/upgrade/COMMIT, and
# stay there.  Exit 0, 1 when something does not hold, 77 when the history here has no such commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 111
# shellcheck source=/dev/null
. deploy/stack/words.sh
build=$(realpath "$1")
from=${FROM:-3de7e68}

commit=$(git rev-parse --verify --quiet "$from^{commit}") || {
	echo "skipped: $from is no commit of this history (git fetch --unshallow gets all of it)"
	exit 77
}
tree=$build/upgrade/${commit:0:12}
mkdir -p "$tree"
# An archive and no work tree: the repository is left as it is.
[ -e "$tree/Makefile" ] || git archive "$commit" | tar -x -C "$tree"
start=$(now_ms)
quietly "$build/upgrade/build.log" env -u BUILD -u MAKEFLAGS \
	make -C "$tree" --no-print-directory -j"$(nproc)" ${CC:+CC="$CC"} build ||
	die 1 "$from does not build here"
say "built $from in $(seconds_since "$start")"
python=${TEST_VENV:-$PWD/build/venv}/bin/python
exec "$python" tests/upgrade.py "$build" --old "$tree/build" --old-tree "$tree" \
	--libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
