// asyncapi.mjs - what AsyncAPI's own parser says of deploy/asyncapi.yaml and the schemas behind it.
//
// usage: asyncapi.mjs FILE     exit 1 when it finds an error or a warning
import {Parser, fromFile} from "@asyncapi/parser";

const WARNING = 1; // spectral's severities: 0 is an error; hints of what one might like are 2 and 3

const {document, diagnostics} = await fromFile(new Parser(), process.argv[2]).parse();
const wrong = diagnostics.filter((each) => each.severity <= WARNING);
for (const each of wrong) {
	console.log(`${process.argv[2]}: ${each.path.join(".")}: ${each.message}`);
}
if (!document || wrong.length > 0) {
	process.exit(1);
}
console.log(`AsyncAPI ${document.version()}: ${document.channels().all().length} channels, ` +
	`${document.allMessages().all().length} messages`);
