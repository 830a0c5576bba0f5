#!/usr/bin/env bash
# lint.sh - the rules that a machine can keep.
#
# usage: lint.sh [PART...]     default: all but analyze
#
#   format    clang-format agrees with every C file (make format makes it so)
#   tidy      clang-tidy, with the checks of .clang-tidy
#   analyze   clang-tidy with clang's analyser on top: ten times as long
#   cppcheck  what it calls a warning, or slow, or not portable
#   shell     shellcheck of every shell script
#   python    ruff, with the rules of ruff.toml
#   chart     the Helm chart renders, and what it renders is valid (tests/lint/chart.py)
#   contract  schemas, OpenAPI, AsyncAPI, examples and topics agree (tests/lint/contract.py)
#   rules     alert rules and dashboard name metrics that there are (tests/lint/monitoring.py)
#   layers    who may include whom (tests/layers.sh; needs a build)
#   pure      no decision reads a clock, a file or a global (tests/pure.sh; needs a build)
#
# Needs BUILD (default build).  clang-format, clang-tidy and ruff come pinned from
# tests/lint/requirements.txt into build/lint-venv, so that all machines agree; helm and kubectl
# alike (tests/lint/helm.sh), and without them chart is skipped (77); cppcheck, shellcheck
# and promtool are Debian's (deploy/stack/packages.sh lint).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 111
# shellcheck source=deploy/stack/words.sh
. deploy/stack/words.sh
build=${BUILD:-build}
venv=${LINT_VENV:-$PWD/build/lint-venv}
requirements=tests/lint/requirements.txt
passed=0 failed=0 skipped=0

tools()
{
	if ! cmp -s $requirements "$venv/installed.txt"; then
		rm -rf "$venv"
		python3 -m venv "$venv" && "$venv/bin/pip" install -q -r $requirements || return 1
		cp $requirements "$venv/installed.txt"
	fi
}

# The files that git knows or would, by the ends of their names.
files()
{
	git ls-files -co --exclude-standard -- "$@" | while read -r name; do
		[ ! -e "$name" ] || echo "$name"
	done
}

# Whatever begins as a shell script does, and what such scripts source. There are more files than
# one grep takes, and a piece of them may well have no script.
scripts()
{
	{ files '*.sh' && files | { xargs grep -lIE '^#!.*[/ ](ba)?sh( |$)' || true; }; } | sort -u
}

do_format()
{
	files '*.c' '*.h' | xargs "$venv/bin/clang-format" --dry-run -Werror
}

# run_tidy COUNT ARGUMENT...: COUNT files for each process.  Each process writes a file of its
# own, since lines of two that write at the same time run together.
run_tidy()
{
	local count=$1 said result

	shift
	make --no-print-directory compile_commands.json || return 1
	said=$(mktemp -d) || return 1
	# shellcheck disable=SC2016
	sed -n 's/^  "file": "\(.*\)",$/\1/p' compile_commands.json |
		xargs -P "$(nproc)" -n "$count" sh -c 'exec >>"$1/$$" 2>&1; shift; exec "$@"' \
			tidy "$said" "$venv/bin/clang-tidy" --quiet -p . "$@"
	result=${PIPESTATUS[1]}
	cat "$said"/* 2>/dev/null |
		grep -v '^\[[0-9]*/[0-9]*\] Processing\|^[0-9]* warnings\? .*generated\|^Suppressed\|^Use -header'
	rm -r "$said"
	return "$result"
}

# Not a part of its own: what make format does.
do_format-now()
{
	files '*.c' '*.h' | xargs "$venv/bin/clang-format" -i
}

do_tidy()
{
	run_tidy 8
}

# Not snprintf_s and its kin, which no libc of ours has, nor the order of members by their size.
# One file for each process: of a second one it believes that no va_list is ever begun.
do_analyze()
{
	local checks='clang-analyzer-*'

	checks+=,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling
	checks+=,-clang-analyzer-optin.performance.Padding
	run_tidy 1 --checks="$checks"
}

do_cppcheck()
{
	cppcheck -j "$(nproc)" --quiet --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppressions-list=tests/lint/cppcheck.txt --error-exitcode=1 \
		-I. "-I$build/gen" common services tests
}

do_shell()
{
	scripts | xargs shellcheck -x
}

do_python()
{
	"$venv/bin/ruff" check --quiet .
}

# SKIPPED: helm could not be had here, which is no fault of the chart.
do_chart()
{
	if ! tests/lint/helm.sh build/helm; then
		echo "SKIPPED chart: there is no helm for this machine (tests/lint/helm.sh)"
		return 77
	fi
	"$venv/bin/python" tests/lint/chart.py build/helm build/chart-schemas "$build"
}

# Not a part of its own: what make chart does.
do_chart-now()
{
	tests/lint/helm.sh build/helm &&
		"$venv/bin/python" tests/lint/chart.py build/helm build/chart-schemas "$build" --write
}

do_contract()
{
	"$venv/bin/python" tests/lint/contract.py
}

do_rules()
{
	"$venv/bin/python" tests/lint/monitoring.py promtool
}

do_layers()
{
	tests/layers.sh "$build"
}

do_pure()
{
	tests/pure.sh "$build"
}

[ $# -gt 0 ] || set -- format tidy cppcheck shell python chart contract rules layers pure
tools || die 111 "lint.sh: pip could not install what $requirements names"
for part in "$@"; do
	case $part in
	format | format-now | tidy | analyze | cppcheck | shell | python | chart | chart-now | contract | rules | layers | pure) ;;
	*) die 100 "lint.sh: expected format, tidy, analyze, cppcheck, shell, python, chart, contract, rules, layers or pure, found \"$part\"" ;;
	esac
	start=$(now_ms)
	"do_$part"
	case $? in
	0) passed=$((passed + 1)) && echo "ok    $part, in $(seconds_since "$start")" ;;
	77) skipped=$((skipped + 1)) && echo "skip  $part" ;;
	*) failed=$((failed + 1)) && echo "FAIL  $part, after $(seconds_since "$start")" ;;
	esac
done
echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ]
