#!/usr/bin/env bash
# pure.sh - proves that decisions reach nothing but their arguments.
#
# usage: pure.sh BUILD    (after a build without sanitizers)
#
# Every object of the pure folders may use what other pure objects define and
# what tests/pure_symbols.txt lists, and may have no variable that outlives a
# call.  Exit 1 names each file that reaches outside, and for what.
set -euo pipefail
shopt -s nullglob
build=${1:?usage: pure.sh BUILD}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

list()
{
	sed -e '/^#/d' -e 's/[[:space:]].*//' -e '/^$/d' "$1"
}

matches_any()
{
	local pattern

	for pattern in "${@:2}"; do
		# shellcheck disable=SC2053 # a pattern on purpose
		[[ $1 == $pattern ]] && return 0
	done
	return 1
}

mapfile -t impure < <(list tests/impure_files.txt)
mapfile -t allowed < <(list tests/pure_symbols.txt)
objects=()
for source in common/{base,codec,template,web,forecast,policy,token,message,mail}/*.c \
	common/policy/{file,load}/*.c \
	common/stream/{checkpoint,step_size,clock_check}.c \
	services/{ingest,segmenter,scheduler,email-sender,review-solicitor,desk,console}/{,*/}*.c \
	services/nurturectl/exports/*.c \
	services/nurturectl/sim/{import_event,left_out,merges,orders_[afgijklnpr]*,orders_door,orders_sorted,sim_{account,agenda,inboxes,step,world}}.c \
	services/nurturectl/outcomes/{names,outcome_table*,labels}.c \
	services/nurturectl/{whatif,suggest,fit}/*.c \
	services/nurturectl/report/{timeline,report_[chstv]*}.c; do
	matches_any "$source" "${impure[@]}" && continue
	objects+=("${source%.c}.o")
	[ -e "$build/${source%.c}.o" ] || { echo "pure: $build/${source%.c}.o is not built" >&2; exit 111; }
done

cd "$build"
declare -A known
while read -r symbol; do
	known[$symbol]=1
done < <(nm --defined-only "${objects[@]}" gen/nurture/v1/*.o gen/embedded.o | awk 'NF == 3 {print $3}')

bad=0
while read -r object symbol; do
	[ -n "${known[$symbol]:-}" ] || matches_any "$symbol" "${allowed[@]}" || {
		echo "${object%.o}.c: $symbol: a pure file reaches outside"
		bad=$((bad + 1))
	}
# FORTIFY's __memcpy_chk is memcpy.
done < <(nm -A -u "${objects[@]}" | awk '{sub(/:$/, "", $1); print $1, $3}' |
	sed -E 's/ __(.*)_chk$/ \1/')
# Only what has a name: a position-independent compiler keeps what it copies into locals in .data.
while read -r object name section; do
	echo "${object%.o}.c: $name in $section: a pure file has a variable that outlives a call"
	bad=$((bad + 1))
done < <(nm -A -f sysv --defined-only "${objects[@]}" | sed -E 's/^([^:]*):/\1|/' | tr -d ' ' |
	awk -F '|' '$8 ~ /^\.t?(data|bss)$/ && $5 ~ /OBJECT|TLS/ {print $1, $2, $8}')

if [ $bad -gt 0 ]; then
	echo "pure: $bad finding(s).  Time and input are arguments; an adapter belongs into common/io," \
		"a page into tests/impure_files.txt"
	exit 1
fi
echo "pure: ${#objects[@]} objects reach nothing outside"
