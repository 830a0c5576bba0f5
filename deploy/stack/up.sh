#!/usr/bin/env bash
# up.sh - make up: the stack on the wall clock under .run, and what one can do with it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
for part in words ports; do
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done
# What a demo left up has the same ports.
demo=${BUILD:-build}/demo/run
[ ! -d "$demo" ] || "$here/stack.sh" down --dir "$demo"
"$here/stack.sh" up
ports_set "${PORT_BASE:-10000}"

# Nobody gets mail at night, so the first customer lives where it is day.
hour=$(date -u +%-H)
if ((hour < 8)); then
	zone=Australia/Sydney
elif ((hour < 19)); then
	zone=Europe/London
else
	zone=America/Los_Angeles
fi
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
cat <<END

Nurture runs.  First events:

  curl -i http://127.0.0.1:$PORT_INGEST/v1/events \\
    -H "Authorization: Bearer \$(cat .run/ingest-token)" -H "Content-Type: application/json" -d '[
    {"id": "c1", "type": "consent.changed", "time": "$now",
     "customer": {"id": "ann", "name": "Ann Archer", "email": "ann@mail.example",
                  "time_zone": "$zone", "consent": {"all": true}},
     "proof": {"source": "sign-up form", "at": "$now"}},
    {"id": "e1", "type": "order.placed", "time": "$now",
     "customer": {"id": "ann"}, "order": {"id": "o1", "amount": "59.00", "currency": "GBP"}}]'

Send the order again with other ids (e2, o2): who comes back is thanked.
  console      http://localhost:$PORT_CONSOLE/   as admin@shop.example: the link is among the mails
  mails        http://127.0.0.1:$PORT_MAILS/
  why          set -a; . .run/settings.env; set +a; ${BUILD:-build}/bin/nurturectl why ann
  logs, data   .run/          feedback page  http://127.0.0.1:$PORT_REVIEW_SOLICITOR/
  stop         make down
END
