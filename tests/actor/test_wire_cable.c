/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_cable.c - what the cable does to all segments: cut, delay, loss, unreachable, mend. */
#include "cable.h"

#include <stdio.h>

#define OPEN                      \
	"open\n"                  \
	"client set nodelay on\n" \
	"server set nodelay on\n"

static void test_cut(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire cut\n"
		"client write \"abc\"\n"
		"server write \"1\"\n"
		"expect not server recvq > 0 for 100ms\n"
		"expect client sendq 3\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 cut");
	assert_crossings(p, SIDE_SERVER, "<P.1 cut");
	/* What was cut is lost; TCP sends it again. */
	play(p, "wire mend\n"
		"expect server recvq 3 within 5s\n"
		"expect client recvq 1 within 5s\n");
	play_assert(p, strstr(crossings(p, SIDE_CLIENT), ">P.3 delivered x"));
	/* A cut wire stays cut for a connection that comes. */
	play(p, "wire cut\n"
		"client connect\n"
		"expect client state SYN_SENT\n"
		"expect client blocked in connect\n");
	assert_crossings(p, SIDE_CLIENT, ">S cut");
}

/* The time from the newest segment's sending to its delivery; both are in the journal. */
static int64_t lateness(struct play *p, enum side side, int len)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = crossing_newest(p, side, -1, len), *sent = event;

	play_assert(p, event && event->segment.fate == FATE_DELIVERED);
	do
		sent = journal_before(journal, EVENT_SEGMENT, side, sent->n);
	while (sent && sent->segment.id != event->segment.id);
	play_assert(p, sent && sent->segment.fate == FATE_DELAYED);
	return event->t - sent->t;
}

static void test_delay(void **state)
{
	struct play *p = cable(state);

	play(p, "wire delay 60ms\n"
		"open\n"
		"expect client connect = 0\n");
	play_assert(p, took(p) >= 120 * NS_PER_MS);
	play(p, "expect server accept = 4\n"
		"client set nodelay on\n"
		"server set nodelay on\n");
	/* Never sooner; later only where the machine is. */
	play(p, "client write \"abc\"\n"
		"expect server recvq 3\n");
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">P.3 delayed, >P.3 delivered");
	play_assert(p, lateness(p, SIDE_CLIENT, 3) >= 60 * NS_PER_MS &&
			       lateness(p, SIDE_CLIENT, 3) < 260 * NS_PER_MS);
	play(p, "expect client sendq 0\n"
		"expect client info rtt >= 119000\n");
	/* Each takes its time, none waits for the one before it. */
	play(p, "server write \"1\"\n"
		"server write \"23\"\n"
		"expect client recvq 3\n");
	assert_crossings(p, SIDE_SERVER,
			 "<P.1 delayed, <P.2 delayed, <P.1 delivered, <P.2 delivered");
	play_assert(p, took(p) < 120 * NS_PER_MS + 200 * NS_PER_MS);
	play(p, "wire delay 0s\n"
		"client write \"d\"\n"
		"expect server recvq 4\n");
	play_assert(p, !strstr(crossings(p, SIDE_CLIENT), ">P.1 delayed"));
}

/* What is under way arrives at once when the wire is mended, in its order. */
static void test_mend(void **state)
{
	struct play *p = cable(state);
	uint64_t first, second, third;

	play(p, OPEN);
	play(p, "wire delay 10s\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"wire hold server\n"
		"server write \"def\"\n"
		"wire mend\n");
	first = crossing_first(p, SIDE_CLIENT, 1, FATE_DELIVERED);
	second = crossing_first(p, SIDE_CLIENT, 2, FATE_DELIVERED);
	third = crossing_first(p, SIDE_SERVER, 3, FATE_RELEASED);
	play_assert(p, first && first < second && second < third);
	play_assert(p, crossing_first(p, SIDE_CLIENT, 2, FATE_DELAYED) < first);
	play_assert(p, crossing_first(p, SIDE_SERVER, 3, FATE_HELD) < first);
	play(p, "expect server recvq 3\n"
		"expect client recvq 3\n"
		"wire loss 100\n"
		"wire unreachable host\n"
		"wire cut\n"
		"wire hold\n"
		"wire delay 1s\n"
		"wire mend\n"
		"client write \"g\"\n"
		"expect server recvq 4\n");
	play_assert(p, strstr(crossings(p, SIDE_CLIENT), ">P.1 delivered"));
	play_assert(p, !strstr(crossings(p, SIDE_CLIENT), ">P.1 delivered x"));
}

