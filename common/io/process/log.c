/* log.c - see log.h. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/civil.h"
#include "common/base/slice.h"
#include "common/base/text.h"
#include "clock.h"

/* A line is one write() of at most PIPE_BUF bytes, so lines of threads and processes never mix. */
enum { LINE_MAX_BYTES = 4096, NUMBERS = 5, NUMBER_BYTES = 24 };
#define CUT_MARK " cut=true\n"
#define CUT_JSON ",\"nurture.cut\":\"true\"}\n"

static const char *const level_texts[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

static const char *service_name = "nurture";
static enum log_level threshold = LOG_LEVEL_INFO;
static bool is_json;
static _Thread_local const char *trace;

struct line {
	char bytes[LINE_MAX_BYTES];
	size_t len;
	bool cut;
};

void log_open(const char *service)
{
	const char *wanted = getenv("LOG_LEVEL"), *format = getenv("LOG_FORMAT");

	service_name = service;
	is_json = format && strcmp(format, "json") == 0;
	threshold = LOG_LEVEL_INFO;
	for (unsigned i = LOG_LEVEL_ERROR; wanted && i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(wanted, level_texts[i]) == 0)
			threshold = (enum log_level)i;
}

static void line_add(struct line *line, const char *bytes, size_t len)
{
	if (line->cut || len > sizeof(line->bytes) - sizeof(CUT_JSON) - line->len) {
		line->cut = true;
		return;
	}
	memcpy(line->bytes + line->len, bytes, len);
	line->len += len;
}

static void line_text(struct line *line, const char *text)
{
	line_add(line, text, strlen(text));
}

static bool is_bare(const char *value, bool is_utf8)
{
	if (!*value || !is_utf8)
		return false;
	for (; *value; value++)
		if ((unsigned char)*value <= ' ' || *value == 0x7f || strchr("\"=\\", *value))
			return false;
	return true;
}

static void line_escaped(struct line *line, unsigned char c, bool is_utf8)
{
	char escape[5];

	if (c == '"' || c == '\\')
		snprintf(escape, sizeof(escape), "\\%c", c);
	else if (c == '\n')
		snprintf(escape, sizeof(escape), "\\n");
	else if (c < ' ' || c == 0x7f || (c >= 0x80 && !is_utf8))
		snprintf(escape, sizeof(escape), "\\x%02x", c);
	else
		snprintf(escape, sizeof(escape), "%c", c);
	line_text(line, escape);
}

static void line_value(struct line *line, const char *value)
{
	bool is_utf8 = text_is_utf8(slice_text(value));

	if (is_bare(value, is_utf8)) {
		line_text(line, value);
		return;
	}
	line_text(line, "\"");
	for (; *value; value++)
		line_escaped(line, (unsigned char)*value, is_utf8);
	line_text(line, "\"");
}

/* Adds a pair; one that does not fit is left out whole, and so are those after it. */
static void line_pair(struct line *line, const char *key, const char *value)
{
	size_t before = line->len;

	line_text(line, " ");
	line_text(line, key);
	line_text(line, "=");
	line_value(line, value);
	if (line->cut)
		line->len = before;
}

/* RFC 8259 7; what is no UTF-8 stands as the character for what cannot be read. */
static void line_string(struct line *line, const char *text)
{
	bool is_utf8 = text_is_utf8(slice_text(text));
	char escape[8];

	line_text(line, "\"");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			snprintf(escape, sizeof(escape), "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			snprintf(escape, sizeof(escape), "\\u%04x", c);
		else if (c >= 0x80 && !is_utf8)
			snprintf(escape, sizeof(escape), "\\ufffd");
		else
			snprintf(escape, sizeof(escape), "%c", c);
		line_text(line, escape);
	}
	line_text(line, "\"");
}

/* Adds a member; one that does not fit is left out whole, and so are those after it. */
static void line_member(struct line *line, const char *prefix, const char *key, const char *value)
{
	size_t before = line->len;

	line_text(line, line->len > 1 ? ",\"" : "\"");
	line_text(line, prefix);
	line_text(line, key);
	line_text(line, "\":");
	line_string(line, value);
	if (line->cut)
		line->len = before;
}

/* 2026-03-01T12:00:00.123Z: the fraction is always there, so that columns line up. */
static void time_text(char ret[RFC3339_BYTES + 8])
{
	int64_t now_ms = clock_wall_ms();

	rfc3339_text(now_ms / 1000 * 1000, ret);
	snprintf(ret + strlen(ret) - 1, 8, ".%03dZ", (int)(now_ms % 1000));
}

static void line_begin(struct line *line, enum log_level level, const char *event)
{
	char time[RFC3339_BYTES + 8];

	line->len = 0;
	line->cut = false;
	time_text(time);
	if (!is_json) {
		line_text(line, time);
		line_pair(line, "level", level_texts[level]);
		line_pair(line, "svc", service_name);
		line_pair(line, "event", event);
		return;
	}
	line_text(line, "{");
	line_member(line, "", "@timestamp", time);
	line_member(line, "", "log.level", level_texts[level]);
	line_member(line, "", "ecs.version", "8.11.0");
	line_member(line, "", "service.name", service_name);
	line_member(line, "", "event.action", event);
	line_member(line, "", "message", event);
}

static void line_write(struct line *line)
{
	const char *end = is_json ? (line->cut ? CUT_JSON : "}\n") : line->cut ? CUT_MARK : "\n";
	size_t at = 0;

	memcpy(line->bytes + line->len, end, strlen(end)); /* line_add() left room for it */
	line->len += strlen(end);
	while (at < line->len) {
		ssize_t written = write(STDERR_FILENO, line->bytes + at, line->len - at);

		if (written < 0 && errno != EINTR)
			return; /* there is nowhere left to say so */
		at += written > 0 ? (size_t)written : 0;
	}
}

static void write_pairs(enum log_level level, const char *event, va_list args)
{
	const char *key, *value;
	int saved = errno;
	struct line line;

	line_begin(&line, level, event);
	while ((key = va_arg(args, const char *)) && (value = va_arg(args, const char *)))
		if (is_json)
			line_member(&line, "nurture.", key, value);
		else
			line_pair(&line, key, value);
	if (trace && is_json)
		line_member(&line, "", "trace.id", trace);
	else if (trace)
		line_pair(&line, "trace", trace);
	line_write(&line);
	errno = saved;
}

void log_event(enum log_level level, const char *event, ...)
{
	va_list args;

	if (level > threshold)
		return;
	va_start(args, event);
	write_pairs(level, event, args);
	va_end(args);
}

void log_record(const char *event, ...)
{
	va_list args;

	va_start(args, event);
	write_pairs(LOG_LEVEL_INFO, event, args);
	va_end(args);
}

void log_trace(const char *trace_id)
{
	trace = trace_id;
}

const char *log_number(int64_t number)
{
	static _Thread_local char texts[NUMBERS][NUMBER_BYTES];
	static _Thread_local unsigned next;
	char *text = texts[next];

	next = (next + 1) % NUMBERS;
	snprintf(text, NUMBER_BYTES, "%lld", (long long)number);
	return text;
}
