/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_compose.c - what is asked of the cable at the same time. */
#include "cable.h"

#include <stdio.h>

#define OPEN                      \
	"open\n"                  \
	"client set nodelay on\n" \
	"server set nodelay on\n"

/* What gets lost is lost at once, the others come late. */
static void test_delay_and_loss(void **state)
{
	struct play *p = cable(state);
	unsigned lost = 0, late = 0;
	const char *at;

	play(p, OPEN);
	play(p, "wire delay 30ms\n"
		"wire loss 50\n");
	for (int i = 0; i < 10; i++)
		play(p, "client write \"abc\"\n");
	p->since = 0;
	crossings(p, SIDE_CLIENT);
	for (at = p->text; (at = strstr(at, " lost")); at++)
		lost++;
	for (at = p->text; (at = strstr(at, " delayed")); at++)
		late++;
	play_assert(p, lost && late);
	play(p, "wire loss 0\n"
		"expect server recvq 30 within 10s\n"
		"expect client sendq 0 within 10s\n");
	play(p, "wire loss 100\n"
		"client write \"de\"\n");
	assert_crossings(p, SIDE_CLIENT, ">P.2 lost");
}

static void test_hold_and_cut(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"wire cut\n"
		"client write \"abc\"\n"
		"server write \"1\"\n"
		"expect not client recvq > 0 for 100ms\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 held");
	assert_crossings(p, SIDE_SERVER, "<P.1 cut");
	/* Released it meets the cut. */
	play(p, "wire release client\n"
		"expect not server recvq > 0 for 100ms\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 cut");
}

static void test_hold_and_unreachable(void **state)
{
	struct play *p = cable(state);

	play(p, "wire hold client\n"
		"wire unreachable host\n"
		"server listen\n"
		"client connect\n"
		"expect client state SYN_SENT\n"
		"expect not icmp to client host-unreachable for 50ms\n"
		"wire release client\n"
		"expect icmp to client host-unreachable\n"
		"expect client connect fails EHOSTUNREACH\n");
	play_assert_text(p, crossings_once(p, SIDE_CLIENT), ">S held, >S unreachable");
}

static void test_hold_and_delay(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"wire delay 50ms\n"
		"client write \"abc\"\n"
		"server write \"1\"\n"
		"wire release client\n" /* out of the hand it is there at once */
		"expect server recvq 3\n"
		"expect client recvq 1\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 held, >P.3 released");
	play_assert(p, strstr(crossings(p, SIDE_SERVER), "<P.1 delayed"));
	play_assert(p, strstr(crossings(p, SIDE_SERVER), "<P.1 delivered"));
}

/* A hold stops what is under way, too; it is released in the order of its sending. */
static void test_delay_then_hold(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire delay 60ms\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"wire hold client\n"
		"server write \"1\"\n"
		"client write \"def\"\n"
		"expect not server recvq > 0 for 150ms\n");
	play_assert(p, !strncmp(crossings_once(p, SIDE_CLIENT),
				">P.1 delayed, >P.2 delayed, >P.1 held, >P.2 held", 48));
	play(p, "wire release client 3\n"
		"expect server recvq 6\n"
		"expect client recvq 1\n");
	for (int len = 1; len <= 3; len++)
		play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, len)->segment.fate,
				FATE_RELEASED);
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 1)->n <
			       crossing_newest(p, SIDE_CLIENT, -1, 2)->n);
}

static void test_delay_and_duplicate(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire delay 30ms\n"
		"wire duplicate client\n"
		"client write \"abc\"\n"
		"expect server recvq 3\n"
		"expect client sendq 0\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 delayed, >P.3 delivered, >P.3 duplicated");
	play(p, "client write \"de\"\n"
		"expect client sendq 0\n");
	assert_crossings(p, SIDE_CLIENT, ">P.2 delayed, >P.2 delivered");
}

