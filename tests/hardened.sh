#!/usr/bin/env bash
# hardened.sh - what is built meets an attacker's bytes with all that compiler and linker have.
#
# usage: hardened.sh BUILD    (after a build without sanitizers)
#
# Of every binary: position-independent, all relocations read-only before main(), a stack that is
# not executable and has canaries and probes, and libc's functions that check their bounds.  And
# what they are made of can be said.
set -uo pipefail
build=${1:?usage: hardened.sh BUILD}
failed=0

# lacks BINARY WHAT
lacks()
{
	echo "FAILED: $1: $2"
	failed=1
}

for binary in "$build"/bin/*; do
	header=$(readelf -Wh "$binary") segments=$(readelf -Wl "$binary")
	dynamic=$(readelf -Wd "$binary") symbols=$(readelf -W --dyn-syms "$binary")
	grep -q 'Type:.*DYN' <<<"$header" || lacks "$binary" "not position-independent"
	grep -q 'GNU_RELRO' <<<"$segments" || lacks "$binary" "no RELRO"
	grep -qE 'BIND_NOW|FLAGS_1.*NOW' <<<"$dynamic" || lacks "$binary" "RELRO is not full"
	grep -E 'GNU_STACK' <<<"$segments" | grep -q 'RWE' && lacks "$binary" "executable stack"
	grep -q '__stack_chk_fail' <<<"$symbols" || lacks "$binary" "no stack canaries"
	grep -qE '__(snprintf|vsnprintf|memcpy|read|printf|fprintf)_chk' <<<"$symbols" ||
		lacks "$binary" "no FORTIFY"
	# As the compiler tells it, when it was told to write that down (-g).
	producer=$(grep -m 1 'DW_AT_producer.*GNU C17' < <(readelf --debug-dump=info "$binary" 2>/dev/null))
	case $producer in
	"" | *-fstack-clash-protection*) ;;
	*) lacks "$binary" "no stack-clash protection" ;;
	esac
done
# Every library that they load stands in the list of what they are made of (deploy/sbom.sh).
if list=$("$(dirname "${BASH_SOURCE[0]}")/../deploy/sbom.sh" "$build/bin"); then
	for package in librdkafka1 libhiredis libcurl4 libcjson1 libmicrohttpd libc6; do
		grep -q "\"name\": \"$package" <<<"$list" || lacks "$package" "is not in the SBOM"
	done
	python3 -m json.tool <<<"$list" >/dev/null || lacks "the SBOM" "is no JSON"
else
	lacks "the SBOM" "could not be made"
fi
[ $failed -eq 0 ] && echo "all of $(find "$build/bin" -type f | wc -l) binaries are hardened"
exit $failed
