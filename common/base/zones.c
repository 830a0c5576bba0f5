/* zones.c - all zones by name, and by country.  See zone.h. */
#include <stdlib.h>

#include "country.h"
#include "zone_internal.h"

struct named_zone {
	char *name;
	size_t len;
	uint64_t prefix;   /* prefix_of() the name */
	bool is_listed;    /* some country has it */
	struct zone *zone; /* NULL: a country mentions it, but it was not added */
};

struct country_zone {
	char alpha2[2];
	struct named_zone *named;
};

struct zones {
	struct named_zone **by_name; /* sorted; each allocated, so that countries can point at it */
	size_t count, room;
	struct country_zone *of_countries; /* by country; those of one as they were added */
	size_t country_count, country_room;
};

static void *checked(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static int lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* No two names of the IANA data differ in case alone. */
static int compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < len; i++) {
		int order = lower(a.bytes[i]) - lower(b.bytes[i]);

		if (order)
			return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* The first bytes of a name as a number, which has the order of compare() as long as they differ. */
static uint64_t prefix_of(struct slice name)
{
	uint64_t prefix = 0;

	for (size_t i = 0; i < sizeof(prefix); i++)
		prefix = prefix << 8 | (i < name.len ? (uint64_t)lower(name.bytes[i]) : 0);
	return prefix;
}

static struct slice behind_prefix(struct slice name)
{
	size_t len = name.len < sizeof(uint64_t) ? name.len : sizeof(uint64_t);

	return slice_of(name.bytes + len, name.len - len);
}

/* As compare() of the two names; every decision about an hour asks for a zone. */
static int compare_named(const struct named_zone *a, uint64_t prefix, struct slice name)
{
	if (a->prefix != prefix)
		return a->prefix < prefix ? -1 : 1;
	return compare(behind_prefix(slice_of(a->name, a->len)), behind_prefix(name));
}

/* Where name is, or belongs. */
static size_t position(const struct zones *zones, struct slice name)
{
	size_t low = 0, high = zones->count;
	uint64_t prefix = prefix_of(name);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_named(zones->by_name[middle], prefix, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct named_zone *find(const struct zones *zones, struct slice name)
{
	size_t at = position(zones, name);

	if (at == zones->count || compare_named(zones->by_name[at], prefix_of(name), name) != 0)
		return NULL;
	return zones->by_name[at];
}

static struct named_zone *find_or_add(struct zones *zones, const char *name)
{
	size_t at = position(zones, slice_text(name));
	struct named_zone *named = find(zones, slice_text(name));

	if (named)
		return named;
	if (zones->count == zones->room) {
		zones->room = zones->room ? 2 * zones->room : 512;
		zones->by_name =
		    checked(realloc(zones->by_name, zones->room * sizeof(*zones->by_name)));
	}
	named = checked(calloc(1, sizeof(*named)));
	named->name = checked(strdup(name));
	named->len = strlen(name);
	named->prefix = prefix_of(slice_text(name));
	memmove(zones->by_name + at + 1, zones->by_name + at,
		(zones->count - at) * sizeof(*zones->by_name));
	zones->by_name[at] = named;
	zones->count++;
	return named;
}

struct zones *zones_new(void)
{
	return checked(calloc(1, sizeof(struct zones)));
}

void zones_free(struct zones *zones)
{
	if (!zones)
		return;
	for (size_t i = 0; i < zones->count; i++) {
		zone_free(zones->by_name[i]->zone);
		free(zones->by_name[i]->name);
		free(zones->by_name[i]);
	}
	free(zones->by_name);
	free(zones->of_countries);
	free(zones);
}

void zones_add(struct zones *zones, const char *name, struct zone *zone)
{
	struct named_zone *named = find_or_add(zones, name);

	if (named->zone != zone)
		zone_free(named->zone);
	named->zone = zone;
	zone->is_listed = named->is_listed;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The first entry of the country, or of the next one that has any. */
static size_t country_position(const struct zones *zones, const char code[2])
{
	size_t low = 0, high = zones->country_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(zones->of_countries[middle].alpha2, code, 2) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_of(const struct zones *zones, size_t at, const char code[2])
{
	return at < zones->country_count && memcmp(zones->of_countries[at].alpha2, code, 2) == 0;
}

void zones_add_country(struct zones *zones, const char *alpha2, const char *zone_name)
{
	struct country_zone entry;
	size_t at;

	if (strlen(alpha2) != 2)
		return; /* no country is called so, so none can be asked for */
	if (zones->country_count == zones->country_room) {
		zones->country_room = zones->country_room ? 2 * zones->country_room : 512;
		zones->of_countries = checked(realloc(
		    zones->of_countries, zones->country_room * sizeof(*zones->of_countries)));
	}
	entry = (struct country_zone){.alpha2 = {upper(alpha2[0]), upper(alpha2[1])},
				      .named = find_or_add(zones, zone_name)};
	entry.named->is_listed = true;
	if (entry.named->zone)
		entry.named->zone->is_listed = true;
	at = country_position(zones, entry.alpha2);
	while (is_of(zones, at, entry.alpha2))
		at++;
	memmove(zones->of_countries + at + 1, zones->of_countries + at,
		(zones->country_count - at) * sizeof(*zones->of_countries));
	zones->of_countries[at] = entry;
	zones->country_count++;
}

const struct zone *zones_find(const struct zones *zones, struct slice name)
{
	const struct named_zone *named = name.len ? find(zones, name) : NULL;

	return named ? named->zone : NULL;
}

/* Two capitals that zone.tab may have a line for. */
static bool country_code(struct slice alpha2, char ret[2])
{
	const char *assigned;

	if (alpha2.len != 2)
		return false;
	ret[0] = upper((char)alpha2.bytes[0]);
	ret[1] = upper((char)alpha2.bytes[1]);
	assigned = country_for_code(slice_of(ret, 2));
	if (assigned)
		memcpy(ret, assigned, 2);
	return true;
}

static size_t listed_zones(const struct zones *zones, const char code[2], const struct zone **ret,
			   size_t max)
{
	size_t count = 0;

	for (size_t i = country_position(zones, code); is_of(zones, i, code); i++) {
		const struct zone *zone = zones->of_countries[i].named->zone;

		if (!zone)
			continue;
		if (count < max)
			ret[count] = zone;
		count++;
	}
	return count;
}

static const struct zone *main_zone(const struct zones *zones, const char code[2])
{
	return zones_find(zones, slice_text(country_main_zone(slice_of(code, 2))));
}

size_t zones_of_country(const struct zones *zones, struct slice alpha2, const struct zone **ret,
			size_t max)
{
	const struct zone *only;
	char code[2];
	size_t count;

	if (!country_code(alpha2, code))
		return 0;
	count = listed_zones(zones, code, ret, max);
	if (count)
		return count;
	only = main_zone(zones, code);
	if (only && max)
		ret[0] = only;
	return only != NULL;
}

/* What zone.tab does not list is another name of something that it does, and has its clock. */
static bool lies_in(const struct zones *zones, const char code[2], const struct zone *zone)
{
	for (size_t i = country_position(zones, code); is_of(zones, i, code); i++) {
		const struct zone *listed = zones->of_countries[i].named->zone;

		if (listed && (listed == zone || (!zone->is_listed && zone_is_same(listed, zone))))
			return true;
	}
	return false;
}

const struct zone *zones_for_country(const struct zones *zones, struct slice alpha2,
				     const struct zone *shop)
{
	const struct zone *found = NULL;
	char code[2];

	if (!country_code(alpha2, code))
		return NULL;
	if (shop && lies_in(zones, code, shop))
		return shop;
	found = main_zone(zones, code);
	if (!found)
		listed_zones(zones, code, &found, 1);
	return found;
}
