#!/usr/bin/env bash
# run.sh - make test: builds everything and runs everything that can fail.
#
# usage: run.sh [unit|lint|asan|pure|speed|fuzz|e2e]...    default: all of them
#        run.sh secure|upgrade|scale|identity|desk          what takes minutes more
#
# Needs BUILD (default build).  Logs are in BUILD/test-logs.  The last line is
# "N passed, N failed" (", N skipped") over all tests that ran; exit 1 when one failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 111
# shellcheck source=/dev/null
. deploy/stack/words.sh
build=${BUILD:-build}
logs=$build/test-logs
sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
passed=0 failed=0 skipped=0
mkdir -p "$logs"

heading()
{
	printf '\n== %s\n' "$1"
}

# count NAME STATUS LOG TOOK: adds what a program says of its tests, or the program itself.
count()
{
	local name=$1 status=$2 log=$3 took=$4 good bad left

	# cmocka's closing lines, or the plain one.
	good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p; s/^\([0-9]*\) passed, [0-9]* failed.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	bad=$(sed -n 's/^\[  FAILED  \] \(tests: \)\{0,1\}\([0-9]*\) test.*/\2/p; s/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	left=$(sed -n 's/^\[  SKIPPED \] \(tests: \)\{0,1\}\([0-9]*\) test.*/\2/p; s/^[0-9]* passed, [0-9]* failed, \([0-9]*\) skipped.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	if [ "$status" -eq 77 ]; then
		skipped=$((skipped + 1))
		printf 'skip  %-44s %s\n' "$name" "$(grep -i skipped "$log" | tail -n 1)"
		return
	fi
	[ $((good + bad + left)) -gt 0 ] || [ "$status" -ne 0 ] || good=1
	[ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
	if [ "$bad" -eq 0 ]; then
		printf 'ok    %-44s %4d in %s%s\n' "$name" "$good" "$took" \
			"$([ "$left" -eq 0 ] || echo ", $left skipped")"
	else
		printf 'FAIL  %-44s %d of %d, exit %d after %s; what failed and the end of %s:\n' \
			"$name" "$bad" $((good + bad)) "$status" "$took" "$log"
		grep -a '^ *FAIL\|FAILED\|: error: ' "$log" | head -n 20 | sed 's/^/  | /'
		echo "  | ..."
		tail -n 20 "$log" | sed 's/^/  | /'
	fi
}

# run_to_log SECONDS NAME COMMAND...: leaves NAME's log, its status and how long it took.
run_to_log()
{
	local limit=$1 log=$logs/${2//\//_}.log start

	shift 2
	start=$(now_ms)
	timeout --kill-after=20 "$limit" "$@" </dev/null >"$log" 2>&1
	echo "$? $(seconds_since "$start")" >"$log.status"
	! grep -q '^124 ' "$log.status" || echo "not done after $limit s" >>"$log"
}

# count_log NAME: counts what run_to_log left.
count_log()
{
	local log=$logs/${1//\//_}.log status took

	read -r status took <"$log.status"
	count "$1" "$status" "$log" "$took"
}

# run_one SECONDS NAME COMMAND...
run_one()
{
	run_to_log "$@"
	count_log "$2"
}

# compile WHAT ARGUMENT...: a build that fails is one failed test.
compile()
{
	local what=$1 start status

	shift
	start=$(now_ms)
	quietly "$logs/build-${what// /-}.log" make --no-print-directory -j"$(nproc)" "$@"
	status=$?
	echo "built: $what, in $(seconds_since "$start")"
	[ $status -eq 0 ] || failed=$((failed + 1))
	return $status
}

# Waits until fewer programs run in the background than there are processors.
wait_for_a_processor()
{
	while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
		wait -n
	done
}

# As many at a time as there are processors: each has ports and files of its own.
unit_tests()
{
	local test tests=()

	for test in tests/unit/*_test.c tests/sim/*_test.c tests/property/*_test.c; do
		[ ! -e "$test" ] || tests+=("${test%.c}")
	done
	for test in "${tests[@]}"; do
		wait_for_a_processor
		run_to_log 300 "$2$(basename "$test")" "$1/$test" &
	done
	wait
	for test in "${tests[@]}"; do
		count_log "$2$(basename "$test")"
	done
}

do_unit()
{
	heading "unit tests"
	tests/fixtures.sh build/fixtures
	compile "tests" BUILD="$build" unit-bins && unit_tests "$build" ""
}

# Layers and purity are a part of their own, and clang's analyser takes too long (make lint).
do_lint()
{
	local part

	heading "what machines say of the sources"
	for part in format tidy cppcheck shell python chart contract rules; do
		run_one 600 "lint/$part" tests/lint.sh $part
	done
}

do_asan()
{
	heading "unit tests with AddressSanitizer and UndefinedBehaviorSanitizer"
	compile "sanitizer tests" BUILD="$build/asan" SANITIZE="$sanitizers" CFLAGS="-O1 -g" unit-bins &&
		unit_tests "$build/asan" "asan/"
}

do_pure()
{
	heading "purity, what the binaries are made of, and what the pages say"
	run_one 60 pure tests/pure.sh "$build"
	run_one 60 layers tests/layers.sh "$build"
	run_one 60 docs tests/docs.py "$build"
	run_one 60 check-config tests/check_config.py "$build"
	run_one 60 hardened tests/hardened.sh "$build"
}

# Instructions and no times: another process on the machine is no failure of ours.
do_speed()
{
	heading "what a decision, a mail and an event cost"
	run_one 600 instructions tests/instructions.py "$build"
}

# Some seconds each, with a seed that stays: they build, what they found once stays mended, and a
# change is not blamed for what another number would have found (that is what make fuzz is for).
do_fuzz()
{
	local dir=$build/fuzz

	heading "fuzzers, ${FUZZ_SECONDS:-5} s each"
	if ! deploy/stack/packages.sh fuzz >"$logs/packages-fuzz.log" 2>&1; then
		skipped=$((skipped + 1))
		echo "skip  fuzzers: clang or its libFuzzer is missing (deploy/stack/packages.sh fuzz)"
		return
	fi
	compile "fuzzers" BUILD="$dir" CC="${FUZZ_CC:-clang}" CFLAGS="-O1 -g" \
		SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" \
		fuzzers && FUZZ_SEED=1 run_one 900 fuzz tests/fuzz/run.sh "$dir" "${FUZZ_SECONDS:-5}"
}

# Fetched once: confluent-kafka, for the tests with a stock client.
python_of_tests()
{
	local venv=${TEST_VENV:-$PWD/build/venv}

	if ! cmp -s tests/e2e/requirements.txt "$venv/installed.txt"; then
		rm -rf "$venv"
		quietly "$logs/venv.log" python3 -m venv "$venv" &&
			quietly "$logs/venv.log" "$venv/bin/pip" install -q \
				-r tests/e2e/requirements.txt || return 1
		cp tests/e2e/requirements.txt "$venv/installed.txt"
	fi
	python=$venv/bin/python
}

# on_broker NAME SCRIPT: leaves the log of a script that is given a broker, and nothing else from
# outside.
on_broker()
{
	local name=$1 script=("$2")

	[[ $2 == *.sh ]] || script=("$python" "$2" "$build")
	run_to_log 900 "$name" env PYTHON="$python" BUILD="$(realpath "$build")" \
		BROKER_LIBS="$(realpath "${BROKER_JARS:-build/broker}/libs")" \
		KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:$((10#$port_base + 9092))" \
		BROKER_PID="$(cut -d ' ' -f 1 "$build/test-stack/broker.pid")" "${script[@]}"
}

# on_one_broker SCRIPT...: two at a time, each with topics, ports and files of its own; then those
# that stop the broker, or load it, with nobody beside them.
on_one_broker()
{
	local script name alone=() beside=()

	for script in "$@"; do
		case $(basename "$script") in
		ingest_trouble_e2e.py | shops_e2e.py | stream_e2e.sh) alone+=("$script") ;;
		*) beside+=("$script") ;;
		esac
	done
	for script in "${beside[@]}"; do
		name=$(basename "${script%.*}")
		wait_for_a_processor
		on_broker "$name" "$script" &
	done
	wait
	for script in "${alone[@]}"; do
		on_broker "$(basename "${script%.*}")" "$script"
	done
	for script in "$@"; do
		count_log "$(basename "${script%.*}")"
	done
}

do_e2e()
{
	local test tests=() dir=$build/test-stack python='' port_base=${TEST_PORT_BASE:-12000}

	heading "end to end"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	# Those that start a stack of their own.
	for test in tests/e2e/*_stack.sh; do
		run_one 900 "$(basename "${test%.sh}")" "$test"
	done
	deploy/stack/stack.sh down --dir "$dir" 2>/dev/null
	rm -rf "$dir"
	deploy/stack/stack.sh up --bare --dir "$dir" --ports "$port_base" ||
		{ failed=$((failed + 1)) && return; }
	# Those that begin with #! and start what they test; other files are their parts.
	for test in tests/e2e/*_e2e.sh tests/e2e/*.py; do
		[ "$(head -c 2 "$test")" != "#!" ] || tests+=("$test")
	done
	on_one_broker "${tests[@]}"
	deploy/stack/stack.sh down --dir "$dir"
}

# make test-secure: its broker and its Redis are its own.
do_secure()
{
	local python=''

	heading "a Kafka and a Redis behind TLS, logins and ACLs"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	run_one 1500 secure env BUILD="$(realpath "$build")" "$python" tests/secure.py "$build" \
		--libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
	run_one 600 oidc env BUILD="$(realpath "$build")" "$python" tests/oidc.py "$build" \
		--libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
}

# make test-upgrade: the older release's build is BUILD/upgrade.
do_upgrade()
{
	local python=''

	heading "from an older release to this one and back"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	run_one 1500 upgrade tests/upgrade.sh "$build"
	cat "$logs/upgrade.log"
}

# make test-scale: three brokers of its own.
do_scale()
{
	local python=''

	heading "one, two and six instances on three brokers"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	run_one 1500 scale "$python" tests/scale.py "$build" \
		--libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
	cat "$logs/scale.log"
}

# make test-identity: 100,000 people take half an hour.
do_identity()
{
	local python=''

	heading "inboxes with several accounts, under kills"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	run_one 7200 identity "$python" tests/identity.py "$build" --people "${PEOPLE:-2000}" \
		--kills "${KILLS:-3}" --libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
	cat "$logs/identity.log"
}

# make test-desk: 100,000 tasks take some minutes.
do_desk()
{
	local python=''

	heading "tasks of people, under kills"
	python_of_tests || { failed=$((failed + 1)) && return; }
	deploy/stack/broker.sh fetch || { failed=$((failed + 1)) && return; }
	run_one 3600 desk-many "$python" tests/desk_many.py "$build" --tasks "${TASKS:-10000}" \
		--kills "${KILLS:-3}" --libs "$(realpath "${BROKER_JARS:-build/broker}/libs")"
	cat "$logs/desk-many.log"
}

trap 'deploy/stack/stack.sh down --dir "$build/test-stack" >/dev/null 2>&1; exit 130' INT TERM
start_ms=$(now_ms)
[ $# -gt 0 ] || set -- unit lint asan pure speed fuzz e2e
heading "build"
if compile "services and tools" BUILD="$build" build tools; then
	for part in "$@"; do
		case $part in
		unit | lint | asan | pure | speed | fuzz | e2e | secure | upgrade | scale | identity | desk) "do_$part" ;;
		*) die 100 "run.sh: expected unit, lint, asan, pure, speed, fuzz, e2e, secure, upgrade, scale, identity or desk, found \"$part\"" ;;
		esac
	done
fi
heading "after $(seconds_since "$start_ms")"
echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
