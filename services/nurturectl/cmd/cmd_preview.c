/* cmd_preview.c - what a mail will look like, made by the code that makes it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "common/base/locale.h"
#include "common/base/text.h"
#include "common/io/kafka/topic_reader.h"
#include "common/io/process/clock.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "sample.h"
#include "screenshot.h"
#include "services/email-sender/compose/compose.h"
#include "services/nurturectl/text_file.h"

enum { SILENCE_MAX_MS = 30000 };

struct preview_values {
	const char *policy, *templates, *customer, *locale, *html, *text, *mail, *png;
	int64_t width_px;
	bool dark;
};

static const struct command_option options[] = {
    {"policy", OPTION_TEXT, offsetof(struct preview_values, policy), "FILE", NULL, false, 0, 0,
     "whose shop it is; default NURTURE_POLICY"},
    {"templates", OPTION_TEXT, offsetof(struct preview_values, templates), "DIR", NULL, false, 0, 0,
     "default NURTURE_TEMPLATES"},
    {"customer", OPTION_TEXT, offsetof(struct preview_values, customer), "ID", NULL, false, 0, 0,
     "with this one's name and last order, from nurture.events"},
    {"locale", OPTION_TEXT, offsetof(struct preview_values, locale), "L", NULL, false, 0, 0,
     "in the language for this one, such as de-AT; default the customer's"},
    {"html", OPTION_TEXT, offsetof(struct preview_values, html), "FILE", NULL, false, 0, 0,
     "write the HTML part there"},
    {"txt", OPTION_TEXT, offsetof(struct preview_values, text), "FILE", NULL, false, 0, 0,
     "write the text part there"},
    {"mail", OPTION_TEXT, offsetof(struct preview_values, mail), "FILE", NULL, false, 0, 0,
     "write the whole mail there, as the mail server would get it"},
    {"png", OPTION_TEXT, offsetof(struct preview_values, png), "FILE", NULL, false, 0, 0,
     "write a picture of the HTML part there; needs a browser in PATH"},
    {"width", OPTION_NUMBER, offsetof(struct preview_values, width_px), "PX", "700", false,
     SCREENSHOT_WIDTH_MIN_PX, SCREENSHOT_WIDTH_MAX_PX, "how wide the picture is"},
    {"dark", OPTION_FLAG, offsetof(struct preview_values, dark), NULL, NULL, false, 0, 0,
     "the picture as somebody sees it who prefers dark colours"},
    {0}};

static void learn(const Nurture__V1__Event *event, struct sample_person *person)
{
	if (event->customer->name[0])
		person->name = event->customer->name;
	if (event->customer->email[0])
		person->email = event->customer->email;
	if (event->customer->locale[0])
		person->locale = event->customer->locale;
	if (!event->order || !event_type_is(event->type, EVENT_ORDER_PLACED))
		return;
	person->order = event->order->id;
	person->amount = event->order->amount;
	person->product = event->order->n_items ? event->order->items[0]->name : "";
}

/* The newest that is known of a customer; texts are in the arena. */
static int look_up(const struct settings *settings, const char *customer, struct arena *arena,
		   struct sample_person *person, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options reading = {.brokers = settings->common.brokers,
						     .topic =
							 settings_topic(settings, "events", topic),
						     .key = slice_text(customer)};
	struct topic_reader *reader;
	struct topic_record record;
	Nurture__V1__Event *event;
	struct err ignored;
	int r, found = 0;

	/* For a real person only what is known of them is filled in. */
	*person = (struct sample_person){.customer = customer,
					 .name = "",
					 .email = sample_ann.email,
					 .locale = "",
					 .order = "",
					 .amount = "",
					 .product = ""};
	if (topic_reader_open(&reader, &reading, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, SILENCE_MAX_MS, &record, err)) > 0) {
		if (!slice_equal(record.key, slice_text(customer)) ||
		    event_decode(record.value, arena, &event, &ignored) < 0)
			continue;
		learn(event, person);
		found++;
	}
	topic_reader_close(&reader);
	if (r == 0 && found == 0)
		return err_set(err, "%s: there is no event of a customer \"%s\"", topic, customer);
	return r;
}

static int print_preview(const struct composer *composer, struct slice customer,
			 const struct sample *sample, struct compose_room *room, struct err *err)
{
	struct slice part;

	if (send_render(composer, customer, &sample->effect, TEMPLATE_SUBJECT, room, &part, err) <
	    0)
		return -1;
	printf("Subject: %.*s\n\n", SLICE_ARGS(part));
	if (send_render(composer, customer, &sample->effect, TEMPLATE_TXT, room, &part, err) < 0)
		return -1;
	printf("%.*s\n", SLICE_ARGS(part));
	return 0;
}

