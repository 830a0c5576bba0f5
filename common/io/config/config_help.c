/* config_help.c - see config_help.h. */
#include "config_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/io/process/metrics.h"
#include "config_kafka.h"

#ifndef NURTURE_VERSION
#define NURTURE_VERSION "0.1.0"
#endif

enum { NAME_COLUMNS = 32, TEXT_INDENT = 2 };

const char *config_default(const struct setting_table *table, const struct setting *setting)
{
	if (table->listen_default && strcmp(setting->name, "NURTURE_LISTEN") == 0)
		return table->listen_default;
	if (setting->is_required)
		return NULL;
	return setting->fallback ? setting->fallback : "";
}

static void print_range(const struct setting *setting)
{
	char least[32], most[32];

	switch (setting->type) {
	case SETTING_TEXT:
		break;
	case SETTING_SECRET:
		printf("; secret, also as %s_FILE", setting->name);
		break;
	case SETTING_INT:
		printf("; %lld to %lld", (long long)setting->min, (long long)setting->max);
		break;
	case SETTING_DURATION_MS:
		printf("; %s to %s", duration_text(setting->min, least, sizeof(least)),
		       duration_text(setting->max, most, sizeof(most)));
		break;
	case SETTING_CHOICE:
		printf("; %s", setting->choices);
		break;
	}
}

static void print_setting(const struct setting_table *table, const struct setting *setting)
{
	const char *fallback = config_default(table, setting);

	printf("%*s%-*s ", TEXT_INDENT, "", NAME_COLUMNS, setting->name);
	if (!fallback)
		printf("required");
	else if (*fallback)
		printf("default %s", fallback);
	else
		printf("default empty");
	print_range(setting);
	printf("\n%*s%s\n", 2 * TEXT_INDENT, "", setting->text);
}

bool config_has(const struct setting_table *tables, const char *name)
{
	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			if (strcmp(s->name, name) == 0)
				return true;
	return false;
}

void config_print_settings(const struct setting_table *tables)
{
	const struct setting_table every = {every_setting, 0, NULL};
	const struct setting_table kafka = {config_kafka_settings, 0, NULL};
	bool has_kafka = config_has(tables, "KAFKA_BOOTSTRAP_SERVERS");

	for (; tables->settings; tables++)
		for (const struct setting *s = tables->settings; s->name; s++)
			print_setting(tables, s);
	for (const struct setting *s = config_kafka_settings; has_kafka && s->name; s++)
		print_setting(&kafka, s);
	for (const struct setting *s = every_setting; s->name; s++)
		print_setting(&every, s);
}

static void print_help(const char *manual, const struct setting_table *tables)
{
	size_t len = strlen(manual);

	fputs(manual, stdout);
	if (len && manual[len - 1] != '\n')
		putchar('\n');
	puts("\nOPTIONS\n"
	     "  --help          this page\n"
	     "  --version       the version\n"
	     "  --check-config  read the settings below and what they name, say \"ok\", or what "
	     "is\n                  wrong (exit 100)\n"
	     "\nSETTINGS (environment; a variable that is empty counts as not set)");
	config_print_settings(tables);
}

void config_tell_version(void)
{
	metric_set(metric_gauge("nurture_build_info", "version=\"" NURTURE_VERSION "\"",
				"Always 1; the label says which version runs."),
		   1);
}

void config_print_and_exit(const char *argument, const char *manual,
			   const struct setting_table *tables)
{
	if (strcmp(argument, "--help") == 0)
		print_help(manual, tables);
	else
		puts("nurture " NURTURE_VERSION);
	exit(fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_SUCCESS);
}
