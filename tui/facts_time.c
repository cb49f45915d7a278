/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts_time.c - what counts: the kernel's timer, and when it gives up. */
#include "facts.h"

#include <stdio.h>

char *fact_seconds(int64_t ns, char *out, size_t size)
{
	long long s = ns / NS_PER_S;

	if (s < 100)
		snprintf(out, size, "%lld s", s);
	else if (s < 6000)
		snprintf(out, size, "%lld min %lld s", s / 60, s % 60);
	else
		snprintf(out, size, "%lld h %lld min", s / 3600, s / 60 % 60);
	return out;
}

void facts_timer(struct facts *facts, const struct scene_side *end, int64_t at)
{
	const struct snapshot *snapshot = end->snapshot->snapshot;
	bool on = snapshot->timer != TIMER_OFF;
	int64_t left = snapshot->timer_ns - (at - end->snapshot->t);
	struct fact *fact;
	char value[32];

	if (snapshot->channel != CHANNEL_TCP || !snapshot->observed || snapshot->gone)
		return;
	fact = fact_new(facts, FACT_TIMER, GROUP_TIMERS, on ? 5 : 9);
	fact->joins = !on;
	fact_pair(fact, "timer", "timer", timer_name(snapshot->timer));
	if (!on)
		return;
	if (left < 0)
		left = 0;
	fact_add(fact, STYLE_VALUE, "expires", " %s",
		 left < NS_PER_S ? "<1 s" : fact_seconds(left, value, sizeof(value)))
		->counts = true;
	if (snapshot->retransmits)
		fact_add(fact, STYLE_ERROR, "retry", ", retry %u", snapshot->retransmits);
	if (snapshot->backoff <= snapshot->retransmits)
		return;
	fact = fact_new(facts, FACT_BACKOFF, GROUP_TIMERS, 12);
	snprintf(value, sizeof(value), "%u", snapshot->backoff);
	fact_pair(fact, "backoff", "backoff", value);
}

/* It counts with the timer before it, which is why it needs no waking of its own. */
void facts_limit(struct facts *facts, const struct scene_side *end, int64_t at,
		 const struct limits *limits)
{
	const struct snapshot *snapshot = end->snapshot->snapshot;
	int64_t left = limits ? limits_left(limits, snapshot, at - end->snapshot->t) : -1;
	struct fact *fact;
	char value[32];

	if (left < 0)
		return;
	fact = fact_new(facts, FACT_LIMIT, GROUP_TIMERS, 5);
	fact_brief(fact_add(fact, STYLE_LABEL, "", "gives up in ~"), "gives up ~");
	fact_add(fact, STYLE_VALUE, "gives-up", "%s", fact_seconds(left, value, sizeof(value)))
		->counts = true;
}

/* ns from `at` until a count of whole seconds, `value` ns at `at`, shows another one. */
static int64_t count_due(int64_t value, bool down)
{
	if (down)
		return value < NS_PER_S ? -1 : value % NS_PER_S + 1;
	return NS_PER_S - value % NS_PER_S;
}

int64_t facts_due(const struct scene_side *end, int64_t at)
{
	const struct snapshot *snapshot = end->snapshot ? end->snapshot->snapshot : NULL;
	int64_t due = -1, timer;

	if (end->down)
		return -1;
	if (end->alive && end->blocked)
		due = count_due(at - end->blocked->t, false);
	if (snapshot && snapshot->channel == CHANNEL_TCP && snapshot->observed &&
	    snapshot->timer != TIMER_OFF) {
		timer = count_due(snapshot->timer_ns - (at - end->snapshot->t), true);
		if (timer > 0 && (due < 0 || timer < due))
			due = timer;
	}
	return due;
}
