#!/usr/bin/env bash
# trixie.sh - make test on Debian 13, the base of our own image, whatever this machine is.
#
# usage: trixie.sh [PART...]    parts as of tests/run.sh; default: all of them
#
# A chroot made by debootstrap, kept in TRIXIE (default: build/trixie) for the next time: the first
# needs about a gigabyte and some minutes.  What is tested is a copy of what git knows of the working
# tree.  Needs root; skips with a word (77) without it or without debootstrap.
# It is a chroot, not a container: broker and Redis use this machine's ports (TEST_PORT_BASE).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=/dev/null
. deploy/stack/words.sh
root=$(realpath -m "${TRIXIE:-build/trixie}")
mirror=${DEBIAN_MIRROR:-} # none: the one that debootstrap knows

skip()
{
	echo "skipped: $1"
	exit 77
}

[ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"

# in_it COMMAND...: with this machine's way to the network, and nothing else of its environment.
in_it()
{
	chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
		TEST_PORT_BASE="${TEST_PORT_BASE:-12000}" FUZZ_SECONDS="${FUZZ_SECONDS:-5}" "$@"
}

make_it()
{
	local file

	say "making $root: Debian 13${mirror:+ from $mirror}"
	mkdir -p "$root"
	debootstrap --variant=minbase trixie "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 ||
		{ tail -n 20 "$root.log" >&2; die 111 "debootstrap failed; all of it is in $root.log"; }
	# A machine behind a proxy says so here.
	for file in /etc/apt/apt.conf.d/*; do
		! grep -qE 'Acquire::' "$file" || cp "$file" "$root/etc/apt/apt.conf.d/"
	done
	touch "$root/made"
}

# Kept between runs: what was built, the broker's jars and the venv.
copy_sources()
{
	local to=$root/src/nurture part

	mkdir -p "$to"
	find "$to" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
	git ls-files -z --cached --others --exclude-standard |
		tar -c --null --ignore-failed-read -T - 2>/dev/null | tar -x -C "$to"
	# Some tests ask git which files there are.
	in_it git -C /src/nurture init -q
	in_it git -C /src/nurture add -A
	# What needs tools that are not there, or would be fetched again.
	mkdir -p "$to/build"
	for part in broker fixtures; do
		[ ! -d build/$part ] || [ -d "$to/build/$part" ] || cp -r build/$part "$to/build/"
	done
}

end()
{
	umount "$root/dev/shm" "$root/proc" 2>/dev/null || true
}

[ -e "$root/made" ] || make_it
trap end EXIT
cp /etc/resolv.conf "$root/etc/resolv.conf"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mountpoint -q "$root/dev/shm" || mount -t tmpfs tmpfs "$root/dev/shm"
mkdir -p "$root/src"
cp deploy/stack/packages.sh "$root/src/"
# A proxy with a certificate of its own is met by pip and Maven, too.
mkdir -p "$root/usr/local/share/ca-certificates"
[ ! -d /usr/local/share/ca-certificates ] ||
	cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
in_it sh /src/packages.sh build stack test lint
in_it sh /src/packages.sh fuzz || say "without clang: the fuzzers will be skipped"
in_it sh -c 'command -v update-ca-certificates >/dev/null && update-ca-certificates >/dev/null 2>&1 || true'
copy_sources
# shellcheck disable=SC2016 # for the shell in there
say "$(in_it sh -c '. /etc/os-release; echo "$PRETTY_NAME, $(cc --version | head -n 1), libmicrohttpd $(pkg-config --modversion libmicrohttpd)"')"
in_it sh -c 'cd /src/nurture && exec tests/run.sh "$@"' run.sh "$@"
