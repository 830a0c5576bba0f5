/* stream_internal.h - the parts of the loop; only for this folder. */
#ifndef NURTURE_STREAM_STREAM_INTERNAL_H
#define NURTURE_STREAM_STREAM_INTERNAL_H

#include "common/io/kafka/changelog.h"
#include "common/io/redis/index.h"
#include "common/io/kafka/kafka.h"
#include "common/io/process/metrics.h"
#include "nurture/v1/checkpoint.pb-c.h"
#include "batch.h"
#include "commit.h"
#include "outputs.h"
#include "pace.h"
#include "partition.h"
#include "stream.h"

enum {
	TOPICS_MAX = 8,
	BATCH_MAX_DEFAULT = 10000,
	SHARE_MIN = 100,          /* of each partition, however many there are */
	POLL_MAX = 20000,         /* records looked at before a batch is begun */
	WAITING_BYTES = 48 << 20, /* of memory for records that wait, in all queues */
	PATIENCE_MS = 30000,      /* with a Redis that does not answer */
	LOOK_MS = 2000,           /* how often an idle loop sees whether Redis answers */
	SWEEP_WAIT_MS = 100,      /* between two parts of a sweep */
	SWEEP_PAGES = 50,         /* of names, read before a batch: it is not made to wait */
	SWEEP_NAMES = 1 << 20,    /* that a sweep holds, of all partitions together */
	RESTORE_SLICE = 1000,     /* states that a restore writes at a time */
};

struct effect {
	struct effect *next;
	struct stream_effect effect;
};

struct stream_metrics {
	struct metric *batches, *records, *timers, *reevaluated, *dead, *misrouted, *disorder,
	    *restores, *restored, *commit_ms, *partitions, *ahead, *most_ahead, *unknown_zones,
	    *unknown_classes, *unknown_tags, *redis_up, *overdue, *decision_delay,
	    *ignored[STEP_IGNORED_REASONS];
};

struct stream_trace;

struct stream {
	struct stream_options options;
	struct stream_trace *trace; /* NULL: nobody asked for traces (trace.h) */
	struct arena names;         /* of topics: as long as it is open */
	const char *inputs[KAFKA_INPUTS_MAX + 1];
	const char *outputs[TOPICS_MAX];
	enum record_kind output_kinds[TOPICS_MAX];
	unsigned input_count, output_count; /* outputs without the three below */
	unsigned changelog_output, dead_output, misrouted_output[KAFKA_INPUTS_MAX];
	bool event_time;
	bool results_only;             /* the batch of a yield() */
	size_t sweep_names;            /* SWEEP_NAMES; tests have fewer */
	size_t restore_slice;          /* RESTORE_SLICE; tests have fewer */
	size_t batch_max, batch_limit; /* batch_limit is that of the next batches; 0: none */
	size_t pace;                   /* how much of the next batch can be done in time (pace.h) */

	bool patient;         /* all that the service says may wait (gather.c) */
	bool urgent;          /* the batch has something that may not */
	bool put_off;         /* the last batch had not, and was not committed: it comes again */
	int64_t committed_ms; /* monotonic: when a batch was handed over last */
	bool overlaps;        /* the next batch may be decided while one is committed */
	struct kafka *kafka;
	struct index *index;   /* the loop reads from it */
	struct index *writer;  /* all writes go through it; not the loop's during a commit */
	struct beside *beside; /* the thread of transact.c */
	struct commit commit;
	struct changelog *changelog; /* opened by the first restore */
	struct partition *partitions;
	int32_t partition_count;
	uint64_t random; /* state of owner and token numbers */
	/* The threads of HTTP read these three while the loop writes them. */
	_Atomic int64_t redis_ok_ms;   /* monotonic: when it last answered */
	_Atomic int64_t oldest_due_ms; /* of all timers in the index; 0: there is none */
	_Atomic int64_t assigned;      /* how many partitions are ours */
	bool looks; /* this batch asks Redis about every partition, needed or not */
	bool full;  /* the last batch took all it was allowed to: there may be more */

	/* the batch */
	struct arena arena;
	struct batch batch;
	struct outputs kept;      /* what its steps said */
	int64_t now_ms;           /* wall clock of the batch */
	int64_t now_monotonic_ms; /* at that moment */
	int64_t opened_wall_ms,
	    opened_monotonic_ms; /* what two clocks said when the loop was opened */
	bool broker_is_timed;    /* a broker has stamped what we wrote; transact.c's own */
	int32_t at;              /* partition being decided */
	size_t at_taken;
	bool at_begun;
	struct result *at_result;
	size_t at_reevaluation;        /* the place among the customers that the sweep has taken */
	const struct pending *pending; /* of the step under way, NULL: timer or result */
	struct entry *entry;
	struct step step;
	struct arena step_arena; /* for one step; it is small, so it stays in the cache */
	struct effect *effects, **last_effect;
	struct stream_metrics metrics;
	int64_t most_ahead_ms;
	bool said_ahead, said_unstamped, said_zone, said_class, said_tag,
	    said_ignored[STEP_IGNORED_REASONS];
	bool forgets; /* a person was erased since the index was written last */
};

