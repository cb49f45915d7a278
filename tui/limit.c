/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * limit.c - how long the kernel goes on sending into silence.
 *
 *   sent   again   again        again                        gives up
 *     ├─rto──┼─2 rto─┼───4 rto────┼───────── 8 rto ─────────── ··· ──┤
 *            ├─────── at least as long as N retries would take ──────┤
 *
 * N retries count as if the first came after 200 ms, whatever the round trip: net/ipv4/tcp_timer.c,
 * retransmits_timed_out(). A SYN's count as if it came after 1 s; and the first few of its timeouts
 * (tcp_syn_linear_timeouts) are not doubled, and come on top of tcp_syn_retries.
 */
#include "limit.h"

#include <stdlib.h>
#include <string.h>

#define RTO_LEAST (200 * NS_PER_MS)
#define RTO_MOST (120 * NS_PER_S)
#define SYN_RTO NS_PER_S
#define ORPHAN 8 /* what 0 retries mean for an orphan */
#define RETRIES_MOST 255
#define NOTES_MOST 1000

/* The value in "net.ipv4.NAME = 3"; -1: the note is not about it. */
static int note_value(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(text, "net.ipv4.", 9) || strncmp(text + 9, name, len) ||
	    strncmp(text + 9 + len, " = ", 3))
		return -1;
	return atoi(text + 9 + len + 3) & RETRIES_MOST;
}

void limits_read(const struct journal *journal, uint64_t upto, struct limits *limits)
{
	const struct event *note = journal_latest(journal, EVENT_HOST, SIDE_NONE, upto);
	const struct {
		const char *name;
		int otherwise, *value;
	} names[] = {
		{"tcp_retries2", 15, &limits->retries2},
		{"tcp_orphan_retries", 0, &limits->orphan},
		{"tcp_syn_retries", 6, &limits->syn},
		{"tcp_syn_linear_timeouts", 4, &limits->linear},
		{"tcp_synack_retries", 5, &limits->synack},
	};
	int looked = 0;

	limits->known = journal_first(journal) == 1;
	limits->retries2 = limits->orphan = limits->syn = limits->linear = limits->synack = -1;
	for (; note && looked < NOTES_MOST; looked++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (*names[i].value < 0)
				*names[i].value = note_value(note->note.text, names[i].name);
		if (!strncmp(note->note.text, "net.ipv4.tcp_rto", 16))
			limits->known = false; /* other times than those above */
		note = journal_before(journal, EVENT_HOST, SIDE_NONE, note->n);
	}
	limits->known = limits->known && looked < NOTES_MOST;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (*names[i].value < 0)
			*names[i].value = names[i].otherwise;
}

static int64_t doubled(int64_t base, unsigned times)
{
	return times < 20 && base << times < RTO_MOST ? base << times : RTO_MOST;
}

/* tcp_model_timeout(): how long so many retries would take, the first after `least`. */
static int64_t retries_time(int retries, int64_t least)
{
	int early = 0;

	while (early < retries && least << (early + 1) <= RTO_MOST)
		early++;
	return ((2LL << early) - 1) * least + (retries - early) * RTO_MOST;
}

/* Each timer is late by up to an eighth (kernel/time/timer.c), which decides where it is close. */
static bool has_passed(int64_t passed, int64_t limit)
{
	return passed + passed / 32 >= limit;
}

static int64_t limit_left(int retries, const struct snapshot *snapshot)
{
	const struct info_field *field = info_field_find("rto");
	int64_t rto, base, passed = 0, left = 0, limit = retries_time(retries, RTO_LEAST);
	unsigned i = snapshot->backoff;

	/* A router's word takes a doubling back (RFC 6069): how much time passed is not seen then.
	 */
	if (!field || !snapshot_info(snapshot, field, &rto) || rto <= 0 || i > 60 ||
	    i != snapshot->retransmits)
		return -1;
	base = (rto * 1000) >> i;
	if (base < RTO_LEAST)
		base = RTO_LEAST; /* it has reached the most */
	for (unsigned past = 1; past <= i; past++)
		passed += doubled(base, past);
	while (!has_passed(passed, limit)) {
		int64_t step = doubled(base, ++i);

		passed += step;
		left += step;
	}
	return left;
}

static int64_t syn_left(const struct limits *limits, const struct snapshot *snapshot)
{
	int64_t passed = 0, left = 0, limit = retries_time(limits->syn, SYN_RTO);
	unsigned again = snapshot->retransmits, linear = (unsigned)limits->linear, i = 0;

	if (snapshot->backoff > again)
		return -1;
	/* Before Linux 6.5 every one is doubled. */
	if (snapshot->backoff)
		linear = again - snapshot->backoff;
	for (; i <= again; i++)
		passed += doubled(SYN_RTO, i > linear ? i - linear : 0);
	for (; i <= (unsigned)limits->syn + linear && !has_passed(passed, limit); i++) {
		int64_t step = doubled(SYN_RTO, i > linear ? i - linear : 0);

		passed += step;
		left += step;
	}
	return left;
}

/* reqsk_timer_handler() in net/ipv4/inet_connection_sock.c. A SYN that comes again is answered,
 * too: that counts as a retransmission, but is no timeout, and tells by a timer that is too short.
 */
static int64_t synack_left(const struct limits *limits, const struct snapshot *snapshot)
{
	int64_t left = 0;

	if (2 * snapshot->timer_ns <= doubled(SYN_RTO, snapshot->retransmits))
		return -1;
	for (unsigned i = snapshot->retransmits; i < (unsigned)limits->synack; i++)
		left += doubled(SYN_RTO, i + 1);
	return left;
}

int64_t limits_left(const struct limits *limits, const struct snapshot *snapshot, int64_t age)
{
	int64_t left = -1, timer = snapshot->timer_ns - age;

	if (!limits->known || snapshot->timer != TIMER_ON || !snapshot->retransmits ||
	    !snapshot->observed || snapshot->gone || snapshot->options.user_timeout)
		return -1;
	switch (snapshot->state) {
	case STATE_SYN_SENT:
		left = syn_left(limits, snapshot);
		break;
	case STATE_SYN_RECV:
		left = synack_left(limits, snapshot);
		break;
	case STATE_ESTABLISHED:
	case STATE_CLOSE_WAIT:
	case STATE_FIN_WAIT1:
	case STATE_CLOSING:
	case STATE_LAST_ACK:
		left = limit_left(!snapshot->orphan ? limits->retries2
				  : limits->orphan  ? limits->orphan
						    : ORPHAN,
				  snapshot);
		break;
	default:
		break;
	}
	return left < 0 ? -1 : left + (timer > 0 ? timer : 0);
}
