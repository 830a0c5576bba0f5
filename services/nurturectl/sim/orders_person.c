/* orders_person.c - see orders_person.h. */
#include "orders_person.h"

#include "common/base/civil.h"
#include "common/base/country.h"
#include "common/base/country_name.h"
#include "common/base/hash.h"
#include "common/base/locale.h"
#include "common/base/region.h"
#include "common/base/text.h"
#include "common/mail/inbox.h"
#include "orders_door.h"
#include "orders_fields.h"

/* The address of a customer of whom the file has none; any id must give one. */
static char *made_address(struct orders_reader *reader, const char *id)
{
	char *address = arena_printf(&reader->orders->arena, "%s@customers.example", id);
	char hashed[ID_TEXT_BYTES];

	if (text_is_email(slice_text(address)))
		return address;
	if (text_is_email(slice_text(id)))
		return arena_text(&reader->orders->arena, id);
	id_of_texts(hashed, id, NULL);
	return arena_printf(&reader->orders->arena, "%s@customers.example", hashed);
}

/* A customer's id may be an address; of live orders no other one is taken. */
static void assume_address(struct orders_reader *reader, Nurture__V1__Customer *customer)
{
	struct orders_assumed *assumed = &reader->orders->assumed;

	if (!reader->options->is_live) {
		assumed->address = true;
		customer->email = made_address(reader, customer->id);
	} else if (text_is_email(slice_text(customer->id))) {
		customer->email = arena_text(&reader->orders->arena, customer->id);
	} else {
		assumed->no_address = true;
	}
}

static void read_email(struct orders_reader *reader, Nurture__V1__Customer *ret)
{
	struct slice given = slice_trim(field(reader, COLUMN_EMAIL), " \t");

	if (given.len && !text_is_email(given)) {
		orders_leave_out(reader, LEFT_ADDRESS, slice_of("", 0));
		given.len = 0;
	}
	ret->email = arena_copy(&reader->orders->arena, given.bytes, given.len);
}

/* What a line says of who ordered: the number, or the address in one spelling; "" for nothing. */
static struct slice name_of_line(const struct orders_reader *reader, size_t line, bool by_number,
				 char key[INBOX_KEY_BYTES])
{
	if (by_number)
		return field_of_line(reader, line, COLUMN_CUSTOMER);
	if (inbox_key(field_of_line(reader, line, COLUMN_EMAIL), key))
		return slice_text(key);
	return slice_of("", 0);
}

/* Lines of two people are no order: one of them would have bought what the other did. */
static bool is_one_person(const struct orders_reader *reader, const Nurture__V1__Customer *customer)
{
	bool by_number = field(reader, COLUMN_CUSTOMER).len > 0 &&
			 !(reader->key_is_email && text_is_email(slice_text(customer->email)));
	struct slice first = slice_of("", 0);
	char first_key[INBOX_KEY_BYTES], key[INBOX_KEY_BYTES];

	for (size_t i = 0; i < reader->line_count; i++) {
		struct slice name = name_of_line(reader, i, by_number, first.len ? key : first_key);

		if (first.len == 0)
			first = name;
		else if (name.len && !slice_equal(name, first))
			return false;
	}
	return true;
}

/* At the shop's door: its number of the customer, or none, for whom the inbox is the customer. */
static struct slice number_of(struct orders_reader *reader, struct slice address)
{
	const struct orders_door *door = reader->options->door;
	struct slice ret;

	if (reader->key_is_email)
		return slice_of("", 0);
	ret = orders_door_number(door, field(reader, COLUMN_CUSTOMER), address);
	if (ret.len == 0 && door->is_by_list && address.len)
		orders_leave_out(reader, LEFT_NUMBER, slice_of("", 0));
	return ret;
}

/* By the file's own number, or by the inbox: of guests always, of all when that is the key. */
static int read_id(struct orders_reader *reader, Nurture__V1__Customer *ret, struct err *err)
{
	const struct orders_door *door = reader->options->door;
	struct slice id = field(reader, COLUMN_CUSTOMER);
	char key[INBOX_KEY_BYTES];

	if (door)
		id = number_of(reader, slice_text(ret->email));
	if ((reader->key_is_email || id.len == 0) && inbox_key(slice_text(ret->email), key)) {
		ret->id = arena_text(&reader->orders->arena, key);
		return 1;
	}
	if (id.len == 0) {
		reader->orders->nameless++;
		orders_leave_out(reader, LEFT_CUSTOMER, slice_of("", 0));
		return 0;
	}
	if (!text_is_id(id))
		return field_complain(reader, COLUMN_CUSTOMER, id,
				      "an id of 1 to 200 printable characters", err);
	ret->id = door ? orders_door_id(door, id, &reader->orders->arena)
		       : arena_copy(&reader->orders->arena, id.bytes, id.len);
	return 1;
}

/* What to say of the word stands there to be copied: which country it is, nobody can guess. */
static int refuse_country(struct orders_reader *reader, struct slice found, struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	const char *cure =
	    arena_printf(&reader->orders->arena,
			 "--columns 'country=%.60s:%s>DE' says what the word means (nothing behind "
			 "the >: nothing)",
			 reader->layout->headers[COLUMN_COUNTRY], text_shown(found, shown));

	return field_complain_cure(
	    reader, COLUMN_COUNTRY, found,
	    "a country of ISO 3166-1 in two capitals, such as DE, or its name", cure, err);
}

