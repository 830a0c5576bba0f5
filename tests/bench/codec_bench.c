/*
 * codec_bench.c - what our own ways of reading and writing messages are worth.
 *
 *	codec_bench [FILE]	default: tests/golden/wire.txt
 *
 * The states and records of the file are read and written by the functions that the services
 * call, and by protobuf-c's (of outcomes: by shape_write(), which escapes).  A line for each:
 * nanoseconds of processor time a message in the fastest of some passes, and how many times as
 * long the library takes.  Ratios hold still where times do not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/codec/protobuf_message.h"
#include "common/message/outcome.h"
#include "common/message/shapes.h"
#include "nurture/v1/answer.pb-c.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "nurture/v1/profile.pb-c.h"
#include "services/scheduler/wire_read.h"
#include "services/scheduler/wire_write.h"
#include "services/segmenter/profile/wire.h"
#include "tests/fuzz/scheduler_policy.h"

enum { LINES_MAX = 200, LINE_MAX_BYTES = 64 * 1024, PASSES = 25, ROUNDS = 200 };

/* What is measured of one line; what it returns is counted, so that nothing is left out. */
typedef size_t (*measured)(void *line);

struct line {
	struct slice kind, bytes;
	const ProtobufCMessageDescriptor *descriptor;
	void *message; /* unpacked by protobuf-c */
	struct sched_ledger ledger;
	struct seg_profile *profile;
	Nurture__V1__Outcome *outcome;
};

static struct arena lasting, arena;
static struct line lines[LINES_MAX];
static size_t line_count;

static size_t library_read(void *line)
{
	const struct line *l = line;
	ProtobufCAllocator memory = arena_protobuf(&arena);

	return protobuf_c_message_unpack(l->descriptor, &memory, l->bytes.len, l->bytes.bytes) !=
	       NULL;
}

static size_t library_write(void *line)
{
	const struct line *l = line;
	size_t len = protobuf_c_message_get_packed_size(l->message);

	return protobuf_c_message_pack(l->message, arena_alloc(&arena, len));
}

static size_t pass_read(void *line)
{
	const struct line *l = line;

	return message_read(l->descriptor, l->bytes, &arena) != NULL;
}

static size_t pass_write(void *line)
{
	return message_pack(((const struct line *)line)->message, &arena).len;
}

static size_t ledger_read(void *line)
{
	struct err err;
	struct sched_ledger ledger;

	return sched_ledger_decode(((const struct line *)line)->bytes, fuzz_policy(), &arena,
				   &ledger, &err) == 0;
}

static size_t ledger_write(void *line)
{
	return sched_ledger_encode(&((struct line *)line)->ledger, &arena).len;
}

static size_t profile_read(void *line)
{
	struct seg_profile *profile;
	struct err err;

	return seg_profile_decode(((const struct line *)line)->bytes, &arena, &profile, &err) == 0;
}

static size_t profile_write(void *line)
{
	struct line *l = line;

	l->profile->arena = &arena;
	return seg_profile_encode(l->profile).len;
}

static struct buf json = {.max_bytes = 65536};

static size_t outcome_ours(void *line)
{
	buf_reset(&json);
	outcome_encode(((const struct line *)line)->outcome, OUTCOME_JSON, &json);
	return json.len;
}

static size_t outcome_by_table(void *line)
{
	buf_reset(&json);
	shape_write(&outcome_shape, ((const struct line *)line)->outcome, &json);
	return json.len;
}

static const struct row {
	const char *what, *kind;
	measured ours, library;
} rows[] = {
    {"request, read", "request", pass_read, library_read},
    {"request, written", "request", pass_write, library_write},
    {"dispatch, read", "dispatch", pass_read, library_read},
    {"dispatch, written", "dispatch", pass_write, library_write},
    {"ledger, read", "ledger", ledger_read, library_read},
    {"ledger, written", "ledger", ledger_write, library_write},
    {"profile, read", "profile", profile_read, library_read},
    {"profile, written", "profile", profile_write, library_write},
    {"outcome, JSON straight down", "answer", outcome_ours, outcome_by_table},
};

