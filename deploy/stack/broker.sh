#!/usr/bin/env bash
# broker.sh - Apache Kafka on this machine, without an installation of its own.
#
# usage: broker.sh fetch             the jars, once, from Maven Central into build/broker/libs
#        broker.sh prepare DIR PORT  formats DIR for one node on 127.0.0.1:PORT and PORT+1
#        broker.sh run DIR           becomes the broker (exec)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=deploy/stack/words.sh
. "$here/words.sh"

# Shared by all build directories of a checkout: it is no result of a build.
jars=${BROKER_JARS:-$root/build/broker}
pom=$root/deploy/broker/pom.xml

fetch()
{
	local start

	# The stamp is the pom itself: another version fetches again, the same one asks nobody.
	cmp -s "$pom" "$jars/fetched.pom" && return 0
	command -v mvn >/dev/null || die 1 "Maven (mvn) is missing" "run deploy/stack/packages.sh"
	start=$(now_ms)
	say "fetching the Kafka broker from Maven Central (about 50 MB, once) ..."
	rm -rf "$jars/libs.part"
	mkdir -p "$jars"
	quietly "$jars/maven.log" mvn -B -ntp -f "$pom" dependency:copy-dependencies \
		-DoutputDirectory="$jars/libs.part" ||
		die 111 "the broker's jars could not be fetched" \
			"is there a network, and does Maven reach its repository?" \
			"or put the jars into $jars/libs and copy $pom to $jars/fetched.pom"
	rm -rf "$jars/libs"
	mv "$jars/libs.part" "$jars/libs"
	cp "$pom" "$jars/fetched.pom"
	say "fetched in $(seconds_since "$start")"
}

# A random id as Kafka writes them: 16 bytes in base64 of URLs; a leading '-' looks like an option.
cluster_id()
{
	local id=-

	while [ "${id#-}" != "$id" ]; do
		id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 1-22)
	done
	echo "$id"
}

prepare()
{
	local dir=$1 port=$2

	mkdir -p "$dir"
	sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER_PORT@|$((port + 1))|g" -e "s|@DIR@|$dir|g" \
		"$root/deploy/broker/server.properties" >"$dir/server.properties"
	[ -e "$dir/data/meta.properties" ] && return 0
	quietly "$dir/format.log" java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
		-Dlog4j2.configurationFile="$root/deploy/broker/log4j2.properties" \
		-cp "$jars/libs/*" kafka.tools.StorageTool format -t "$(cluster_id)" \
		-c "$dir/server.properties"
}

case ${1:-} in
fetch) fetch ;;
prepare) prepare "$2" "$3" ;;
run)
	# One compiler is enough for so small a broker, and most of its time otherwise goes to the other.
	exec java -Xmx768m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError \
		-Dlog4j2.configurationFile="$root/deploy/broker/log4j2.properties" \
		-cp "$jars/libs/*" kafka.Kafka "$2/server.properties" ;;
*) die 100 "broker.sh: expected fetch, prepare DIR PORT or run DIR, found \"${1:-}\"" ;;
esac
