#!/usr/bin/env bash
# cluster.sh - a real Kubernetes of one node on this machine, of what pieces.sh has made.
#
# usage: cluster.sh up DIR        etcd, API server, controllers, scheduler, containerd, kubelet
#        cluster.sh down DIR      stops what up started, and takes its traces away
#
# As root.  Everything listens on loopback, but what pods must reach: those are on POD_GATEWAY, an
# address that up gives to the loopback interface.  Ports: PORT_BASE + 9 to 15.  No kube-proxy, so a
# Service has no address: callers take a pod's.  DIR/kubectl and DIR/helm know where it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for part in words ports processes; do
	# shellcheck source=/dev/null
	. deploy/stack/$part.sh
done
dir=$(realpath -m "${2:?usage: cluster.sh up|down DIR}")
root=$PWD
pieces=$(realpath -m "${BUILD:-build}")/kubernetes
base=${PORT_BASE:-10000}
etcd=127.0.0.1:$((base + 9)) api=$((base + 10))
POD_GATEWAY=10.89.77.1
export PATH=$pieces/bin:$pieces/debian/usr/bin:$pieces/debian/usr/sbin:$PATH
names=(kubelet kube-scheduler kube-controller-manager kube-apiserver containerd etcd)

write_clients()
{
	cat >"$dir/kubeconfig" <<-END
		apiVersion: v1
		kind: Config
		clusters: [{name: c, cluster: {server: "https://127.0.0.1:$api", insecure-skip-tls-verify: true}}]
		users: [{name: u, user: {token: admin-of-a-test}}]
		contexts: [{name: c, context: {cluster: c, user: u}}]
		current-context: c
	END
	printf '#!/bin/sh\nexec env KUBECONFIG=%s %s "$@"\n' "$dir/kubeconfig" "$root/build/helm/kubectl" >"$dir/kubectl"
	printf '#!/bin/sh\nexec env HOME=%s KUBECONFIG=%s %s "$@"\n' "$dir" "$dir/kubeconfig" "$root/build/helm/helm" >"$dir/helm"
	chmod +x "$dir/kubectl" "$dir/helm"
}

start_control_plane()
{
	echo 'admin-of-a-test,admin,1,system:masters' >"$dir/tokens.csv"
	[ -e "$dir/sa.key" ] || openssl genrsa -out "$dir/sa.key" 2048 2>/dev/null
	process_begin "$dir" etcd etcd --data-dir "$dir/etcd" --listen-client-urls "http://$etcd" \
		--advertise-client-urls "http://$etcd" --listen-peer-urls "http://127.0.0.1:$((base + 11))" \
		--initial-advertise-peer-urls "http://127.0.0.1:$((base + 11))" \
		--initial-cluster "default=http://127.0.0.1:$((base + 11))" --unsafe-no-fsync
	process_begin "$dir" kube-apiserver kube-apiserver --etcd-servers="http://$etcd" \
		--service-cluster-ip-range=10.96.0.0/24 --cert-dir="$dir/certificates" \
		--service-account-issuer=https://kubernetes.default.svc \
		--service-account-key-file="$dir/sa.key" --service-account-signing-key-file="$dir/sa.key" \
		--authorization-mode=RBAC --token-auth-file="$dir/tokens.csv" --bind-address=127.0.0.1 \
		--kubelet-preferred-address-types=InternalIP --advertise-address=127.0.0.1 \
		--secure-port="$api"
	process_wait "$dir" kube-apiserver 180 api_answers
	process_begin "$dir" kube-controller-manager kube-controller-manager \
		--kubeconfig="$dir/kubeconfig" --leader-elect=false --secure-port=$((base + 12)) \
		--service-account-private-key-file="$dir/sa.key" --bind-address=127.0.0.1
	process_begin "$dir" kube-scheduler kube-scheduler --kubeconfig="$dir/kubeconfig" \
		--leader-elect=false --secure-port=$((base + 13)) --bind-address=127.0.0.1
}

api_answers()
{
	"$dir/kubectl" get --raw /readyz >/dev/null 2>&1
}

