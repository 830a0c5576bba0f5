/*
 * wire.c - see wire.h.  The parts are in wire_*.c; what is decided is here.
 */
#include "wire.h"

#include "common/codec/protobuf_message.h"
#include "common/codec/state_version.h"
#include "wire_parts.h"

#define ENTRY struct seg_memory
static const struct column memory_columns[] = {
    COLUMN(TEXT, programme, programme),
    COLUMN(STEPS, programme_ms, last_ms),
    COLUMN_SINCE_OF(programme_expires_ms, expires_ms, last_ms),
};

static int read_decided(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err)
{
	to->segments = (const char **)from->segment;
	to->segment_count = (unsigned)from->n_segment;
	WIRE_LIST(to, memories, memory, from->n_programme);
	if (!seg_columns_read(from, TABLE(memory_columns), ENTRIES(to->memories, to->memory_count)))
		return wire_bad(err, "a programme with a time that cannot be");
	to->contact_fingerprint = from->contact_fingerprint;
	to->due_ms = seg_of_since(from->due_ms, 0);
	return seg_is_time_or_never(to->due_ms) ? 0 : wire_bad(err, "a time that cannot be");
}

static void write_decided(const struct seg_profile *from, Nurture__V1__Profile *to)
{
	to->segment = (char **)from->segments;
	to->n_segment = from->segment_count;
	seg_columns_write(ENTRIES(from->memories, from->memory_count), TABLE(memory_columns),
			  from->arena, to);
	to->contact_fingerprint = from->contact_fingerprint;
	to->due_ms = seg_to_since(from->due_ms, 0);
}

enum { FIRST_VERSION = 1, VERSION = 2 };

static int read_message(struct slice bytes, struct arena *arena, Nurture__V1__Profile *ret,
			struct err *err)
{
	unsigned version = state_version_take(&bytes);
	const struct message_source source = message_source_of(bytes, arena);

	if (state_version_is_newer(version, VERSION))
		return err_environment(
		    err, "profile: of version %u, which only a newer build knows", version);
	if (version > VERSION || !message_fill_state(&source, ret->base.descriptor, bytes, ret))
		return err_set(err, "profile: %zu bytes that are no profile", bytes.len);
	return version == FIRST_VERSION ? 0 : wire_to_first_version(ret, arena, err);
}

int seg_profile_decode(struct slice bytes, struct arena *arena, struct seg_profile **ret,
		       struct err *err)
{
	struct seg_profile *profile = seg_profile_new(arena);
	Nurture__V1__Profile message = NURTURE__V1__PROFILE__INIT;

	/* Categories first: orders point into them. */
	if (read_message(bytes, arena, &message, err) < 0 ||
	    wire_read_categories(&message, profile, err) < 0 ||
	    wire_read_orders(&message, profile, err) < 0 ||
	    wire_read_person(&message, profile, err) < 0 ||
	    wire_read_known(&message, profile, err) < 0 ||
	    wire_read_behaviour(&message, profile, err) < 0 ||
	    read_decided(&message, profile, err) < 0)
		return -1;
	*ret = profile;
	return 0;
}

/*
 * The order in which the fields have always been written.  A state that nothing changed is not
 * stored again, which only its bytes can tell; a new field goes to the end.
 */
static const struct message_run runs[] = {
    {1, 4},   {127, 127}, {5, 7},     {17, 23},   {8, 8},   {24, 24},   {70, 79},
    {9, 9},   {25, 31},   {10, 10},   {32, 32},   {60, 60}, {33, 36},   {11, 11},
    {37, 38}, {123, 123}, {42, 42},   {44, 44},   {43, 43}, {45, 45},   {47, 47},
    {46, 46}, {48, 48},   {80, 83},   {65, 65},   {84, 89}, {12, 13},   {39, 40},
    {14, 16}, {41, 41},   {124, 126}, {120, 122}, {61, 64}, {128, 130},
};

struct slice seg_profile_encode(const struct seg_profile *profile)
{
	Nurture__V1__Profile message = NURTURE__V1__PROFILE__INIT;
	struct slice packed;

	wire_write_orders(profile, &message);
	wire_write_person(profile, &message);
	wire_write_behaviour(profile, &message);
	write_decided(profile, &message);
	wire_write_known(profile, &message);
	wire_to_second_version(&message, profile->arena);
	packed = message_pack_runs(&message, runs, sizeof(runs) / sizeof(runs[0]), profile->arena);
	return state_version_put(VERSION, packed, profile->arena);
}