static void test_loss(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire loss 100\n"
		"client write \"abc\"\n"
		"server write \"1\"\n"
		"expect not server recvq > 0 for 300ms\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 lost");
	assert_crossings(p, SIDE_SERVER, "<P.1 lost");
	play_assert(p, strstr(crossings(p, SIDE_CLIENT), ">P.3 lost x2"));
	play(p, "wire loss 0\n"
		"expect server recvq 3 within 5s\n");
}

/* What was lost of a little conversation, each piece awaited before the next. */
static void losses(unsigned seed, char *out, size_t size)
{
	struct play *p = cable_new(seed);
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = NULL;
	size_t len = 0;
	char line[80];

	/* A retransmission now and then of its own accord would be another segment. */
	play(p, "sysctl tcp_early_retrans 0\n"
		"open\n"
		"wire loss 30\n");
	for (int i = 1; i <= 6; i++) {
		snprintf(line, sizeof(line),
			 "client write \"%d\"\nexpect server recvq %d within 20s\n", i, i);
		play(p, line);
		play(p, "expect client sendq 0 within 20s\n");
	}
	out[0] = '\0';
	while ((event = journal_after(journal, EVENT_SEGMENT, SIDE_CLIENT, event ? event->n : 0)))
		if (event->segment.len && len + 16 < size)
			len += (size_t)sprintf(out + len, "%u.%u%s ", event->segment.seq,
					       event->segment.sent,
					       event->segment.fate == FATE_LOST ? "!" : "");
	play_free(p);
}

static void test_seed(void **state)
{
	char one[2000], two[2000], other[2000];

	cable(state);
	play_teardown(state);
	*state = NULL;
	losses(3, one, sizeof(one));
	losses(3, two, sizeof(two));
	losses(4, other, sizeof(other));
	assert_non_null(strchr(one, '!'));
	assert_string_equal(one, two);
	assert_string_not_equal(one, other);
}

static int seed_teardown(void **state)
{
	return *state ? play_teardown(state) : 0;
}

static void test_unreachable_connect(void **state)
{
	static const struct {
		const char *what, *lines;
	} cases[] = {
		{"host", "expect client connect fails EHOSTUNREACH\n"
			 "expect icmp to client host-unreachable\n"},
		{"net", "expect client connect fails ENETUNREACH\n"
			"expect icmp to client net-unreachable\n"},
		{"port", "expect client connect fails ECONNREFUSED\n"
			 "expect icmp to client port-unreachable\n"},
	};
	struct play *p = cable(state);
	char line[80];

	play(p, "server listen\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), "wire unreachable %s", cases[i].what);
		play(p, line);
		play(p, "client connect\n");
		play_assert_text(p, crossings(p, SIDE_CLIENT), ">S unreachable");
		play(p, cases[i].lines);
		play(p, "client close\n");
	}
	play(p, "wire unreachable off\n"
		"client connect\n"
		"expect client connect = 0\n");
}

/* An established connection takes it as a hint only: it goes on trying, and when it gives up that
 * is the error. */
static void test_unreachable_established(void **state)
{
	struct play *p = cable(state);

	play(p, "sysctl tcp_retries2 3\n"
		"open\n"
		"wire unreachable host\n"
		"client write \"abc\"\n"
		"expect icmp to client host-unreachable\n"
		"expect client state ESTABLISHED\n"
		"expect not server recvq > 0\n"
		"client read\n"
		"expect client blocked in read\n"
		"expect client read fails EHOSTUNREACH within 8s\n"
		"expect client state CLOSE\n");
	/* One answer for each that was sent. */
	play_assert_int(p, journal_count(p, EVENT_ICMP, p->since),
			journal_count(p, EVENT_SEGMENT, p->since) - 3);
	play(p, "expect server state ESTABLISHED\n");
}

static void test_unreachable_passes(void **state)
{
	struct play *p = cable(state);

	play(p, "open\n"
		"wire unreachable net\n"
		"client write \"abc\"\n"
		"expect icmp to client net-unreachable\n"
		"wire unreachable off\n"
		"expect server recvq 3 within 5s\n"
		"expect client state ESTABLISHED\n"
		"client write \"d\"\n"
		"expect server recvq 4\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_cut),
		CABLE_TEST(test_delay),
		CABLE_TEST(test_mend),
		CABLE_TEST(test_loss),
		cmocka_unit_test_setup_teardown(test_seed, cable_setup, seed_teardown),
		CABLE_TEST(test_unreachable_connect),
		CABLE_TEST(test_unreachable_established),
		CABLE_TEST(test_unreachable_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