uint64_t stream_random(struct stream *stream);

/* gauges.c */
void stream_gauges_open(struct stream *stream);
void stream_gauges_close(struct stream *stream);
/* To be called by the loop when Redis has answered. */
void stream_redis_answered(struct stream *stream);
/* To be called by the loop from time to time: which timer is due longest? */
void stream_note_due(struct stream *stream);
/* A record is being decided that came at this time; 0: the event clock, where that says nothing. */
void stream_note_delay(struct stream *stream, const struct kafka_record *record,
		       int64_t arrived_ms);

/* rebalance.c */
int stream_assigned(void *stream, struct kafka_position *positions, size_t count, struct err *err);
int stream_revoked(void *stream, bool lost, struct err *err);

/* still_there.c: do the topics still have what we remember of them?  -1 says what does not fit. */
int stream_known(void *stream, const struct kafka_position *positions, size_t count,
		 struct err *err);
int stream_check_checkpoint(const struct stream *stream,
			    const Nurture__V1__PartitionCheckpoint *checkpoint, struct err *err);
/* Moves the partition on where the topic begins behind it. */
int stream_check_input(const struct stream *stream, struct partition *partition,
		       const struct kafka_position *position, struct err *err);
/* wanted: there is a checkpoint there, or was; -1: not known. */
int stream_check_changelog(struct stream *stream, const struct partition *partition, int64_t wanted,
			   struct err *err);

/*
 * poll.c: fills the queues; waits at most wait_ms.  1: something came, 0: nothing.
 */
int stream_poll(struct stream *stream, int wait_ms, struct err *err);

/* sweep_read.c: the customers that must be evaluated again under a new version of the service. */
int64_t stream_sweep_now(const struct stream *stream, const struct partition *partition);
int stream_sweep_list(struct stream *stream, struct partition *partition, struct err *err);
/* True when the sweep has something to commit. */
bool stream_sweep_choose(struct stream *stream, struct partition *partition, size_t max);

/* decide.c: counts the records of the batch, when it is about to be committed. */
void stream_count_records(struct stream *stream);

/* read.c: chooses the records and timers of the batch, and reads the states. */
int stream_read(struct stream *stream, struct err *err);

/* give_back.c: only with nothing to do, and no batch under way. */
void stream_give_back(struct stream *stream);

/* seal.c: all that the batch will say of its partitions. Returns of how many; 0: of none. */
int stream_seal(struct stream *stream);
/* transact.c: commits stream->commit, and writes it to the index. */
void stream_transact(void *stream);
/*
 * commit.c: hands the batch over as soon as no other one is under way. With `overlaps` it returns
 * while the batch is under way.
 */
int stream_pass_on(struct stream *stream, struct err *err);
/*
 * Waits for the batch that is under way, if there is one.  -1: this batch or one before it was given
 * up, or the service's after_batch() failed; leave the process.
 */
int stream_finish(struct stream *stream, struct err *err);
/*
 * Waits for it as well, and asks no more what became of it: for a loop that cannot go on.  No batch
 * can follow it.
 */
void stream_drop_commit(struct stream *stream);
void stream_free_commit(struct stream *stream);

/* dead_letter.c: sets a record aside with the reason; it always fits. */
void stream_dead_letter(struct stream *stream, const struct kafka_record *record,
			const char *reason);
/* The same of a step that no record brought: its customer, and its value if it has one. */
void stream_dead_step(struct stream *stream, const char *reason);

/* restore.c: the reader of the changelog, opened when it is first needed. */
int stream_open_changelog(struct stream *stream, struct err *err);

/*
 * restore.c: makes the index of every assigned partition that is not valid what its number says, or,
 * when number is 0, what the whole changelog says.  checkpoints may be NULL; else there is a place
 * for each partition, and the last checkpoint found for a restored one is put there (in
 * stream->arena), when there is one.  -1: the partitions that are not valid are not restored.
 */
int stream_restore(struct stream *stream, Nurture__V1__PartitionCheckpoint **checkpoints,
		   struct err *err);

/* claims.c: a record claims to be later than it came. */
void stream_note_ahead(struct stream *stream, int64_t ahead_ms);
/* A record names a time zone that nobody here knows; NULL: it does not. */
void stream_note_zone(struct stream *stream, const char *unknown_zone);
/* A record is of consent to a class that the policy has not; NULL: it is not. */
void stream_note_class(struct stream *stream, const char *unknown_class);
void stream_note_tag(struct stream *stream, const char *unknown_tag);
/* Opens a counter for each reason that a record changes nothing. */
void stream_open_ignored(struct metric *ret[STEP_IGNORED_REASONS]);
/* Counts a record that changed nothing, and logs the first of each reason. */
void stream_note_ignored(struct stream *stream, enum step_ignored ignored);
/* Logs once that a topic which others write to has no append time of the broker. */
void stream_note_unstamped(struct stream *stream, unsigned input);
/* Makes erased states leave the index's files, too.  Called when no batch is open. */
void stream_forget_on_disk(struct stream *stream);

#endif
