/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.c - whether a condition holds, by the journal and nothing else. */
#include "judge.h"

#include <stdarg.h>

void bench_saw(struct bench *bench, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(bench->saw, bench->size, fmt, ap);
	va_end(ap);
}

int64_t bench_wanted(const struct bench *bench, const char *name, int64_t otherwise)
{
	const struct arg *arg = condition_arg(bench->condition, name);

	return arg ? arg->num : otherwise;
}

enum verdict bench_verdict(bool holds)
{
	return holds ? VERDICT_TRUE : VERDICT_FALSE;
}

static enum verdict judge_row(struct bench *bench, enum cond cond)
{
	switch (cond) {
	case COND_STATE:
		return judge_state(bench);
	case COND_RECVQ:
	case COND_SENDQ:
		return judge_queue(bench, cond == COND_RECVQ);
	case COND_CALL_RETURNS:
	case COND_CALL_DATA:
	case COND_CALL_FAILS:
		return judge_call(bench, cond);
	case COND_BLOCKED:
		return judge_blocked(bench);
	case COND_POLL:
		return judge_poll(bench);
	case COND_TIMER:
		return judge_timer(bench);
	case COND_INFO:
		return judge_info(bench);
	case COND_GONE:
		return judge_gone(bench);
	case COND_EXITED:
		return judge_process(bench, PROCESS_EXITED, "N");
	case COND_KILLED:
		return judge_process(bench, PROCESS_KILLED, "SIGNAL");
	case COND_SEGMENT:
		return judge_segments(bench, 1);
	case COND_SEGMENTS:
		return judge_segments(bench, bench_wanted(bench, "N", 1));
	case COND_ICMP:
		return judge_icmp(bench);
	}
	return VERDICT_UNDECIDED;
}

enum verdict condition_judge(const struct condition *condition, const struct judge *judge,
			     uint64_t *decider, char *words, size_t size)
{
	struct scene scene;
	char unwanted[160]; /* who asks only for the verdict */
	struct bench bench = {
		condition, judge, NULL, 0, size ? words : unwanted, size ? size : sizeof(unwanted)};
	const struct row *row = condition->row < 0 ? NULL : condition_row((size_t)condition->row);
	enum verdict verdict = VERDICT_UNDECIDED;

	bench.saw[0] = '\0';
	if (row && condition->side >= SIDE_CLIENT && condition->side < SIDE_COUNT) {
		scene_at(judge->journal, judge->upto, &scene);
		bench.end = &scene.side[condition->side];
		verdict = judge_row(&bench, (enum cond)row->id);
	}
	if (decider)
		*decider = bench.decider;
	return verdict;
}