/* An unknown place would be taken and then ignored: a customer's night would be the shop's. */
static int read_places(struct orders_reader *reader, Nurture__V1__Customer *ret, struct err *err)
{
	struct slice country = slice_trim(field(reader, COLUMN_COUNTRY), " \t");
	struct slice zone = field(reader, COLUMN_TIME_ZONE);
	const char *code = country.len > 2 ? country_for_name(country) : NULL;
	char region[REGION_BYTES];

	if (code)
		country = slice_text(code);
	if (country.len && !country_is_known(country) && !country_for_code(country))
		return refuse_country(reader, country, err);
	if (zone.len && reader->options->zones && !zones_find(reader->options->zones, zone))
		return field_complain(reader, COLUMN_TIME_ZONE, zone,
				      "a time zone of IANA, such as Europe/Vienna", err);
	ret->country = arena_copy(&reader->orders->arena, country.bytes, country.len);
	ret->time_zone = field_text(reader, COLUMN_TIME_ZONE);
	if (region_of(country, field(reader, COLUMN_REGION), region))
		ret->region = arena_text(&reader->orders->arena, region);
	return 0;
}

static void read_birthday(struct orders_reader *reader, Nurture__V1__Customer *ret)
{
	struct slice text = field(reader, COLUMN_BIRTHDAY);
	struct civil_date date;
	struct err ignored;

	ret->birthday = arena_copy(&reader->orders->arena, text.bytes, text.len);
	if (text.len == 0 || birthday_parse(text, &date, &ignored) == 0)
		return;
	if (field_date(reader, text, &date)) {
		ret->birthday = arena_printf(&reader->orders->arena, "%04d-%02d-%02d", date.year,
					     date.month, date.day);
		return;
	}
	orders_leave_out(reader, LEFT_BIRTHDAY, slice_of("", 0));
	ret->birthday = arena_text(&reader->orders->arena, "");
}

static void read_locale(struct orders_reader *reader, Nurture__V1__Customer *ret)
{
	ret->locale = field_text(reader, COLUMN_LOCALE);
	if (!ret->locale[0] || locale_is_tag(slice_text(ret->locale)))
		return;
	orders_leave_out(reader, LEFT_LOCALE, slice_of("", 0));
	ret->locale = arena_text(&reader->orders->arena, "");
}

static void add_consent(struct orders_reader *reader, Nurture__V1__Customer *customer,
			const char *message_class, bool given)
{
	enum { CONSENTS = 2 };
	Nurture__V1__Consent *consent = arena_alloc(&reader->orders->arena, sizeof(*consent));

	nurture__v1__consent__init(consent);
	consent->message_class = arena_text(&reader->orders->arena, message_class);
	consent->given = given;
	if (!customer->consent)
		customer->consent =
		    arena_alloc(&reader->orders->arena, CONSENTS * sizeof(Nurture__V1__Consent *));
	customer->consent[customer->n_consent++] = consent;
}

static void assume_consent(struct orders_reader *reader, Nurture__V1__Customer *customer)
{
	struct orders_assumed *assumed = &reader->orders->assumed;

	if (reader->options->is_live) {
		assumed->no_consent = true;
		return;
	}
	assumed->consent = true;
	add_consent(reader, customer, "all", true);
}

/*
 * An empty cell says nothing.  "Accepts marketing: no" says nothing either: whoever was not asked,
 * or left a box alone, has it as well.
 */
static int read_consent(struct orders_reader *reader, Nurture__V1__Customer *ret, struct err *err)
{
	struct slice all = field(reader, COLUMN_CONSENT);
	struct slice marketing = field(reader, COLUMN_MARKETING);
	bool given;

	if (!field_exists(reader, COLUMN_CONSENT) && !field_exists(reader, COLUMN_MARKETING))
		assume_consent(reader, ret);
	if (all.len) {
		if (field_yes(reader, COLUMN_CONSENT, all, &given, err) < 0)
			return -1;
		add_consent(reader, ret, "all", given);
	}
	if (marketing.len) {
		if (field_yes(reader, COLUMN_MARKETING, marketing, &given, err) < 0)
			return -1;
		if (given)
			add_consent(reader, ret,
				    reader->options->door
					? reader->options->door->source.consent_class
					: "promotion",
				    true);
	}
	return 0;
}

int person_read(struct orders_reader *reader, Nurture__V1__Customer *ret, struct err *err)
{
	int r;

	read_email(reader, ret);
	if (reader->line_count > 1 && !is_one_person(reader, ret)) {
		orders_leave_out(reader, LEFT_PEOPLE, slice_of("", 0));
		return 0;
	}
	r = read_id(reader, ret, err);
	if (r <= 0)
		return r;
	if (!field_exists(reader, COLUMN_EMAIL))
		assume_address(reader, ret);
	ret->name = field_text(reader, COLUMN_NAME);
	read_birthday(reader, ret);
	read_locale(reader, ret);
	if (read_places(reader, ret, err) < 0 || read_consent(reader, ret, err) < 0)
		return -1;
	return 1;
}
