/* wire_answer.c - see wire_answer.h. */
#include "wire_answer.h"

#include "common/codec/protobuf_message.h"
#include "nurture/v1/answer.pb-c.h"

struct slice sched_answer_encode(const Nurture__V1__KeptAnswer *kept, int64_t now_ms,
				 struct arena *arena)
{
	Nurture__V1__Answer answer = NURTURE__V1__ANSWER__INIT;

	answer.time_ms = (uint64_t)now_ms;
	answer.outcome = message_packed(slice_of(kept->outcome.data, kept->outcome.len), arena);
	answer.lapses_ms = kept->lapses_ms;
	return message_pack(&answer, arena);
}
