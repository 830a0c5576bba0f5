#!/usr/bin/env bash
# run.sh - make test-kubernetes: the Helm chart on a real Kubernetes, with events that never stop.
#
# usage: run.sh BUILD      0 all is well, 1 something is not, 77 this machine cannot
#
# Needs root, go, apt-get, jq and cgroups; the first run builds Kubernetes (pieces.sh).  Starts a broker,
# Redis and the mail catcher where pods can reach them, a cluster (cluster.sh), scenario.py and
# wrong.py.  Everything is stopped at the end; BUILD/kubernetes/run has the logs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for part in words ports processes; do
	# shellcheck source=/dev/null
	. deploy/stack/$part.sh
done
BUILD=$(realpath "${1:?usage: run.sh BUILD}")
export BUILD
dir=$BUILD/kubernetes/run
gateway=10.89.77.1

if [ "$(id -u)" -ne 0 ] || ! command -v go >/dev/null || ! command -v apt-get >/dev/null ||
	! command -v jq >/dev/null; then
	echo "SKIPPED: needs root, go, apt-get and jq"
	exit 77
fi
ports_set "${PORT_BASE:-10000}"
tests/kubernetes/pieces.sh
tests/lint/helm.sh build/helm
deploy/stack/broker.sh fetch

stop()
{
	trap - EXIT INT TERM
	tests/kubernetes/cluster.sh down "$dir/cluster" || true
	process_end "$dir" 15 mail-catcher redis redis-that-forgets broker
}

broker_started()
{
	grep -q 'Kafka Server started' "$dir/broker.log"
}

# Beside the listener for everybody one with a login, of a user who may do nothing, and one with a
# certificate that has expired: for wrong.py.
prepare_broker()
{
	local more

	deploy/stack/broker.sh prepare "$dir/broker" "$PORT_BROKER"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=kafka \
		-keyout "$dir/expired.key" -out "$dir/expired.csr" 2>/dev/null
	openssl x509 -req -in "$dir/expired.csr" -signkey "$dir/expired.key" -days -1 \
		-extfile <(echo "subjectAltName=IP:$gateway") -out "$dir/expired.pem" 2>/dev/null
	cat "$dir/expired.key" "$dir/expired.pem" >"$dir/expired.both.pem"
	more=",LOGIN://$gateway:$((PORT_BROKER + 2)),EXPIRED://$gateway:$((PORT_BROKER + 3))"
	sed -i -e "s|PLAINTEXT://127.0.0.1|PLAINTEXT://$gateway|g" \
		-e "/^\(advertised\.\)\?listeners=/s|\$|$more|" "$dir/broker/server.properties"
	cat >>"$dir/broker/server.properties" <<-END
		listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT,EXPIRED:SSL
		authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
		super.users=User:ANONYMOUS
		listener.name.login.sasl.enabled.mechanisms=PLAIN
		listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_nobody="hunter2-of-kafka";
		listener.name.expired.ssl.keystore.type=PEM
		listener.name.expired.ssl.keystore.location=$dir/expired.both.pem
	END
}

# On the address that pods see; cluster.sh gives it to this machine.
start_backing()
{
	ip address add $gateway/32 dev lo 2>/dev/null || true
	prepare_broker
	process_begin "$dir" broker deploy/stack/broker.sh run "$dir/broker"
	process_begin "$dir" redis redis-server --port "$PORT_REDIS" --bind $gateway \
		--protected-mode no --save "" --maxmemory-policy noeviction --dir "$dir/redis"
	process_begin "$dir" redis-that-forgets redis-server --port $((PORT_REDIS + 1)) \
		--bind $gateway --protected-mode no --save "" --maxmemory-policy allkeys-lru \
		--dir "$dir/redis"
	process_begin "$dir" mail-catcher "$BUILD/tests/tools/mail_catcher" --dir "$dir/mails" \
		--smtp "$gateway:$PORT_SMTP" --http "127.0.0.1:$PORT_MAILS"
	process_wait "$dir" broker 120 broker_started
}

# As deploy/Dockerfile has it, of this machine's build; under a second name, for what replaces it.
make_image()
{
	local ctr=("$BUILD/kubernetes/debian/usr/bin/ctr" --address "$dir/cluster/containerd.sock"
		-n k8s.io images) program variable pairs=()

	while read -r variable; do
		pairs+=(-e "$variable")
	done < <(sed -n '/^ENV/,/[^\\]$/p' deploy/Dockerfile | grep -o 'NURTURE_[A-Z]*=[^ ]*')
	for program in ingest segmenter scheduler email-sender review-solicitor desk nurturectl; do
		pairs+=("$BUILD/bin/$program=/opt/nurture/bin/$program")
	done
	tests/kubernetes/image.py localhost/nurture:test "$dir/nurture.tar" "${pairs[@]}" \
		"$(command -v sleep)=/bin/sleep" /usr/share/zoneinfo=/usr/share/zoneinfo \
		"$PWD/deploy/policy=/etc/nurture/policy" "$PWD/deploy/templates=/etc/nurture/templates"
	"${ctr[@]}" import "$dir/nurture.tar" >/dev/null
	"${ctr[@]}" tag localhost/nurture:test localhost/nurture:next >/dev/null
}

# What a run has left that was killed itself.
[ ! -d "$dir" ] || stop
rm -rf "$dir"
mkdir -p "$dir/redis" "$dir/mails"
trap stop EXIT
trap 'exit 130' INT TERM
start_backing
tests/kubernetes/cluster.sh up "$dir/cluster"
make_image
result=0
for part in scenario wrong; do
	python3 tests/kubernetes/$part.py "$dir" $gateway "$PORT_BROKER" "$PORT_REDIS" "$PORT_SMTP" ||
		result=1
done
[ $result -eq 0 ]
