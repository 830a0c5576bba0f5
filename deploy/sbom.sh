#!/usr/bin/env bash
# sbom.sh - what the programs are made of, as CycloneDX 1.5 in JSON, on standard output.
#
# usage: sbom.sh DIRECTORY_OF_PROGRAMS          them, and the packages of the libraries that they load
#        sbom.sh DIRECTORY_OF_PROGRAMS --all    and every package of this system: inside the image
#
# Needs dpkg and ldd, as all systems have that Nurture is built on.  SOURCE_DATE_EPOCH sets the time.
set -euo pipefail
export LC_ALL=C
bin=${1:?usage: sbom.sh DIRECTORY_OF_PROGRAMS [--all]}
all=${2:-}

fail()
{
	echo "error: sbom.sh: $*" >&2
	exit 111
}

[ -d "$bin" ] || fail "$bin: expected a directory of programs"
[ -z "$all" ] || [ "$all" = --all ] || fail "expected --all, found $all"
# shellcheck source=/dev/null
distribution=$(. /etc/os-release && echo "$ID-${VERSION_ID:-testing}")
version=$("$bin/nurturectl" --version | awk '{print $NF; exit}')

# The package of a library, whose path dpkg may know with or without the /usr of a merged system.
package_of()
{
	local path=$1

	{ dpkg-query -S "$path" || dpkg-query -S "${path#/usr}" || dpkg-query -S "/usr$path"; } \
		2>/dev/null | sed 's/: .*//; s/,.*//; 1q'
}

packages()
{
	local path paths

	if [ "$all" = --all ]; then
		dpkg-query -W -f '${binary:Package}\n'
		return
	fi
	paths=$(for program in "$bin"/*; do ldd "$program" 2>/dev/null || true; done |
		sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u)
	for path in $paths; do
		package_of "$(realpath "$path")" || fail "$path belongs to no package"
	done
}

# Names and versions of Debian have no character that JSON or a purl would have to escape but : + ~.
component()
{
	dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n' \
		"$1" | head -n 1 | while IFS=$'\t' read -r name number arch source source_number; do
		purl=pkg:deb/${distribution%%-*}/$name@${number//:/%3A}
		purl="${purl//+/%2B}?arch=$arch&distro=$distribution"
		printf ',\n  {"type": "library", "bom-ref": "%s", "name": "%s", "version": "%s", "purl": "%s",' \
			"$purl" "$name" "$number" "$purl"
		printf ' "properties": [{"name": "deb:source", "value": "%s %s"}]}' "$source" \
			"$source_number"
	done
}

programs()
{
	local program comma=''

	for program in "$bin"/*; do
		if [ ! -x "$program" ] || [ ! -f "$program" ]; then
			continue
		fi
		printf '%s\n  {"type": "application", "bom-ref": "%s", "name": "%s", "version": "%s", "hashes": [{"alg": "SHA-256", "content": "%s"}]}' \
			"$comma" "$(basename "$program")" "$(basename "$program")" "$version" \
			"$(sha256sum <"$program" | cut -d ' ' -f 1)"
		comma=,
	done
}

list=$(packages | sort -u)
printf '{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,\n'
printf ' "metadata": {"timestamp": "%s", "component": {"type": "application", "bom-ref": "nurture", "name": "nurture", "version": "%s"}},\n' \
	"$(date -u ${SOURCE_DATE_EPOCH:+-d "@$SOURCE_DATE_EPOCH"} +%Y-%m-%dT%H:%M:%SZ)" "$version"
printf ' "components": ['
programs
for package in $list; do
	component "$package"
done
printf '\n ]}\n'
