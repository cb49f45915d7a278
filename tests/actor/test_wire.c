/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire.c - segments in the user's hand: hold, release, drop, duplicate, reorder. */
#include "cable.h"

#include <stdio.h>

/* Small segments go at once (no Nagle): one for each write. */
#define OPEN                      \
	"open\n"                  \
	"client set nodelay on\n" \
	"server set nodelay on\n"

static uint32_t id_of(struct play *p, enum side side, int len)
{
	const struct event *event = crossing_newest(p, side, -1, len);

	play_assert(p, event != NULL);
	return event->segment.id;
}

static void test_needs_the_wire(void **state)
{
	static const char *const lines[] = {
		"wire cut",
		"wire mend",
		"wire hold",
		"wire hold client",
		"wire release",
		"wire drop 2",
		"wire duplicate server",
		"wire reorder",
		"wire delay 10ms",
		"wire loss 10",
		"wire unreachable host",
		"client crash",
		"server reboot",
		"server poweroff",
		"wire release segment 1",
	};
	struct play *p = cable(state);

	play(p, "link loopback\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		play_refused(p, lines[i], "`link wire`");
	play(p, "open\n"
		"expect server state ESTABLISHED\n");
}

/* Held is what crosses in that direction only, and nothing gets past. */
static void test_hold(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"abc\"\n"
		"server write \"12345\"\n"
		"expect client recvq 5\n"
		"expect not server recvq > 0 for 100ms\n");
	assert_crossings(p, SIDE_SERVER, "<P.5 delivered");
	assert_crossings(p, SIDE_CLIENT, ">P.3 held, >. held");
	play(p, "wire hold server\n"
		"server write \"6\"\n"
		"expect not client recvq > 5 for 100ms\n");
	play_assert_int(p, crossing_newest(p, SIDE_SERVER, -1, 1)->segment.fate, FATE_HELD);
	play(p, "wire mend\n"
		"expect server recvq 3\n"
		"expect client recvq 6\n"
		"wire hold\n"
		"client write \"d\"\n"
		"server write \"7\"\n");
	play_assert(p, crossing_first(p, SIDE_CLIENT, 3, FATE_RELEASED));
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 1)->segment.fate == FATE_HELD);
	play_assert(p, crossing_newest(p, SIDE_SERVER, -1, 1)->segment.fate == FATE_HELD);
}

static void test_release(void **state)
{
	struct play *p = cable(state);

	/* The oldest of both first. */
	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"a\"\n"
		"server write \"bc\"\n"
		"client write \"def\"\n"
		"wire release\n");
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 1)->segment.fate == FATE_RELEASED);
	play_assert(p, crossing_newest(p, SIDE_SERVER, -1, 2)->segment.fate == FATE_HELD);
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate == FATE_HELD);
	play(p, "wire release\n");
	play_assert(p, crossing_newest(p, SIDE_SERVER, -1, 2)->segment.fate == FATE_RELEASED);
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate == FATE_HELD);
	/* So many of a side. */
	play(p, "client write \"ghij\"\n"
		"client write \"klmno\"\n"
		"wire release client 2\n");
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate == FATE_RELEASED);
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 4)->segment.fate != FATE_RELEASED);
	play(p, "wire release client all\n");
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 5)->segment.fate == FATE_RELEASED);
	play(p, "expect server recvq 13\n"
		"expect client recvq 2\n"
		"wire release all\n");
	/* Nothing is there: `all` takes it. */
	play(p, "wire release all\n"
		"wire release all\n");
}

/* Only what is held when it is said, not what comes in answer. */
static void test_release_all(void **state)
{
	struct play *p = cable(state);

	play(p, "wire hold\n"
		"server listen\n"
		"client connect\n"
		"wire release all\n"
		"expect server state SYN_RECV\n"
		"expect not client state ESTABLISHED\n");
	play_assert_text(p, crossings_once(p, SIDE_NONE), ">S held, >S released, <S. held");
	play(p, "wire release all\n"
		"expect client state ESTABLISHED\n"
		"expect not server state ESTABLISHED\n"
		"wire release all\n"
		"expect server state ESTABLISHED\n");
}

