#!/usr/bin/env bash
# peers.sh - fetches and builds what make bench measures us beside: make bench-peers.
#
# usage: peers.sh [streams|connect|postfix]...     default: all of them
#
# Into PEERS (default build/peers), once for each version: Kafka Streams with Maven, the engine of
# Redpanda Connect with Go, and Postfix's smtp-source and smtp-sink as the two programs of Debian's
# package alone, without a mail server that runs.  What cannot be had is said and left out; its
# rows of the table then say so.  Exit 1 when something is left out.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
# shellcheck source=/dev/null
. "$root/deploy/stack/words.sh"
peers=${PEERS:-$root/build/peers}

# is_new NAME FILE...: whether it was made from other sources than these.
is_new()
{
	local name=$1

	shift
	cat "$@" >"$peers/$name.sources.new"
	! cmp -s "$peers/$name.sources.new" "$peers/$name.sources"
}

made()
{
	mv "$peers/$1.sources.new" "$peers/$1.sources"
}

streams()
{
	local to=$peers/streams

	command -v mvn >/dev/null && command -v javac >/dev/null || return 1
	is_new streams "$here"/streams/pom.xml "$here"/streams/*.java || return 0
	rm -rf "$to"
	mkdir -p "$to/classes"
	quietly "$to/fetch.log" mvn -B -ntp -f "$here/streams/pom.xml" \
		dependency:copy-dependencies -DoutputDirectory="$to/libs" &&
		quietly "$to/build.log" javac -Xlint:all -Werror -d "$to/classes" \
			-cp "$to/libs/*" "$here"/streams/*.java && made streams
}

# Go adds the versions that benthos asks for, and checks their sums, in the copy.
connect()
{
	local to=$peers/connect

	command -v go >/dev/null || return 1
	is_new connect "$here"/connect/go.mod "$here"/connect/main.go || return 0
	rm -rf "$to"
	mkdir -p "$to"
	cp "$here"/connect/go.mod "$here"/connect/main.go "$to"
	(cd "$to" && quietly "$to/build.log" go build -mod=mod -trimpath -o "$to/connect" .) && made connect
}

# An installed one is taken; else the package is opened here and nothing is installed.
postfix()
{
	local to=$peers/postfix

	[ ! -x /usr/sbin/smtp-source ] && [ ! -x "$to/usr/sbin/smtp-source" ] || return 0
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
	rm -rf "$to"
	mkdir -p "$to"
	(cd "$to" && quietly "$to/fetch.log" apt-get download postfix &&
		quietly "$to/open.log" dpkg-deb -x postfix_*.deb .)
}

left_out()
{
	say "left out: $1 could not be fetched or built; see $peers/$1/*.log, if there is one"
	status=1
}

mkdir -p "$peers"
status=0
[ $# -gt 0 ] || set -- postfix streams connect
for peer in "$@"; do
	case $peer in
	streams) streams || left_out streams ;;
	connect) connect || left_out connect ;;
	postfix) postfix || left_out postfix ;;
	*) die 100 "peers.sh: expected streams, connect or postfix, found \"$peer\"" ;;
	esac
done
exit $status