static int write_part(const struct composer *composer, struct slice customer,
		      const struct sample *sample, enum template_part part, const char *file,
		      struct compose_room *room, struct err *err)
{
	struct slice bytes;

	if (!file)
		return 0;
	if (send_render(composer, customer, &sample->effect, part, room, &bytes, err) < 0)
		return -1;
	return text_file_write(file, bytes, err);
}

static int take_screenshot(const struct composer *composer, const struct preview_values *values,
			   struct slice customer, const struct sample *sample,
			   struct compose_room *room, struct err *err)
{
	struct slice html;

	if (!values->png)
		return 0;
	if (send_render(composer, customer, &sample->effect, TEMPLATE_HTML, room, &html, err) < 0)
		return -1;
	return screenshot_make(html, (int)values->width_px, values->dark, values->png, err);
}

static int preview(const struct composer *composer, const struct preview_values *values,
		   struct slice customer, const struct sample *sample, struct err *err)
{
	struct compose_room room = COMPOSE_ROOM;
	struct mail mail;
	int r = 0;

	if (!values->html && !values->text && !values->mail && !values->png)
		r = print_preview(composer, customer, sample, &room, err);
	if (r == 0)
		r = write_part(composer, customer, sample, TEMPLATE_HTML, values->html, &room, err);
	if (r == 0)
		r = write_part(composer, customer, sample, TEMPLATE_TXT, values->text, &room, err);
	if (r == 0 && values->mail) {
		r = send_compose(composer, customer, &sample->effect, &room, &mail, err);
		if (r == 0)
			r = text_file_write(values->mail, mail.bytes, err);
	}
	if (r == 0)
		r = take_screenshot(composer, values, customer, sample, &room, err);
	compose_room_free(&room);
	return r;
}

static int open_templates(const char *directory, const char *name, struct template_set **ret,
			  struct err *err)
{
	size_t count = 0;
	const char *nearest;

	if (!directory[0])
		return err_config(err, "which templates? Say so with --templates DIR or "
				       "NURTURE_TEMPLATES");
	if (template_set_open(directory, ret, err) < 0)
		return -1;
	if (template_set_has(*ret, name))
		return 0;
	while (template_set_names(*ret)[count])
		count++;
	nearest = text_nearest(slice_text(name), template_set_names(*ret), count);
	err_config(err, "%s: there is no template \"%.100s\"%s%s%s", directory, name,
		   nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		   nearest ? "\"?" : "");
	template_set_free(*ret);
	return -1;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct preview_values *values = call->values;
	const char *directory = values->templates ? values->templates : call->settings->templates;
	struct sample_person person = sample_ann;
	struct arena arena = {0};
	struct template_set *templates;
	struct composer composer = {.token_key = slice_text("the key of no real link")};
	struct sample sample;
	int r = 0;

	if (values->locale && !locale_is_tag(slice_text(values->locale)))
		return err_config(err,
				  "--locale: expected a language such as de or de-AT, "
				  "found \"%.50s\"",
				  values->locale);
	if (values->dark && !values->png)
		return err_config(err, "--dark is about a picture: expected --png FILE with it");
	if (settings_policy(call->settings, values->policy, NULL, err) < 0 ||
	    open_templates(directory, call->arguments[0], &templates, err) < 0)
		return -1;
	composer.policy = call->settings->policy;
	composer.templates = templates;
	if (values->customer)
		r = look_up(call->settings, values->customer, &arena, &person, err);
	if (values->locale)
		person.locale = values->locale;
	sample_fill(&sample, composer.policy, call->arguments[0], &person, clock_wall_ms());
	if (r == 0)
		r = preview(&composer, values, slice_text(person.customer), &sample, err);
	template_set_free(templates);
	arena_free(&arena);
	return r;
}

const struct command cmd_preview = {
    .name = "preview",
    .line = "what will a mail look like?",
    .arguments = "TEMPLATE",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct preview_values),
    .text = "Renders a template with sample values, or those of a customer, through the code that\n"
	    "makes the real mails. Without --html, --txt, --mail or --png: subject and text on "
	    "standard\n"
	    "output. Its unsubscribe link is signed with a key of its own and does nothing.",
    .run = run,
};
