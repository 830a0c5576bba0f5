#!/usr/bin/env bash
# demo.sh - a year of a made-up shop through the real services, in minutes, checked at the end.
#
# usage: make demo   (or, when all is built: deploy/demo/demo.sh)
#
# Replays deploy/demo/orders.csv on the event clock through Kafka, Redis, the services and
# SMTP, simulates the same orders in one process, and demands: the same outcomes line by line, no
# cap broken, as many mails as outcomes say were sent.  Leaves outcomes.jsonl, report.html and one
# mail of each kind in BUILD/demo, and the console up, where it is the last day of the replay, until
# `make down` or the next demo.  Exit 0: all of it was so; else everything it started is stopped.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
stack=$root/deploy/stack
for part in words ports; do
	# shellcheck source=/dev/null
	. "$stack/$part.sh"
done
ports_set "${PORT_BASE:-10000}"

build=$(realpath -m "${BUILD:-$root/build}")
out=$build/demo
run=$out/run
ctl=$build/bin/nurturectl
orders=$here/orders.csv
until=2026-03-01T00:00:00Z
begin_ms=$(now_ms)
step_ms=$begin_ms
steps=0

# A heading for what comes; how long the last one took.
step()
{
	[ $steps -eq 0 ] || say "  done in $(seconds_since "$step_ms")"
	steps=$((steps + 1))
	step_ms=$(now_ms)
	say ""
	say "[$steps/7] $*"
}

stop()
{
	local status=$?

	trap - EXIT INT TERM
	"$stack/stack.sh" down --dir "$run" 2>/dev/null || true
	if [ $status -ne 0 ]; then
		say "the demo stopped with $status; the logs are in $run"
	fi
	exit $status
}

"$stack/stack.sh" down --dir "$run" 2>/dev/null
rm -rf "$out"
mkdir -p "$out"
trap stop EXIT
trap 'exit 130' INT TERM

step "Starting Kafka, Redis, a mail catcher and the services, with a clock that events turn"
"$stack/stack.sh" up --dir "$run" --clock event
set -a
# shellcheck source=/dev/null
. "$run/settings.env"
set +a
"$ctl" check "$NURTURE_POLICY" --templates "$NURTURE_TEMPLATES" | sed 's/^/  /' >&2

step "Replaying 14 months of orders of a made-up shop, $(($(wc -l <"$orders") - 1)) lines"
"$ctl" replay --orders "$orders" --as-fast-as-possible --until "$until" | sed 's/^/  /' >&2
"$ctl" wait --to "$until" --timeout 15m | sed 's/^/  /' >&2

step "Reading what became of it"
"$ctl" outcomes >"$out/outcomes.jsonl"
say "  $(wc -l <"$out/outcomes.jsonl") outcomes in $out/outcomes.jsonl"

step "Simulating the same orders in one process and comparing line by line"
"$ctl" simulate --policy "$NURTURE_POLICY" --orders "$orders" --until "$until" \
	--outcomes "$out/simulated.jsonl" >"$out/simulation.txt"
"$ctl" compare "$out/simulated.jsonl" "$out/outcomes.jsonl" | sed 's/^/  /' >&2

step "Auditing every cap from what was sent, and the books"
"$ctl" audit --policy "$NURTURE_POLICY" "$out/outcomes.jsonl" | sed 's/^/  /' >&2

step "Counting mails"
sent=$(grep -c '"status":"sent"' "$out/outcomes.jsonl" || true)
caught=$(curl -sf "http://127.0.0.1:$PORT_MAILS/count")
[ "$sent" = "$caught" ] ||
	die 1 "$sent outcomes say \"sent\", but $caught mails arrived at the catcher" \
		"the mails are in $run/mails/mails.mbox"
say "  $sent outcomes say \"sent\", $caught mails arrived"
python3 "$here/show_mails.py" "$run/mails" "$root/deploy/templates" "$out" | sed 's/^/  /' >&2

step "Writing the report"
"$ctl" report --policy "$NURTURE_POLICY" --orders "$orders" --until "$until" \
	--outcomes "$out/outcomes.jsonl" --html "$out/report.html"
trap - EXIT INT TERM

say ""
say "All of it is as it should be, after $(seconds_since "$begin_ms").  To look at:"
say "  $out/report.html     what the shop would have seen"
say "  $out/mail.html       one mail of each kind (mail.eml: the first as it went out)"
say "  $out/outcomes.jsonl  every decision with its reason"
say "  http://localhost:$PORT_CONSOLE/   the console, where it is $until; write admin@shop.example there"
say "  http://127.0.0.1:$PORT_MAILS/    the mails: the newest has the link to sign in"
say "It stays up until: make down.  Live instead, on the wall clock: make up"
