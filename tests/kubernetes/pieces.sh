#!/usr/bin/env bash
# pieces.sh - fetches and builds what a real Kubernetes is made of, once, into BUILD/kubernetes.
#
# usage: pieces.sh            all of it; says nothing when all is there
#
#   bin/           kube-apiserver, kube-controller-manager, kube-scheduler and kubelet, built from
#                  the Go module k8s.io/kubernetes (10 to 30 minutes, some 7 GB of Go's caches)
#   debian/        etcd, containerd, runc and CNI plugins of this Debian, unpacked, not installed
#
# helm and kubectl come with tests/lint/helm.sh.  Needs go (1.24 or newer), apt-get, python3 and a
# C compiler.  A step that is done is not done again; another VERSION builds anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/stack/words.sh
. deploy/stack/words.sh
version=1.34.3
into=$(realpath -m "${BUILD:-build}")/kubernetes
debs='etcd-server containerd runc containernetworking-plugins'

# The module replaces its own parts by folders of its repository, which a user of the module does
# not have; their published versions are the same code.
write_go_mod()
{
	local module

	module=$(cd "$into/src" && go mod download -json "k8s.io/kubernetes@v$version" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
	{
		printf 'module nurture.test/kubernetes\n\ngo 1.24.0\n\ngodebug default=go1.24\n\n'
		sed -n '/^require (/,/^)/p' "$module/go.mod" | sed "s/ v0\.0\.0\$/ v0.${version#1.}/"
		printf '\nrequire k8s.io/kubernetes v%s\n\n' "$version"
		sed -nE "s#^[[:space:]]*([^ ]+) => ./staging.*#replace \1 => \1 v0.${version#1.}#p" \
			"$module/go.mod"
	} >"$into/src/go.mod"
}

build_kubernetes()
{
	local program start

	mkdir -p "$into/src" "$into/bin"
	[ "$(cat "$into/bin/version" 2>/dev/null)" != $version ] || return 0
	command -v go >/dev/null || die 111 "go is missing" "Kubernetes is built from its Go module"
	rm -f "$into/bin/"*
	write_go_mod
	for program in kube-apiserver kube-controller-manager kube-scheduler kubelet; do
		start=$(now_ms)
		(cd "$into/src" && GOFLAGS='' GOTOOLCHAIN=local go build -mod=mod -trimpath \
			-ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v$version" \
			-o "$into/bin/$program" "k8s.io/kubernetes/cmd/$program")
		say "built $program $version in $(seconds_since "$start")"
	done
	echo $version >"$into/bin/version"
}

unpack_debian()
{
	local deb

	[ ! -e "$into/debian/done" ] || return 0
	rm -rf "$into/debian" "$into/debs"
	mkdir -p "$into/debian" "$into/debs"
	# shellcheck disable=SC2086 # words on purpose
	(cd "$into/debs" && quietly ../debs.log apt-get download $debs) ||
		die 111 "apt-get download $debs failed" "is apt-get update due?"
	for deb in "$into"/debs/*.deb; do
		dpkg -x "$deb" "$into/debian"
	done
	rm -r "$into/debs"
	touch "$into/debian/done"
}

unpack_debian
build_kubernetes
