/* policy_load_fuzz.c - any bytes as policy file: refused with a readable error, or whole. */
#include <assert.h>

#include "common/base/text.h"
#include "common/policy/quiet.h"
#include "tests/unit/policy_fixture.h"

/* Whoever is written to at all has a time for it. */
static void ask_when(const struct policy *policy, const struct programme *programme)
{
	const int64_t now_ms = INT64_C(20000) * DAY_MS;
	struct send_window best = best_window(policy, (int)(programme->expires_ms % 25) - 1);
	const struct send_window *window = &programme->send_window;
	int64_t at_ms;

	assert(best.from_min >= 0 && best.from_min < best.to_min && best.to_min <= 24 * 60);
	if (programme->send_at == SEND_AT_BEST)
		window = &best;
	at_ms = window_time(policy, slice_text(""), slice_text("AT"), window, now_ms);
	assert(at_ms >= now_ms && at_ms < now_ms + 2 * DAY_MS);
	at_ms = sending_time(policy, slice_text("UTC"), slice_text(""), window, now_ms);
	assert(at_ms >= now_ms);
}

/* What a service would do with a policy that was accepted. */
static void ask(const struct policy *policy)
{
	static const char *const names[] = {"care", "tips", "returning", "coffee", ""};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice name = slice_text(names[i]);
		int index = policy_class(policy, name);

		assert(index >= -1 && index < (int)policy->class_count);
		policy_programme(policy, name);
		assert(policy_just_bought_ms(policy, name) >= 0);
	}
	assert(policy_longest_window_ms(policy) >= SECOND_MS);
	assert(policy->shop_zone && policy->shop.name[0]);
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		assert(programme->owner[0] && programme->action_count > 0);
		assert(programme->message_class < policy->class_count);
		assert(programme->expires_ms >= SECOND_MS);
		ask_when(policy, programme);
	}
	for (unsigned i = 0; i < policy->warning_count; i++)
		assert(policy->warnings[i][0]);
	for (unsigned i = 0; i < policy->cap_count; i++)
		assert(policy->caps[i].window_ms >= SECOND_MS && policy->caps[i].limit >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zones *zones;
	struct policy *policy;
	struct err err;

	if (!zones)
		zones = fixture_zones();
	if (policy_load(slice_of(data, size), "f.yaml", zones,
			size % 2 ? fixture_templates() : NULL, &policy, &err) == 0) {
		ask(policy);
		policy_free(policy);
	} else {
		assert(err.kind == ERR_CONFIG);
		assert(strncmp(err.text, "f.yaml:", 7) == 0);
		assert(text_is_utf8(slice_text(err.text)));
		assert(text_is_printable(slice_text(err.text)));
	}
	return 0;
}