static void test_release_one(void **state)
{
	struct play *p = cable(state);
	char line[80];
	uint32_t last;

	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"client write \"def\"\n");
	last = id_of(p, SIDE_CLIENT, 3);
	snprintf(line, sizeof(line), "wire release segment %u", id_of(p, SIDE_CLIENT, 2));
	play(p, line);
	play_assert_text(p, crossings_once(p, SIDE_CLIENT), ">P.2 released");
	play_refused(p, line, "is not held in mid-wire");
	/* The message has the number of one that is; a SIDE that is not its sender's is a slip. */
	snprintf(line, sizeof(line), "the oldest that is has the number %u",
		 id_of(p, SIDE_CLIENT, 1));
	play_refused(p, "wire drop segment 1", line);
	snprintf(line, sizeof(line), "wire drop server segment %u", last);
	play_refused(p, line, "is the client's");
	snprintf(line, sizeof(line), "wire drop segment %u", last);
	play(p, line);
	play_assert_text(p, crossings_once(p, SIDE_CLIENT), ">P.3 dropped");
	snprintf(line, sizeof(line), "wire duplicate segment %u", id_of(p, SIDE_CLIENT, 1));
	play(p, line);
	play_assert_text(p, crossings_once(p, SIDE_CLIENT), ">P.1 released, >P.1 duplicated");
	play_refused(p, "wire release segment 4000000000", "is not held in mid-wire");
	play_refused(p, "wire release 2 segment 1", "either a number of segments");
	play_refused(p, "wire drop all segment 1", "either a number of segments");
	play(p, "expect server recvq 3\n");
}

/* They wait for segments that have not been sent yet; not for ever. */
static void test_waits(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire drop client\n"
		"client write \"lost\"\n"
		"wire hold client\n");
	/* The retransmission comes 200 ms after the segment, the soonest. */
	play(p, "wire release client\n");
	play_assert(p, took(p) > 100 * NS_PER_MS && took(p) < 2 * NS_PER_S);
	play(p, "expect server recvq 4\n");
	p->since = journal_last_n(p);
	play_refused(p, "wire release client", "no segment from the client has come to be held");
	play_assert(p, took(p) >= 2 * NS_PER_S && took(p) < 3 * NS_PER_S);
	play(p, "client write \"a\"\n");
	p->since = journal_last_n(p);
	play_refused(p, "wire release client 2", "only 1 of 2 segments");
	play_assert(p, took(p) >= 2 * NS_PER_S && took(p) < 3 * NS_PER_S);
}

static void test_nothing_on_hold(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play_refused(p, "wire release", "nothing is on hold: `wire hold`");
	play_refused(p, "wire release client", "`wire hold client`");
	play_refused(p, "wire drop all", "how many of the next to drop");
	play_refused(p, "wire duplicate all", "how many of the next to duplicate");
	/* The other direction's hold is not this one's. */
	play(p, "wire hold client\n");
	play_refused(p, "wire release server", "nothing from the server is on hold");
	play(p, "wire drop server 2\n"
		"server write \"ab\"\n"
		"server write \"cde\"\n"
		"server write \"fghi\"\n"
		"expect segment from server P. len 4\n");
	assert_crossings(p, SIDE_SERVER, "<P.2 dropped, <P.3 dropped");
	play_assert(p, !strstr(strstr(p->text, "<P.3 dropped") + 12, "dropped"));
}

