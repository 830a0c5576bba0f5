#!/usr/bin/env bash
# embed_lua.sh - Lua scripts for Redis as a header of C: each as a text that is named as its file.
#
# usage: embed_lua.sh FILE.lua... >redis_scripts.h
#
# A line "--@include FILE" stands for that file, which is beside it.  Files that others include are
# texts too, which nobody uses: the compiler leaves them out.  Comments and indents stay out, since
# each connection sends the scripts to its server.
set -euo pipefail
export LC_ALL=C

# A line that is only a comment says nothing to the server.
text() {
	local folder line
	folder=$(dirname "$1")
	while IFS= read -r line; do
		case $line in
		--@include\ *) text "$folder/${line#--@include }" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

echo '/* Made by deploy/embed_lua.sh. */'
for file in "$@"; do
	name=$(basename "$file" .lua)
	printf '\n#define LUA_%s \\\n' "${name^^}"
	text "$file" | sed -e '/^[[:blank:]]*--/d' -e '/^[[:blank:]]*$/d' -e 's/^[[:blank:]]*//' \
		-e 's/[\\"]/\\&/g' -e 's/.*/\t"&\\n" \\/'
	printf '\t""\n'
done
