#!/usr/bin/env bash
# layers.sh - proves that includes and calls only go down, and never in a circle.
#
# usage: layers.sh BUILD    (after a build)
#
# A file includes its own folder and those that stand below it in `floors`; a service includes
# itself and common, the console, which shows what the others keep, theirs besides, and nurturectl,
# which simulates them, all.  Within a
# service the files at its root and those of its sub-folders include each other, and of the
# sub-folders each only those that stand below it in `rooms`.
# No header includes itself by a detour, and no file of the scheduler calls back, by whatever
# detour, the file that called it.  Exit 1 names each line that breaks this.
set -euo pipefail
build=$(realpath "${1:?usage: layers.sh BUILD}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# From the ground up; of two on one line neither may include the other.
floors="
common/base
common/codec
common/template
common/web
common/policy/file common/forecast
common/policy
common/policy/load
common/token
common/message
common/mail
common/io/process
common/io/tracing common/io/http
common/io/kafka common/io/redis
common/io/smtp
common/io/config
common/stream
services/ingest services/segmenter services/scheduler services/email-sender services/review-solicitor services/desk
services/console
services/nurturectl
"

# The same of the sub-folders of each service.
rooms="
services/ingest/catalogue
services/ingest/bounces services/ingest/events services/ingest/permits services/ingest/tracking services/ingest/shops
services/segmenter/profile
services/segmenter/rules
services/email-sender/compose
services/email-sender/delivery
services/review-solicitor/pages
services/desk/tell
services/desk/life
services/desk/morning
services/console/who services/console/view
services/console/say
services/console/pages
services/nurturectl/outcomes services/nurturectl/repair services/nurturectl/exports services/nurturectl/bulk services/nurturectl/voices
services/nurturectl/sim
services/nurturectl/audit services/nurturectl/doctor services/nurturectl/explain services/nurturectl/report services/nurturectl/suggest services/nurturectl/fit
services/nurturectl/whatif
services/nurturectl/cmd
"

# Each include of a file of ours: "FILE:LINE FILE INCLUDED", from the folder or from the root, with
# quotes or brackets around it.
include='^[[:blank:]]*#[[:blank:]]*include[[:blank:]]*'
includes=$(grep -rnoE "${include}[\"<][^\">]+" common services --include='*.[ch]' |
	while IFS=: read -r file line word; do
		word=${word##*[\"<]}
		[ -e "${file%/*}/$word" ] && word=${file%/*}/$word
		[ ! -e "$word" ] || echo "$file:$line $file $word"
	done)

# climbs TABLE: of lines "FILE:LINE FILE INCLUDED", what does not go down in the table.
climbs()
{
	awk -v floors="$1" '
	function room_of(path,   best, room) {
		for (room in floor)
			if (index(path, room "/") == 1 && length(room) > length(best))
				best = room
		return best
	}
	BEGIN { n = split(floors, lines, "\n")
		for (i = 1; i <= n; i++) { m = split(lines[i], rooms, " ")
			for (j = 1; j <= m; j++) floor[rooms[j]] = i } }
	{ from = room_of($2); to = room_of($3)
	  if (!from || !to) print $1 ": " (from ? $3 : $2) " stands on no floor"
	  else if (from != to && floor[to] >= floor[from]) print $1 ": " from " must not include " $3 }'
}

up=$(climbs "$floors" <<<"$includes")
# What one sub-folder of a service includes of the same service's sub-folders.
inside=$(awk '{split($2, from, "/"); split($3, to, "/")}
	from[1] == "services" && from[2] == to[2] && from[4] && to[4]' <<<"$includes" | climbs "$rooms")

# A file of another folder is named from the root.
ways=$(grep -rnE "${include}[\"<][^\">]*\.\./" common services tests --include='*.[ch]' |
	sed -E 's/^([^:]*:[0-9]+):[[:blank:]]*#[^"<]*(.*)$/\1: \2 is not named from the root/' || true)

# circle WHAT: of lines "FROM TO LABEL", the labels of those that lead round in a circle.
circle()
{
	local edges members

	edges=$(cat)
	members=$(cut -d ' ' -f 1,2 <<<"$edges" | { tsort 2>&1 >/dev/null || true; } |
		sed -n 's/^tsort: \([^ ]*\/[^ ]*\)$/\1/p')
	awk -v members="$members" -v what="$1" '
		BEGIN { n = split(members, list, "\n"); for (i = 1; i <= n; i++) is_in[list[i]] }
		$1 != $2 && $1 in is_in && $2 in is_in {print $3 ": " what " " $2 ", in a circle"}
	' <<<"$edges"
}

headers=$(awk '$2 ~ /\.h$/ && $3 ~ /\.h$/ {print $2, $3, $1}' <<<"$includes" | circle includes)
calls=$(for source in services/scheduler/*.c; do
	nm -P "$build/${source%.c}.o" | sed "s|^|$source |"
done | awk '$3 == "U" {used[$1 " " $2]} $3 ~ /^[TDRB]$/ {file_of[$2] = $1}
	END {for (use in used) { split(use, of, " ")
		if (of[2] in file_of) print of[1], file_of[of[2]], of[1] ":" of[2] } }' | circle calls)

if [ -n "$up$inside$ways$headers$calls" ]; then
	printf '%s\n' "$up" "$inside" "$ways" "$headers" "$calls" | grep .
	exit 1
fi
echo "layers: $(wc -l <<<"$includes") includes go down, the scheduler's calls too"
