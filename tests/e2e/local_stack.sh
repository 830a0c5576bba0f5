#!/usr/bin/env bash
# local_stack.sh - the two commands keep their word: the stack starts, stops, mends itself, and
# says what is wrong; the sample of orders goes through it as the simulation says.
#
# Needs a build (BUILD).  Starts its own stack on TEST_PORT_BASE (12000).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 111
export BUILD=${BUILD:-build} PORT_BASE=${TEST_PORT_BASE:-12000}
stack=deploy/stack/stack.sh
work=$(mktemp -d)
dir=$work/run
passed=0 failed=0 holder=

finish()
{
	$stack down --dir "$dir" >/dev/null 2>&1
	[ -z "$holder" ] || kill "$holder" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

# expect WHAT STATUS TEXT COMMAND...: its exit status, and a text that it must print.
expect()
{
	local what=$1 status=$2 text=$3 found

	shift 3
	"$@" >"$work/out" 2>&1
	found=$?
	if [ $found -eq "$status" ] && { [ -z "$text" ] || grep -qE -- "$text" "$work/out"; }; then
		passed=$((passed + 1))
		echo "ok: $what"
	else
		failed=$((failed + 1))
		echo "FAILED: $what: exit $found, expected $status and \"$text\":"
		sed 's/^/  | /' "$work/out"
	fi
}

# settle SECONDS COMMAND...: until it succeeds.
settle()
{
	local i limit=$(($1 * 5))

	shift
	for ((i = 0; i < limit; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.2
	done
	echo "not so after $((limit / 5)) s: $*"
	return 1
}

# Of the directory and all files in it with secrets: for its owner alone.
closed()
{
	[ "$(stat -c %a "$dir")" = 700 ] &&
		[ "$(stat -c %a "$dir"/{settings.env,ingest-token,token-key,coupon-key} | sort -u)" = 600 ]
}

ready()
{
	curl -sf "http://127.0.0.1:$((PORT_BASE + $1))/readyz"
}

# Gone, or only waiting for its parent to hear of it: init may take its time.
ended()
{
	! kill -0 "$1" || grep -q '^State:.*Z' "/proc/$1/status"
}

caught()
{
	[ "$(curl -s "http://127.0.0.1:$((PORT_BASE + 8025))/count")" = "$1" ]
}

publish()
{
	curl -s -i "http://127.0.0.1:$((PORT_BASE + 8080))/v1/events" -H "Content-Type: application/json" \
		-H "Authorization: Bearer $(cat "$dir/ingest-token")" -d '{"id": "'"$1"'",
		"type": "order.placed", "time": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "customer": {
		"id": "ann", "email": "ann@mail.example", "time_zone": "'"$2"'", "consent": {"all": true}},
		"order": {"id": "'"$1"'", "amount": "59.00", "currency": "GBP"}}'
}

# A zone where nobody sleeps now.
day_zone()
{
	local hour

	hour=$(date -u +%-H)
	if ((hour < 8)); then echo Australia/Sydney; elif ((hour < 19)); then echo Europe/London; else echo America/Los_Angeles; fi
}

service_pid()
{
	cut -d ' ' -f 1 "$dir/$1.service.pid"
}

expect "the sample is what its generator makes" 0 "" \
	cmp deploy/demo/orders.csv <(deploy/demo/make_orders.py)
expect "a base that is no number" 100 "PORT_BASE: expected a number" $stack up --dir "$dir" --ports x
expect "a clock that is none" 100 "expected wall or event" $stack up --dir "$dir" --clock sun
expect "a command that is none" 100 "expected up, down or status" $stack sideways
expect "nothing to stop" 0 "nothing of .* is running" $stack down --dir "$dir"

redis-server --port $((PORT_BASE + 6379)) --bind 127.0.0.1 --save "" >/dev/null 2>&1 &
holder=$!
settle 10 redis-cli -p $((PORT_BASE + 6379)) PING
expect "a port that is taken" 111 "port $((PORT_BASE + 6379)) \(redis\) is taken" $stack up --dir "$dir"
kill $holder
wait $holder 2>/dev/null
holder=

sed 's/^caps:/cups:/' deploy/policy/shop.yaml >"$work/wrong.yaml"
expect "a wrong policy is named with its line" 111 'wrong.yaml:[0-9]+: unknown key .*cups' \
	env NURTURE_POLICY="$work/wrong.yaml" $stack up --dir "$dir"
expect "and nothing stays behind" 1 "broker +- +stopped" $stack status --dir "$dir"

rm -rf "$dir"
expect "up" 0 "up after" $stack up --dir "$dir"
expect "what it holds is closed to others" 0 "" closed
expect "up again" 111 "runs already" $stack up --dir "$dir"
expect "status" 0 "review-solicitor +[0-9]+ +running" $stack status --dir "$dir"
expect "a first order" 0 "202" publish o1 "$(day_zone)"
expect "a second one" 0 "202" publish o2 "$(day_zone)"
expect "the returning customer gets a mail" 0 "" settle 30 caught 1

old=$(service_pid scheduler)
kill -9 "$old"
expect "a killed service comes back" 0 "" settle 30 ready 8082
expect "as another process" 0 "supervisor: scheduler ended with 137" cat "$dir/scheduler.log"
expect "its supervisor is not needed to stop it" 0 "" kill -9 "$(cut -d ' ' -f 1 "$dir/segmenter.pid")"
segmenter=$(service_pid segmenter)
expect "down" 0 "stopped: .*segmenter" $stack down --dir "$dir"
expect "all of it" 0 "" settle 10 ended "$segmenter"
expect "down again" 0 "nothing of .* is running" $stack down --dir "$dir"

# Everything is checked in there: the same outcomes as simulated, the caps, the mails.
expect "the demo" 0 "All of it is as it should be" deploy/demo/demo.sh
expect "its console is up" 0 "" settle 10 ready 8085
expect "and stopped" 0 "stopped: .*console" $stack down --dir "${BUILD:-build}/demo/run"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
