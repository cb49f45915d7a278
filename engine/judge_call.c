/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_call.c - conditions on what a process did: its calls, whether it blocks, how it ended. */
#include "judge.h"

#include <string.h>

static void saw_call(struct bench *bench, const struct event *event)
{
	const char *name = call_name(event->call.call);
	char data[48];

	if (event->call.killed)
		bench_saw(bench, "%s: killed inside", name);
	else if (event->call.ret < 0)
		bench_saw(bench, "%s = %lld %s", name, (long long)event->call.ret,
			  event->call.err ? errno_name(event->call.err) : "");
	else if (event->call.data)
		bench_saw(bench, "%s = %lld \"%s\"", name, (long long)event->call.ret,
			  text_escape(event->call.data, event->call.len, true, data, sizeof(data)));
	else
		bench_saw(bench, "%s = %lld", name, (long long)event->call.ret);
}

/* The start of the side's newest process: calls of the one before are not its own. */
static uint64_t process_start(const struct bench *bench)
{
	const struct judge *judge = bench->judge;
	enum side side = bench->condition->side;
	const struct event *event =
		journal_latest(judge->journal, EVENT_PROCESS, side, judge->upto);

	while (event && event->process.what != PROCESS_STARTED)
		event = journal_before(judge->journal, EVENT_PROCESS, side, event->n);
	return event ? event->n : 0;
}

/* The newest call of the condition's name that the process has entered: its return in `event`,
 * VERDICT_TRUE; otherwise what can be said without one. */
static enum verdict find_call(struct bench *bench, const struct event **event)
{
	const struct judge *judge = bench->judge;
	enum side side = bench->condition->side;
	enum call call = (enum call)bench_wanted(bench, "CALL", 0);
	uint64_t since = process_start(bench);
	const struct event *newest = journal_latest(judge->journal, EVENT_CALL, side, judge->upto);
	const struct event *in = journal_latest(judge->journal, EVENT_BLOCKED, side, judge->upto);
	const struct event *found = newest;

	if (judge->calls_since > since)
		since = judge->calls_since;
	if (in && in->n > since && in->call.call == call && (!newest || newest->n < in->n)) {
		bench->decider = in->n;
		if (bench->end->alive) {
			bench_saw(bench, "%s still blocked", call_name(call));
			return VERDICT_UNDECIDED;
		}
		bench_saw(bench, "%s never returned: the process is dead", call_name(call));
		return VERDICT_FALSE;
	}
	while (found && found->n > since && found->call.call != call)
		found = journal_before(judge->journal, EVENT_CALL, side, found->n);
	if (!found || found->n <= since) {
		bench_saw(bench, "no %s yet", call_name(call));
		return VERDICT_UNDECIDED;
	}
	bench->decider = found->n;
	saw_call(bench, found);
	*event = found;
	return found->call.killed ? VERDICT_FALSE : VERDICT_TRUE;
}

enum verdict judge_call(struct bench *bench, enum cond cond)
{
	const struct event *event = NULL;
	const struct arg *text = condition_arg(bench->condition, "TEXT");
	enum verdict found = find_call(bench, &event);

	if (found != VERDICT_TRUE)
		return found;
	if (cond == COND_CALL_RETURNS)
		return bench_verdict(event->call.ret == bench_wanted(bench, "RETURN", 0));
	if (cond == COND_CALL_FAILS)
		return bench_verdict(event->call.ret < 0 &&
				     event->call.err == bench_wanted(bench, "ERRNO", 0));
	if (!event->call.data)
		return bench_verdict(event->call.ret == 0 && text->len == 0);
	return bench_verdict(event->call.len == text->len &&
			     !memcmp(event->call.data, text->text, text->len));
}

enum verdict judge_blocked(struct bench *bench)
{
	const struct event *in = bench->end->blocked;

	if (in) {
		bench->decider = in->n;
		bench_saw(bench, "blocked in %s", call_name(in->call.call));
		return bench_verdict(bench_wanted(bench, "CALL", (int64_t)in->call.call) ==
				     (int64_t)in->call.call);
	}
	if (!bench->end->started) {
		bench_saw(bench, "no process");
		return VERDICT_UNDECIDED;
	}
	if (bench->end->call) {
		bench->decider = bench->end->call->n;
		saw_call(bench, bench->end->call);
	} else {
		bench_saw(bench, "not blocked");
	}
	return VERDICT_FALSE;
}

enum verdict judge_process(struct bench *bench, enum process_change what, const char *value)
{
	const struct event *event = bench->end->process;

	if (!bench->end->started) {
		bench_saw(bench, "no process");
		return VERDICT_UNDECIDED;
	}
	if (bench->end->alive || !event) {
		bench_saw(bench, "%s", bench->end->stopped ? "stopped" : "still running");
		return VERDICT_FALSE;
	}
	bench->decider = event->n;
	if (event->process.what == PROCESS_EXITED)
		bench_saw(bench, "exited %d", event->process.status);
	else
		bench_saw(bench, "killed %s", signal_name(event->process.status));
	return bench_verdict(event->process.what == what &&
			     event->process.status == bench_wanted(bench, value, -1));
}