static void test_delay_and_reorder(void **state)
{
	struct play *p = cable(state);
	uint64_t first, second;

	play(p, OPEN);
	play(p, "wire delay 30ms\n"
		"wire reorder client\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"expect server recvq 3\n");
	/* Not only when it is sent again. */
	first = crossing_first(p, SIDE_CLIENT, 1, FATE_DELIVERED);
	second = crossing_first(p, SIDE_CLIENT, 2, FATE_DELIVERED);
	play_assert(p, first && second && first > second);
	play_assert_int(p, journal_at(lab_journal(p->lab), first)->segment.sent, 1);
}

static void test_cut_and_delay(void **state)
{
	struct play *p = cable(state);

	/* What was under way when the cable was cut has not crossed. */
	play(p, OPEN);
	play(p, "wire delay 100ms\n"
		"client write \"abc\"\n"
		"wire cut\n"
		"expect not server recvq > 0 for 150ms\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 delayed, >P.3 cut");
}

/* On a held wire `open` leaves both sides visibly blocked, and goes on when it can. */
static void test_open_held(void **state)
{
	struct play *p = cable(state);

	play(p, "wire hold\n"
		"open\n"
		"expect client blocked in connect\n"
		"expect server blocked in accept\n"
		"expect client state SYN_SENT\n"
		"expect server state LISTEN\n");
	assert_crossings(p, SIDE_NONE, ">S held");
	/* What helps is on the wire, not at the other end. */
	play_refused(p, "client write \"a\"", "`wire release` lets go");
	play_refused(p, "server read", "`wire release` lets go");
	play(p, "wire mend\n"
		"expect client connect = 0\n"
		"expect server accept = 4\n"
		"expect server state ESTABLISHED\n");
}

/* Of a segment that does not get across there is no second copy. */
static void test_duplicate_cut(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"abc\"\n"
		"wire cut\n"
		"wire duplicate client\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 held, >P.3 cut");
}

/* Data for an orphan ends it with a RST: the FIN behind it finds nobody, and no CLOSING. */
static void test_release_to_nobody(void **state)
{
	struct play *p = cable(state);
	const struct event *event;

	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"abc\"\n"
		"client kill KILL\n"
		"server kill KILL\n"
		"wire release all\n"
		"wire mend\n"
		"expect server gone\n");
	event = journal_latest(lab_journal(p->lab), EVENT_STATE, SIDE_SERVER, UINT64_MAX);
	for (; event;
	     event = journal_before(lab_journal(p->lab), EVENT_STATE, SIDE_SERVER, event->n))
		play_assert(p, event->state.new != STATE_CLOSING);
}

/* The newest note says how the cable is. */
static void test_told(void **state)
{
	struct play *p = cable(state);
	const struct wire_state *wire;
	struct scene scene;

	play(p, "wire hold server\n"
		"wire delay 20ms\n"
		"wire loss 7\n"
		"wire unreachable port\n"
		"wire cut\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	wire = scene.wire;
	play_assert(p, wire && wire->on && wire->cut && !wire->hold[0] && wire->hold[1] &&
			       wire->loss == 7 && wire->delay == 20 * NS_PER_MS &&
			       wire->unreachable == UNREACHABLE_PORT);
	play(p, "wire mend\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	wire = scene.wire;
	play_assert(p, wire && wire->on && !wire->cut && !wire->hold[1] && !wire->loss &&
			       !wire->delay && !wire->unreachable);
}

/* What waits for segments yet to come is told until the last of them has. */
static void test_next_told(void **state)
{
	struct play *p = cable(state);
	const struct wire_state *wire;
	struct scene scene;

	play(p, OPEN);
	play(p, "wire drop client 2\n"
		"wire duplicate server\n"
		"client write \"a\"\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	wire = scene.wire;
	play_assert(p, wire && wire->next_drop && wire->next_duplicate && !wire->next_reorder);
	play(p, "expect server recvq 1 within 5s\n"
		"expect client sendq 0 within 5s\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	wire = scene.wire;
	play_assert(p, wire && !wire->next_drop && !wire->next_duplicate);
	play(p, "wire reorder\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	play_assert(p, scene.wire->next_reorder);
	play(p, "wire mend\n");
	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	play_assert(p, !scene.wire->next_reorder);
}

/* A pipe has no ends on two hosts. */
static void test_pipe_refused(void **state)
{
	struct play *p = cable(state);

	play_refused(p, "open pipe", "`link loopback`");
	play_refused(p, "open socketpair", "`link loopback`");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_delay_and_loss),
		CABLE_TEST(test_hold_and_cut),
		CABLE_TEST(test_hold_and_unreachable),
		CABLE_TEST(test_hold_and_delay),
		CABLE_TEST(test_delay_then_hold),
		CABLE_TEST(test_delay_and_duplicate),
		CABLE_TEST(test_delay_and_reorder),
		CABLE_TEST(test_cut_and_delay),
		CABLE_TEST(test_open_held),
		CABLE_TEST(test_duplicate_cut),
		CABLE_TEST(test_release_to_nobody),
		CABLE_TEST(test_told),
		CABLE_TEST(test_next_told),
		CABLE_TEST(test_pipe_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
