#!/usr/bin/env bash
# embed.sh - files as a table of C, for common/template/embedded.h.
#
# usage: embed.sh FILE... >embedded.c
set -euo pipefail
export LC_ALL=C
mapfile -t files < <(printf '%s\n' "$@" | sort)
echo '/* Made by deploy/embed.sh. */'
echo '#include "common/template/embedded.h"'
for i in "${!files[@]}"; do
	printf '\nstatic const unsigned char file_%d[] = {\n' "$i"
	od -An -v -tu1 -w24 "${files[i]}" | sed -e 's/[0-9][0-9]*/&,/g'
	echo '0};'
done
printf '\nconst struct embedded_file embedded_files[] = {\n'
for i in "${!files[@]}"; do
	printf '\t{"%s", file_%d, sizeof(file_%d) - 1},\n' "${files[i]}" "$i" "$i"
done
printf '\t{NULL, NULL, 0}};\n'
