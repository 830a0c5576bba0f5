/* outputs.c - see outputs.h. */
#include "outputs.h"

void outputs_start(struct outputs *outputs)
{
	outputs->first = NULL;
	outputs->last = &outputs->first;
}

void outputs_add(struct outputs *outputs, struct arena *arena, const struct output *output)
{
	size_t bytes = output->header_count * sizeof(*output->headers);
	struct output *kept = arena_alloc(arena, sizeof(*kept));
	void *headers;

	*kept = *output;
	kept->next = NULL;
	if (bytes > 0) {
		headers = arena_alloc(arena, bytes);
		kept->headers = memcpy(headers, output->headers, bytes);
	}
	*outputs->last = kept;
	outputs->last = &kept->next;
}

static int put(const struct output *output, struct kafka *kafka, struct err *err)
{
	if (output->from)
		return kafka_forward(kafka, output->topic, output->partition, output->key,
				     output->from, output->headers, output->header_count, err);
	return kafka_put(kafka, output->topic, output->partition, output->key, output->value,
			 output->headers, output->header_count, output->offset, err);
}

int outputs_put(const struct outputs *outputs, struct kafka *kafka, struct err *err)
{
	for (const struct output *output = outputs->first; output; output = output->next)
		if (put(output, kafka, err) < 0)
			return -1;
	return 0;
}
