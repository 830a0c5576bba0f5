#!/usr/bin/env bash
# pictures.sh - a picture of every mail and page: light, dark, and on a telephone; and a page of them.
#
# usage: pictures.sh BUILD OUT [TEMPLATE...]      (make pictures)
#
# Needs a browser in PATH.  Pages are those of tests/golden, unless templates are named.  Each template is shown with a policy that sends it, and in German where it is.
set -euo pipefail
build=${1:?usage: pictures.sh BUILD OUT [TEMPLATE...]} out=${2:?usage: pictures.sh BUILD OUT [TEMPLATE...]}
shift 2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p "$out"
wants_pages=$(($# == 0))
names_of() # of the files deploy/templates/GLOB the FIELD between points, each once
{
	find deploy/templates -maxdepth 1 -name "$1" -printf '%f\n' | cut -d. -f"$2" | sort -u
}
if [ $# -eq 0 ]; then
	mapfile -t all < <(names_of '*.subject.mustache' 1)
	set -- "${all[@]}"
fi

take()
{
	"$build/bin/nurturectl" preview "$1" --policy "$2" --templates deploy/templates --locale "$3" \
		--png "$out/$4.png" "${@:5}"
}

page=$out/index.html
echo '<!DOCTYPE html><meta charset=utf-8><title>Mails</title><style>img{margin:4px;vertical-align:top;border:1px solid #888}</style>' >"$page"
for template in "$@"; do
	policy=$(grep -lE "email: $template([,} ]|\$)" deploy/policy/{hotel,electronics,shop}.yaml | head -n 1 || true)
	policy=${policy:-deploy/policy/shop.yaml}
	for locale in en $(names_of "$template.??.subject.mustache" 2); do
		name=$template.$locale
		take "$template" "$policy" "$locale" "$name.light"
		take "$template" "$policy" "$locale" "$name.dark" --dark
		take "$template" "$policy" "$locale" "$name.narrow" --width 320
		echo "<h2>$name</h2><img src=$name.light.png><img src=$name.dark.png><img src=$name.narrow.png>" >>"$page"
		echo "$name"
	done
done
# shoot FILE PNG WIDTH: a page as a browser shows it, 500 px wide at least (less it does not take).
shoot()
{
	local browser

	browser=$(command -v chromium chromium-browser google-chrome google-chrome-stable | head -n 1)
	"$browser" --headless --disable-gpu --no-sandbox --hide-scrollbars --screenshot="$2" \
		--window-size="$3",1400 "file://$1" 2>/dev/null
}

[ "$wants_pages" -eq 0 ] || for golden in tests/golden/*.html; do
	name=$(basename "$golden" .html)
	sed -E 's/@media ?\(prefers-color-scheme: ?dark\)/@media all/' "$golden" >"$out/$name.dark.html"
	shoot "$(realpath "$golden")" "$out/$name.light.png" 1000
	shoot "$(realpath "$out/$name.dark.html")" "$out/$name.dark.png" 1000
	shoot "$(realpath "$golden")" "$out/$name.narrow.png" 500
	rm "$out/$name.dark.html"
	echo "<h2>$name</h2><img src=$name.light.png><img src=$name.dark.png><img src=$name.narrow.png>" >>"$page"
	echo "$name"
done
echo "$page"