static double now_ns(void)
{
	struct timespec at;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

/* Nanoseconds a message in the fastest pass over all lines of the kind. */
static double fastest_ns(const struct row *row, measured measure)
{
	double least_ns = 1e18;
	size_t calls = 0, sum = 0;

	for (unsigned pass = 0; pass < PASSES; pass++) {
		double begin_ns = now_ns(), each_ns;

		calls = 0;
		for (unsigned round = 0; round < ROUNDS; round++) {
			for (size_t i = 0; i < line_count; i++)
				if (slice_is(lines[i].kind, row->kind)) {
					sum += measure(&lines[i]);
					calls++;
				}
			arena_reset(&arena);
		}
		each_ns = (now_ns() - begin_ns) / (double)calls;
		if (each_ns < least_ns)
			least_ns = each_ns;
	}
	if (!sum || !calls) {
		fprintf(stderr, "codec_bench: nothing of the kind %s is readable\n", row->kind);
		exit(100);
	}
	return least_ns;
}

static const ProtobufCMessageDescriptor *descriptor_of(struct slice kind)
{
	if (slice_is(kind, "ledger"))
		return &nurture__v1__ledger__descriptor;
	if (slice_is(kind, "profile"))
		return &nurture__v1__profile__descriptor;
	if (slice_is(kind, "dispatch"))
		return &nurture__v1__dispatch_record__descriptor;
	if (slice_is(kind, "answer"))
		return &nurture__v1__answer__descriptor;
	return slice_is(kind, "request") ? &nurture__v1__request_record__descriptor : NULL;
}

static struct slice from_hex(const char *digits)
{
	size_t len = strspn(digits, "0123456789abcdef") / 2;
	uint8_t *bytes = arena_alloc(&lasting, len);
	char pair[3] = "";

	for (size_t i = 0; i < len; i++) {
		memcpy(pair, digits + 2 * i, 2);
		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return slice_of(bytes, len);
}

/* A ledger of an older version, as the newest writes it. */
static struct slice rewritten(struct slice bytes)
{
	struct sched_ledger ledger;
	struct err err;

	if (sched_ledger_decode(bytes, fuzz_policy(), &lasting, &ledger, &err) < 0)
		return slice_of(NULL, 0);
	return sched_ledger_encode(&ledger, &lasting);
}

/* Reads a line in every way that it will be written from. */
static void add_line(const char *text)
{
	ProtobufCAllocator memory = arena_protobuf(&lasting);
	size_t len = strcspn(text, " ");
	struct line *l = &lines[line_count];
	struct err err;

	l->kind = slice_text(arena_copy(&lasting, text, len));
	l->descriptor = descriptor_of(l->kind);
	if (!l->descriptor || line_count == LINES_MAX - 1)
		return;
	l->bytes = from_hex(text + len + 1);
	if (slice_is(l->kind, "ledger"))
		l->bytes = rewritten(l->bytes);
	l->message =
	    protobuf_c_message_unpack(l->descriptor, &memory, l->bytes.len, l->bytes.bytes);
	if (slice_is(l->kind, "answer") && l->message)
		l->outcome = ((Nurture__V1__Answer *)l->message)->outcome;
	if (!l->message ||
	    (slice_is(l->kind, "ledger") &&
	     sched_ledger_decode(l->bytes, fuzz_policy(), &lasting, &l->ledger, &err) < 0) ||
	    (slice_is(l->kind, "profile") &&
	     seg_profile_decode(l->bytes, &lasting, &l->profile, &err) < 0)) {
		fprintf(stderr, "codec_bench: a %.*s is not readable\n", SLICE_ARGS(l->kind));
		exit(100);
	}
	line_count++;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "tests/golden/wire.txt";
	static char text[LINE_MAX_BYTES];
	FILE *file = fopen(name, "r");

	if (!file) {
		perror(name);
		return 100;
	}
	while (fgets(text, sizeof(text), file))
		add_line(text);
	fclose(file);
	printf("%-28s %9s %12s %6s\n", "", "ours, ns", "library, ns", "times");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double ours_ns = fastest_ns(&rows[i], rows[i].ours);
		double library_ns = fastest_ns(&rows[i], rows[i].library);

		printf("%-28s %9.0f %12.0f %6.2f\n", rows[i].what, ours_ns, library_ns,
		       library_ns / ours_ns);
	}
	arena_free(&lasting);
	arena_free(&arena);
	buf_free(&json);
	return 0;
}
