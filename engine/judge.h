/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.h - the judges of the conditions: the journal up to one event in, a verdict out. */
#ifndef JUDGE_H
#define JUDGE_H
#include "grammar.h"

/* What a judge sees and says. */
struct bench {
	const struct condition *condition;
	const struct judge *judge;
	const struct scene_side *end; /* of the condition's side, at judge->upto */
	uint64_t decider;	      /* n of the event that decided */
	char *saw;
	size_t size;
};
/* Say in a few words what there was. */
void bench_saw(struct bench *bench, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The number of the condition's word of this name. */
int64_t bench_wanted(const struct bench *bench, const char *name, int64_t otherwise);
enum verdict bench_verdict(bool holds);

/* By the newest snapshot (judge_snapshot.c). */
enum verdict judge_state(struct bench *bench);
enum verdict judge_queue(struct bench *bench, bool receive);
enum verdict judge_poll(struct bench *bench);
enum verdict judge_timer(struct bench *bench);
enum verdict judge_info(struct bench *bench);
enum verdict judge_gone(struct bench *bench);
/* By the calls and the process (judge_call.c). */
enum verdict judge_call(struct bench *bench, enum cond cond);
enum verdict judge_blocked(struct bench *bench);
enum verdict judge_process(struct bench *bench, enum process_change what, const char *value);
/* By what crossed the link (judge_segment.c). */
enum verdict judge_segments(struct bench *bench, int64_t need);
enum verdict judge_icmp(struct bench *bench);

#endif
