/* cmd_doctor.c - what is wrong with this installation, in words. */
#include <stdio.h>

#include "commands.h"
#include "common/codec/json.h"
#include "services/nurturectl/doctor/doctor.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct doctor_values {
	const char *at;
	int64_t look_ms;
	bool json;
};

static const struct command_option options[] = {
    {"at", OPTION_TEXT, offsetof(struct doctor_values, at), "HOST:PORT,...", NULL, false, 0, 0,
     "instances of the services, where they answer /readyz and /metrics: they are asked too"},
    {"look", OPTION_DURATION_MS, offsetof(struct doctor_values, look_ms), "D", "3s", false, 100,
     600000, "how long a service that is behind is watched, to see whether it goes on"},
    {"json", OPTION_FLAG, offsetof(struct doctor_values, json), NULL, NULL, false, 0, 0,
     "a line of JSON for each finding: level, area, text, advice"},
    {0}};

static void print_text(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		printf("%-6s %-17s %s\n", finding_level_text(finding->level), finding->area,
		       finding->text);
		if (finding->advice)
			printf("%-6s %-17s -> %s\n", "", "", finding->advice);
	}
	printf("%zu wrong, %zu to know, %zu as it should be\n",
	       findings_of(findings, FINDING_WRONG), findings_of(findings, FINDING_NOTE),
	       findings_of(findings, FINDING_OK));
}

static void put_finding(struct buf *line, const struct finding *finding)
{
	buf_char(line, '{');
	json_put_key(line, "advice");
	if (finding->advice)
		json_put_text(line, slice_text(finding->advice));
	else
		buf_text(line, "null");
	json_put_key(line, "area");
	json_put_text(line, slice_text(finding->area));
	json_put_key(line, "level");
	json_put_text(line, slice_text(finding_level_text(finding->level)));
	json_put_key(line, "text");
	json_put_text(line, slice_text(finding->text));
	buf_text(line, "}\n");
}

static void print_json(const struct findings *findings)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);

	for (size_t i = 0; i < findings->count; i++) {
		buf_reset(&line);
		put_finding(&line, &findings->items[i]);
		fwrite(line.bytes, 1, line.len, stdout);
	}
	buf_free(&line);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct doctor_values *values = call->values;
	const struct doctor_options wanted = {.instances = values->at, .look_ms = values->look_ms};
	struct findings findings = {0};
	int r = doctor_examine(call->settings, &wanted, &findings, err);

	if (r == 0 && values->json)
		print_json(&findings);
	else if (r == 0)
		print_text(&findings);
	if (r == 0 && findings_of(&findings, FINDING_WRONG))
		r = EXIT_NO;
	findings_free(&findings);
	return r;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .line = "what is wrong with this installation?",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct doctor_values),
    .text =
	"Asks Kafka, Redis and the services, and changes nothing. \"wrong\" does not work or soon\n"
	"will not, with what mends it; \"note\" is worth knowing. Exit code 1 when anything is "
	"wrong.",
    .run = run,
};