write_node()
{
	mkdir -p "$dir/cni" "$dir/containerd"
	cat >"$dir/cni/10-pods.conflist" <<-END
		{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "ptp", "ipMasq": false, "ipam":
		 {"type": "host-local", "dataDir": "$dir/addresses", "ranges": [[{"subnet": "10.89.77.0/24"}]],
		  "routes": [{"dst": "0.0.0.0/0"}]}}]}
	END
	cat >"$dir/containerd.toml" <<-END
		version = 2
		root = "$dir/containerd/root"
		state = "$dir/containerd/state"
		[grpc]
		  address = "$dir/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		  sandbox_image = "localhost/pause:1"
		  disable_apparmor = true
		  # Root in a container may not make itself less killable than it is.
		  restrict_oom_score_adj = true
		  [plugins."io.containerd.grpc.v1.cri".cni]
		    bin_dir = "$pieces/debian/usr/lib/cni"
		    conf_dir = "$dir/cni"
		  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
		    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
		      BinaryName = "$pieces/debian/usr/sbin/runc"
	END
	cat >"$dir/kubelet.yaml" <<-END
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
		authorization: {mode: AlwaysAllow}
		address: $POD_GATEWAY
		port: $((base + 14))
		readOnlyPort: 0
		healthzPort: $((base + 15))
		cgroupDriver: cgroupfs
		cgroupsPerQOS: false
		enforceNodeAllocatable: []
		failCgroupV1: false
		failSwapOn: false
		makeIPTablesUtilChains: false
		containerRuntimeEndpoint: unix://$dir/containerd.sock
		podLogsDir: $dir/logs
		evictionHard: {memory.available: 1Mi, nodefs.available: 1%, imagefs.available: 1%}
	END
}

containerd_answers()
{
	ctr --address "$dir/containerd.sock" version >/dev/null 2>&1
}

node_ready()
{
	"$dir/kubectl" get node node1 2>/dev/null | grep -q ' Ready'
}

# What a node leaves outside of DIR: down takes away what was not there before.
traces()
{
	{
		find /sys/fs/cgroup -type d \( -name k8s.io -o -path '*/k8s.io/*' \)
		find /run/netns -name 'cni-*'
		find /var/lib/kubelet /var/lib/cni /var/log/containers /run/containerd /opt/containerd
	} 2>/dev/null | sort || true
}

take_traces()
{
	local trace

	comm -13 "$dir/traces" <(traces) | sort -r | while read -r trace; do
		case $trace in
		/run/netns/*) ip netns delete "${trace##*/}" ;;
		# A cgroup is empty when its files are the kernel's alone.
		/sys/*) rmdir "$trace" ;;
		*) rm -f "$trace" 2>/dev/null || rmdir "$trace" ;;
		esac || true
	done 2>/dev/null
}

start_node()
{
	write_node
	[ -e "$dir/traces" ] || traces >"$dir/traces"
	# The kubelet sets these; down puts them back.
	sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops \
		net.ipv4.ip_forward >"$dir/sysctl" 2>/dev/null || true
	ip address add $POD_GATEWAY/32 dev lo 2>/dev/null || true
	process_begin "$dir" containerd containerd --config "$dir/containerd.toml"
	process_wait "$dir" containerd 60 containerd_answers
	cc -x c -static -o "$dir/pause" - <<<'#include <unistd.h>
		int main(void) { for (;;) pause(); }'
	tests/kubernetes/image.py localhost/pause:1 "$dir/pause.tar" "$dir/pause=/pause"
	ctr --address "$dir/containerd.sock" -n k8s.io images import "$dir/pause.tar" >/dev/null
	process_begin "$dir" kubelet kubelet --config="$dir/kubelet.yaml" \
		--kubeconfig="$dir/kubeconfig" --root-dir="$dir/kubelet" \
		--cert-dir="$dir/kubelet-certificates" --hostname-override=node1 \
		--node-ip=$POD_GATEWAY
	process_wait "$dir" kubelet 120 node_ready
}

# Nobody has waited for controllers and scheduler; a port that is taken would have ended them.
all_live()
{
	local name

	for name in "${names[@]}"; do
		process_pid "$dir" "$name" >/dev/null ||
			{ process_tell "$dir" "$name" "$name has ended" && exit 111; }
	done
}

# Containers first, while somebody is there who can stop them.
down()
{
	local task

	process_end "$dir" 10 kubelet
	if containerd_answers; then
		for task in $(ctr --address "$dir/containerd.sock" -n k8s.io tasks list -q); do
			ctr --address "$dir/containerd.sock" -n k8s.io tasks kill -s KILL "$task" || true
		done 2>/dev/null
		sleep 1
		for task in $(ctr --address "$dir/containerd.sock" -n k8s.io containers list -q); do
			ctr --address "$dir/containerd.sock" -n k8s.io tasks delete --force "$task" || true
			ctr --address "$dir/containerd.sock" -n k8s.io containers delete "$task" || true
		done >/dev/null 2>&1
	fi
	process_end "$dir" 15 "${names[@]}"
	awk -v d="$dir/" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r |
		while read -r mount; do umount -l "$mount"; done
	[ ! -e "$dir/traces" ] || take_traces
	ip address del $POD_GATEWAY/32 dev lo 2>/dev/null || true
	[ ! -e "$dir/sysctl" ] || sysctl -q -p "$dir/sysctl" 2>/dev/null || true
}

case $1 in
up)
	[ "$(id -u)" -eq 0 ] || die 111 "cluster.sh: containers need root"
	mkdir -p "$dir"
	write_clients
	start_control_plane
	start_node
	all_live
	;;
down) down ;;
*) die 100 "cluster.sh: expected up or down, found \"$1\"" ;;
esac
