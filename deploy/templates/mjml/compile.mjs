// compile.mjs - NAME.mjml -> ../NAME.html.mustache; pieces (_head.mjml) are included by others.
//
// usage: node compile.mjs [--check]     --check: writes nothing, exit 1 when a file is not fresh
//
// The result is committed, so that a shop needs no node.  `make templates` runs this.
// compiled.sha256 says of which sources, for those who have no node to compile them again.
import {createHash} from "node:crypto";
import {readFileSync, writeFileSync, readdirSync, existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import mjml from "mjml";

const here = dirname(fileURLToPath(import.meta.url));
const isCheck = process.argv.includes("--check");
const sources = readdirSync(here).filter((name) => /^[^_].*\.mjml$/.test(name)).sort();
let bad = 0;

// Indentation and empty lines are a third of the bytes, and nobody reads them.
const lean = (html) => html.split("\n").map((line) => line.trim()).filter(Boolean).join("\n") + "\n";

const write = (target, fresh) => {
	const old = existsSync(target) ? readFileSync(target, "utf8") : "";

	if (old === fresh)
		return;
	if (isCheck) {
		console.error(`${target} is not what its source compiles to: make templates`);
		bad++;
	} else {
		writeFileSync(target, fresh);
		console.log(`wrote ${target}`);
	}
};

for (const source of sources) {
	const target = join(here, "..", source.replace(/\.mjml$/, ".html.mustache"));
	const {html, errors} = await mjml(readFileSync(join(here, source), "utf8"), {
		filePath: join(here, source),
		ignoreIncludes: false,
		validationLevel: "soft",
		keepComments: false,
		fonts: {}, // or it links to web fonts for names that it knows
	});

	for (const error of errors) {
		console.error(`${source}: ${error.formattedMessage ?? error}`);
		bad++;
	}
	write(target, lean(html));
}

const listed = readdirSync(here).filter((name) => name.endsWith(".mjml")).map((name) => `mjml/${name}`)
	.concat(sources.map((name) => name.replace(/\.mjml$/, ".html.mustache"))).sort();
const hash = (name) => createHash("sha256").update(readFileSync(join(here, "..", name))).digest("hex");
write(join(here, "compiled.sha256"), listed.map((name) => `${hash(name)}  ${name}\n`).join(""));
console.log(`${sources.length} templates, ${bad} problem(s)`);
process.exit(bad ? 1 : 0);
