#!/usr/bin/env bash
# run.sh - the console in a real browser (make test-console).
#
# usage: run.sh BUILD [--pictures]     --pictures: docs/pictures anew
#
# Fetches playwright into a venv of its own, and axe-core; the browser is the system's.  Exit 77
# when there is none.
set -euo pipefail
: "${1:?usage: run.sh BUILD [--pictures]}"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
venv=build/console-venv wanted=$(cat tests/e2e/requirements.txt tests/console/requirements.txt)

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
	echo "skipped: no browser (chromium) in PATH"
	exit 77
fi
if [ "$(cat "$venv/installed.txt" 2>/dev/null)" != "$wanted" ]; then
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install -q -r tests/e2e/requirements.txt -r tests/console/requirements.txt
	echo "$wanted" >"$venv/installed.txt"
fi
[ tests/axe/node_modules/.package-lock.json -nt tests/axe/package-lock.json ] ||
	(cd tests/axe && npm ci --no-audit --no-fund --silent)
BROWSER=$browser PYTHONPATH=tests/e2e exec "$venv/bin/python" tests/console/browser.py "$@"
