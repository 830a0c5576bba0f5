#!/bin/sh
# packages.sh - installs what the build and the local stack need, on Debian or Ubuntu.
#
# usage: packages.sh [GROUP...]     groups: build stack test fuzz lint; default: build stack
#
# What is there already is found by looking for the thing itself (a command, a
# pkg-config module, a file), so nothing is fetched or asked for when nothing is
# missing, and other systems work as long as they have everything.
set -eu

# package      probe (p: pkg-config module, c: command, f: file)
build='
gcc                     c:cc
make                    c:make
pkg-config              c:pkg-config
librdkafka-dev          p:rdkafka
libhiredis-dev          p:hiredis
libcurl4-openssl-dev    p:libcurl
libcjson-dev            p:libcjson
libprotobuf-c-dev       p:libprotobuf-c
protobuf-c-compiler     c:protoc-c
protobuf-compiler       c:protoc
libmicrohttpd-dev       p:libmicrohttpd
libyaml-dev             p:yaml-0.1
libxxhash-dev           p:libxxhash
libssl-dev              p:libcrypto
libidn2-dev             p:libidn2
libsqlite3-dev          p:sqlite3
zlib1g-dev              p:zlib'
stack='
redis-server            c:redis-server
default-jdk-headless    c:java
maven                   c:mvn
curl                    c:curl
python3                 c:python3
procps                  c:ps
util-linux              c:setsid
tzdata                  f:/usr/share/zoneinfo/Europe/London
tzdata-legacy           f:/usr/share/zoneinfo/US/Eastern'
test='
libcmocka-dev           p:cmocka
git                     c:git
binutils                c:nm
valgrind                c:valgrind
python3-venv            v:ensurepip'
fuzz='
clang                   c:clang
libclang-rt-dev         r:libclang_rt.fuzzer'
lint='
cppcheck                c:cppcheck
shellcheck              c:shellcheck
prometheus              c:promtool
python3-venv            v:ensurepip'

probe()
{
	case $1 in
	c:*) command -v "${1#c:}" >/dev/null 2>&1 ;;
	p:*) pkg-config --exists "${1#p:}" 2>/dev/null ;;
	f:*) [ -e "${1#f:}" ] ;;
	v:*) python3 -c "import venv, ${1#v:}" >/dev/null 2>&1 ;;
	r:*) ls /usr/lib/llvm-*/lib/clang/*/lib/linux/"${1#r:}"* >/dev/null 2>&1 ;;
	esac
}

list=
[ $# -gt 0 ] || set -- build stack
for group in "$@"; do
	case $group in
	build) list="$list $build" ;;
	stack) list="$list $stack" ;;
	test) list="$list $test" ;;
	fuzz) list="$list $fuzz" ;;
	lint) list="$list $lint" ;;
	*)
		echo "error: packages.sh: unknown group \"$group\": expected build, stack, test, fuzz or lint" >&2
		exit 100 ;;
	esac
done

# Whatever of the list is not there, by the name of its Debian package.
missing()
{
	# shellcheck disable=SC2086 # words on purpose
	set -- $list
	while [ $# -gt 1 ]; do
		probe "$2" || printf '%s ' "$1"
		shift 2
	done
}

need=$(missing)
[ -z "$need" ] && exit 0

as_root=
if ! command -v apt-get >/dev/null 2>&1; then
	why="this is not Debian or Ubuntu (no apt-get), so they cannot be installed for you"
elif [ "$(id -u)" -eq 0 ]; then
	why=
elif command -v sudo >/dev/null 2>&1; then
	as_root=sudo
	why=
else
	why="you are not root, and there is no sudo"
fi
if [ -n "$why" ]; then
	printf 'error: packages are missing, and %s.\n       Install (Debian names): %s\n' \
		"$why" "$need" >&2
	exit 1
fi

# A server that comes with a package must not start to run on this machine only
# because its program is needed here: policy-rc.d says no while we install.
policy=/usr/sbin/policy-rc.d
had_redis=$(command -v redis-server || true)
had_prometheus=$(command -v prometheus || true)
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
	trap '$as_root rm -f $policy' EXIT
	trap 'exit 1' INT TERM HUP
fi

echo "installing: $need" >&2
log=$(mktemp)
install_packages()
{
	# tzdata-legacy is a package of its own from Debian 13 on.
	apt-cache show tzdata-legacy >/dev/null 2>&1 || need=$(echo "$need" | sed 's/tzdata-legacy//')
	# shellcheck disable=SC2086 # words on purpose
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $need
}
if ! { $as_root apt-get update && install_packages; } >"$log" 2>&1; then
	tail -n 20 "$log" | sed 's/^/  | /' >&2
	printf 'error: apt-get could not install: %s\n       The whole output is in %s\n' \
		"$need" "$log" >&2
	exit 1
fi
rm -f "$log"
# Nor at the next start of the machine.
if command -v systemctl >/dev/null 2>&1; then
	[ -n "$had_redis" ] || $as_root systemctl disable redis-server >/dev/null 2>&1 || true
	[ -n "$had_prometheus" ] || $as_root systemctl disable prometheus >/dev/null 2>&1 || true
fi
need=$(missing)
if [ -n "$need" ]; then
	printf 'error: still missing after the installation: %s\n' "$need" >&2
	exit 1
fi