/* The next ones, of that side or of any; then it is over. */
static void test_next_ones(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire duplicate\n"
		"client write \"ab\"\n"
		"expect server recvq 2\n");
	assert_crossings(p, SIDE_CLIENT, ">P.2 delivered, >P.2 duplicated");
	play(p, "wire duplicate server\n"
		"client write \"cde\"\n"
		"server write \"f\"\n"
		"expect client recvq 1\n"
		"client write \"ghij\"\n"
		"expect server recvq 9\n"
		"expect client sendq 0\n");
	play_assert(p, strstr(crossings(p, SIDE_SERVER), "duplicated"));
	play_assert(p, !strstr(strstr(crossings(p, SIDE_SERVER), "duplicated") + 10, "duplicated"));
	play_assert(p, !strstr(crossings(p, SIDE_CLIENT), "duplicated"));
	play(p, "wire drop 1\n"
		"server write \"klmno\"\n"
		"expect client recvq 6\n");
	assert_crossings(p, SIDE_SERVER, "<P.5 dropped, <P.5 delivered x2");
	/* Mending the wire takes back what was to come. */
	play(p, "wire drop 5\n"
		"wire duplicate 5\n"
		"wire reorder\n"
		"wire mend\n"
		"client write \"pqr\"\n"
		"expect server recvq 12\n");
	play_assert(p, strstr(crossings(p, SIDE_CLIENT), ">P.3 delivered"));
	play_assert(p, !strstr(p->text, "dropped") && !strstr(p->text, "duplicated") &&
			       !strstr(p->text, "delayed"));
}

static void test_drop(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"client write \"def\"\n"
		"wire drop client 2\n");
	play_assert_text(p, crossings_once(p, SIDE_CLIENT),
			 ">P.1 held, >P.2 held, >P.3 held, >P.1 dropped, >P.2 dropped");
	play(p, "wire drop all\n"
		"expect not server recvq > 0 for 100ms\n"
		"wire mend\n"
		"expect server recvq 6\n"); /* TCP makes it good */
}

static void test_duplicate(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"abc\"\n"
		"wire duplicate\n");
	assert_crossings(p, SIDE_CLIENT, ">P.3 held, >P.3 released, >P.3 duplicated");
	/* The receiver acknowledges the second one too, and keeps one. */
	play(p, "expect 2 segments from server .\n"
		"expect server recvq 3\n"
		"server read\n"
		"expect server read = \"abc\"\n");
}

static void test_reorder(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"client write \"def\"\n"
		"wire reorder client\n");
	play_assert_text(p, crossings_once(p, SIDE_CLIENT),
			 ">P.1 held, >P.2 held, >P.3 held, >P.2 released, >P.1 released");
	/* The gap is acknowledged at once: the old number, and SACK. */
	play(p, "expect 2 segments from server .\n"
		"expect server recvq 3\n"
		"wire mend\n"
		"expect server recvq 6\n"
		"server read\n"
		"expect server read = \"abcdef\"\n");
	/* Where nothing is on hold: the next lets the one after it overtake. */
	play(p, "wire reorder client\n"
		"client write \"gh\"\n"
		"expect not server recvq > 0 for 50ms\n"
		"client write \"i\"\n"
		"expect server recvq 3\n");
	assert_crossings(p, SIDE_CLIENT, ">P.2 delayed, >P.1 delivered, >P.2 delivered");
	play(p, "wire hold server\n");
	p->since = journal_last_n(p);
	play_refused(p, "wire reorder server", "no segment from the server");
	play(p, "server write \"a\"\n");
	play_refused(p, "wire reorder", "only 1 of 2 segments");
}

/* One that none overtakes goes on after a second. */
static void test_reorder_alone(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire reorder\n"
		"server write \"ab\"\n"
		"wire drop server 20\n"
		"expect client recvq 2 within 3s\n");
	play_assert(p, took(p) > 900 * NS_PER_MS && took(p) < 2 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">. delivered");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_needs_the_wire),
		CABLE_TEST(test_hold),
		CABLE_TEST(test_release),
		CABLE_TEST(test_release_all),
		CABLE_TEST(test_release_one),
		CABLE_TEST(test_waits),
		CABLE_TEST(test_nothing_on_hold),
		CABLE_TEST(test_next_ones),
		CABLE_TEST(test_drop),
		CABLE_TEST(test_duplicate),
		CABLE_TEST(test_reorder),
		CABLE_TEST(test_reorder_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
