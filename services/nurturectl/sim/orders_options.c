/* orders_options.c - see orders_options.h. */
#include "orders_options.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/civil.h"
#include "services/nurturectl/exports/time_text.h"

#define AFTER_LAST_MS (60 * DAY_MS)

static int read_key(const char *text, struct orders_options *ret, struct err *err)
{
	if (!text)
		return 0;
	if (strcmp(text, "id") != 0 && strcmp(text, "email") != 0)
		return err_config(err, "--key: expected id or email, found \"%s\"", text);
	ret->key = text[0] == 'i' ? KEY_ID : KEY_EMAIL;
	return 0;
}

/* How the file is written, of the command line alone. */
static int read_format(const struct orders_values *values, struct orders_options *ret,
		       struct err *err)
{
	const char *decimal = values->decimal ? values->decimal : "";

	if (values->format) {
		ret->preset = preset_find(values->format, err);
		if (!ret->preset)
			return -1;
	}
	if (values->time_format && time_text_check(values->time_format, err) < 0)
		return err_prefix(err, "--time-format");
	if (decimal[0] && strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0)
		return err_config(err, "--decimal: expected . or , and found \"%s\"", decimal);
	ret->time_format = values->time_format;
	ret->decimal = decimal[0];
	ret->encoding = values->encoding;
	ret->has_lines = values->has_lines;
	ret->is_live = values->is_live;
	ret->door = values->door;
	return read_key(values->key, ret, err);
}

void orders_say_notes(const struct orders *orders, const struct orders_values *values)
{
	struct arena arena = {0};
	const char *note;
	bool is_of_events;

	for (unsigned i = 0; (note = orders_note(orders, i, &arena, &is_of_events)); i++)
		fprintf(stderr, "%s: %s\n",
			is_of_events ? values->events : orders_file_name(values), note);
	arena_free(&arena);
}

const char *orders_file_name(const struct orders_values *values)
{
	return values->orders ? values->orders : values->events;
}

static int read_policy(struct settings *settings, const struct orders_values *values,
		       struct orders_options *ret, struct err *err)
{
	bool has_policy = values->policy || settings->common.policy_file[0];

	if ((has_policy || !values->policy_is_optional) &&
	    settings_policy(settings, values->policy, NULL, err) < 0)
		return -1;
	ret->currency = settings->policy ? settings->policy->shop.currency : "";
	ret->policy = settings->policy;
	ret->zone = settings->policy ? settings->policy->shop_zone : NULL;
	ret->zones = settings->policy ? settings->policy->zones : NULL;
	if (settings_catalogue(settings, values->catalogue, err) < 0)
		return -1;
	ret->catalogue = settings->catalogue;
	return 0;
}

int64_t orders_default_until_ms(const struct orders *orders)
{
	return orders->last_ms + AFTER_LAST_MS;
}

/* What a file is whose first bytes say that it is no text; what is no regular file is not looked at. */
static int check_is_text(const char *path, struct err *err)
{
	unsigned char bytes[4] = {0};
	struct stat status;
	FILE *file;

	if (!path || stat(path, &status) < 0 || !S_ISREG(status.st_mode))
		return 0;
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fread(bytes, 1, sizeof(bytes), file) < sizeof(bytes))
		bytes[0] = 0;
	fclose(file);
	if (bytes[0] == 0x1f && bytes[1] == 0x8b)
		return err_config(err,
				  "%s: is compressed by gzip: expected a CSV file (gunzip it "
				  "first; only --events may be .gz)",
				  path);
	if (memcmp(bytes, "PK\3\4", 4) == 0)
		return err_config(err,
				  "%s: is a spreadsheet (.xlsx, .ods) or another ZIP: expected "
				  "a CSV file (save it as CSV)",
				  path);
	if (memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0)
		return err_config(err,
				  "%s: is an old spreadsheet (.xls): expected a CSV file (save "
				  "it as CSV)",
				  path);
	return 0;
}

int orders_options_read(struct settings *settings, const struct orders_values *values,
			struct orders_options *ret, struct err *err)
{
	*ret = (struct orders_options){.file = values->orders,
				       .events = values->events,
				       .columns = values->columns,
				       .delivered_after_ms = values->delivered_after_ms};
	if (!values->orders && !values->events)
		return err_config(err,
				  "--orders FILE is missing: a CSV file with a header line, an "
				  "order a row (or --events FILE)");
	if (check_is_text(values->orders, err) < 0 || read_format(values, ret, err) < 0 ||
	    read_policy(settings, values, ret, err) < 0)
		return -1;
	if (values->live_from_ms != OPTION_ABSENT)
		ret->live_from_ms = values->live_from_ms;
	if (ret->delivered_after_ms == OPTION_ABSENT)
		ret->delivered_after_ms = -1;
	return 0;
}

int orders_open(struct settings *settings, const struct orders_values *values, struct orders *ret,
		int64_t *ret_until_ms, struct err *err)
{
	struct orders_options options;
	struct orders orders;

	if (orders_options_read(settings, values, &options, err) < 0 ||
	    orders_read(&options, &orders, err) < 0)
		return -1;
	orders_say_notes(&orders, values);
	if (values->until_ms == OPTION_ABSENT) {
		*ret_until_ms = orders_default_until_ms(&orders);
	} else if (orders_cut(&orders, values->until_ms, err) == 0) {
		*ret_until_ms = values->until_ms;
	} else {
		orders_free(&orders);
		return -1;
	}
	*ret = orders;
	return 0;
}
