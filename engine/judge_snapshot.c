/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_snapshot.c - conditions on what the kernel said of an end: state, queues, timer, ... */
#include "judge.h"

#include <poll.h>

#define POLL_SHOWN (POLLIN | POLLPRI | POLLOUT | POLLRDHUP | POLLERR | POLLHUP)

/* `[OP] N`: equal when no operator is written. */
static enum verdict compare(const struct bench *bench, int64_t value)
{
	int64_t n = bench_wanted(bench, "N", 0);

	switch ((enum comparison)bench_wanted(bench, "OP", COMPARE_EQUAL)) {
	case COMPARE_LESS:
		return bench_verdict(value < n);
	case COMPARE_GREATER:
		return bench_verdict(value > n);
	case COMPARE_ATMOST:
		return bench_verdict(value <= n);
	case COMPARE_ATLEAST:
		return bench_verdict(value >= n);
	case COMPARE_EQUAL:
		break;
	}
	return bench_verdict(value == n);
}

static const struct snapshot *newest_snapshot(struct bench *bench)
{
	const struct event *event = bench->end->snapshot;

	if (!event) {
		bench_saw(bench, "nothing seen of the %s yet", side_name(bench->condition->side));
		return NULL;
	}
	bench->decider = event->n;
	return event->snapshot;
}

/* The newest state change of the newest connection, which may be later than the snapshot. */
static const struct event *newest_state(const struct bench *bench)
{
	const struct event *shot = bench->end->snapshot, *event = bench->end->state;
	unsigned conn = shot ? shot->conn : 0;

	while (event && event->conn < conn)
		event = journal_before(bench->judge->journal, EVENT_STATE, bench->condition->side,
				       event->n);
	return event;
}

enum verdict judge_state(struct bench *bench)
{
	const struct event *shot = bench->end->snapshot, *change = newest_state(bench);
	enum tcp_state want = (enum tcp_state)bench_wanted(bench, "STATE", STATE_NONE), state;
	bool gone;

	if (!shot && !change)
		return newest_snapshot(bench) ? VERDICT_FALSE : VERDICT_UNDECIDED;
	if (change && (!shot || change->n > shot->n)) {
		state = change->state.new;
		gone = false;
		bench->decider = change->n;
	} else {
		state = shot->snapshot->state;
		gone = shot->snapshot->gone;
		/* The change tells more than the snapshot that only confirms it. */
		bench->decider = change && change->conn == shot->conn && change->state.new == state
					 ? change->n
					 : shot->n;
		if (state == STATE_NONE && !shot->snapshot->observed &&
		    shot->snapshot->channel == CHANNEL_TCP) {
			bench_saw(bench, "the state cannot be seen here");
			return VERDICT_UNAVAILABLE;
		}
	}
	if (state == STATE_NONE)
		bench_saw(bench, "no TCP socket");
	else
		bench_saw(bench, "%s%s", state_name(state), gone ? ", gone" : "");
	return bench_verdict(state == want);
}

/* Not in the snapshot: because the machine cannot tell, or because there is nothing to tell. */
static enum verdict not_reported(struct bench *bench, const struct snapshot *shot, const char *what)
{
	if (shot->channel == CHANNEL_NONE && !shot->gone && shot->state == STATE_NONE) {
		bench_saw(bench, "no socket");
		return VERDICT_UNDECIDED;
	}
	if (!shot->observed && !shot->gone) {
		bench_saw(bench, "%s cannot be seen here", what);
		return VERDICT_UNAVAILABLE;
	}
	bench_saw(bench, "the kernel reports no %s: %s", what,
		  shot->gone ? "gone" : state_name(shot->state));
	return VERDICT_UNDECIDED;
}

enum verdict judge_queue(struct bench *bench, bool receive)
{
	const struct snapshot *shot = newest_snapshot(bench);
	const char *name = receive ? "Recv-Q" : "Send-Q";
	uint32_t value;

	if (!shot)
		return VERDICT_UNDECIDED;
	if (!shot->queues_known)
		return not_reported(bench, shot, name);
	value = receive ? shot->recvq : shot->sendq;
	bench_saw(bench, "%s %u", name, value);
	return compare(bench, value);
}

enum verdict judge_poll(struct bench *bench)
{
	const struct snapshot *shot = newest_snapshot(bench);
	unsigned want = 0;
	char names[64];

	if (!shot)
		return VERDICT_UNDECIDED;
	if (!shot->poll_known)
		return not_reported(bench, shot, "poll events");
	for (unsigned i = 0; i < bench->condition->nargs; i++)
		want |= (unsigned)bench->condition->args[i].num;
	bench_saw(bench, "poll %s", poll_format(shot->poll & POLL_SHOWN, names, sizeof(names)));
	return bench_verdict((shot->poll & POLL_SHOWN) == want);
}

enum verdict judge_timer(struct bench *bench)
{
	const struct snapshot *shot = newest_snapshot(bench);
	const struct event *now = journal_at(bench->judge->journal, bench->judge->upto);
	const struct arg *over = condition_arg(bench->condition, "over");
	const struct arg *under = condition_arg(bench->condition, "under");
	int64_t left;

	if (!shot)
		return VERDICT_UNDECIDED;
	if (!shot->observed || shot->gone)
		return not_reported(bench, shot, "timer");
	/* It has been running since the snapshot. */
	left = shot->timer_ns - (now ? now->t - bench->end->snapshot->t : 0);
	if (left < 0)
		left = 0;
	if (shot->timer == TIMER_OFF)
		bench_saw(bench, "timer off");
	else
		bench_saw(bench, "timer %s, %lld.%03llds left", timer_name(shot->timer),
			  (long long)(left / NS_PER_S), (long long)(left % NS_PER_S / NS_PER_MS));
	return bench_verdict((int64_t)shot->timer == bench_wanted(bench, "KIND", -1) &&
			     (!over || left > over->num) && (!under || left < under->num));
}

enum verdict judge_info(struct bench *bench)
{
	const struct snapshot *shot = newest_snapshot(bench);
	const struct info_field *field = info_field_at((size_t)bench_wanted(bench, "FIELD", 0));
	int64_t value;

	if (!shot || !field)
		return VERDICT_UNDECIDED;
	if (snapshot_info(shot, field, &value)) {
		bench_saw(bench, "%s %lld", field->name, (long long)value);
		return compare(bench, value);
	}
	if (!shot->info_len)
		return not_reported(bench, shot, "tcp_info");
	bench_saw(bench, "this kernel's tcp_info has no %s", field->name);
	return VERDICT_UNAVAILABLE;
}

enum verdict judge_gone(struct bench *bench)
{
	const struct snapshot *shot = newest_snapshot(bench);

	if (!shot)
		return VERDICT_UNDECIDED;
	if (!shot->gone && !shot->observed && shot->channel == CHANNEL_TCP) {
		bench_saw(bench, "sock_diag cannot be asked here");
		return VERDICT_UNAVAILABLE;
	}
	bench_saw(bench, "%s",
		  shot->gone		      ? "gone"
		  : shot->state != STATE_NONE ? state_name(shot->state)
					      : "no TCP socket");
	return bench_verdict(shot->gone);
}
