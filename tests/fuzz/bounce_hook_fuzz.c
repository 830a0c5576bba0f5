/* Any body of any provider: refused, or read into what can be published. */
#include "common/mail/bounce_record.h"
#include "common/mail/hook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	struct bounce_record record = BOUNCE_RECORD;
	struct arena arena = {0};
	struct hook_batch batch;
	struct err err;

	if (!size)
		return 0;
	if (hook_read((enum hook_provider)(data[0] % HOOK_PROVIDER_COUNT),
		      slice_of(data + 1, size - 1), &keys, &arena, &batch, &err) == 0)
		for (size_t i = 0; i < batch.count; i++)
			if (bounce_record(&batch.events[i].bounce, NULL, "ses", 0, &record) &&
			    buf_failed(&record.value))
				__builtin_trap();
	hook_mailgun_is_signed(slice_of(data + 1, size - 1), keys.now, 0);
	buf_free(&record.value);
	arena_free(&arena);
	return 0;
}
