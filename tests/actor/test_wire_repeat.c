/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire_repeat.c - what is sent again while it is held, or after it has arrived. */
#include "cable.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

#define OPEN                      \
	"open\n"                  \
	"client set nodelay on\n" \
	"server set nodelay on\n"

/* The timestamp option's value (RFC 7323) of a segment that was journalled. */
static uint32_t stamp_of(struct play *p, const struct event *event)
{
	struct header header;
	struct tcp_option option;
	unsigned at = 0;

	play_assert(p, header_decode(event->segment.raw, event->segment.raw_len,
				     event->segment.raw_full, &header));
	while (header_option(&header, &at, &option))
		if (option.kind == TCP_OPTION_TIMESTAMPS && option.whole)
			return (uint32_t)option.data[0] << 24 | (uint32_t)option.data[1] << 16 |
			       (uint32_t)option.data[2] << 8 | option.data[3];
	play_assert(p, !"a timestamp");
	return 0;
}

/* One segment in mid-wire however often it is sent: counted, and the newest copy arrives. */
static void test_fold(void **state)
{
	struct play *p = cable(state);
	const struct event *first, *last;
	uint32_t id, stamp;

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"abc\"\n");
	first = crossing_newest(p, SIDE_CLIENT, -1, 3);
	id = first->segment.id;
	stamp = stamp_of(p, first);
	crossing_await(p, SIDE_CLIENT, TH_P | TH_A, -1, 3, 3 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">P.3 held, >P.3 held x2, >P.3 held x3");
	last = crossing_newest(p, SIDE_CLIENT, -1, 3);
	play_assert_int(p, last->segment.id, id);
	play_assert(p, stamp_of(p, last) - stamp >= 200);
	stamp = stamp_of(p, last);
	play(p, "wire release client\n"
		"expect server recvq 3\n");
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">P.3 released x3");
	play_assert(p, stamp_of(p, crossing_newest(p, SIDE_CLIENT, -1, 3)) == stamp);
	/* No RTO of many seconds is left behind. */
	play(p, "expect client info rto < 1000000\n");
	play_refused(p, "wire release client", "no segment from the client");
}

/* Each segment is counted for itself, whatever was sent again in between: here the first one twice,
 * after the probe for a lost tail and before its next. */
static void test_counted(void **state)
{
	struct play *p = cable(state);

	play(p, "sysctl tcp_retrans_collapse 0\n" OPEN "wire drop client 4\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"expect server recvq 3 within 5s\n");
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 2)->segment.sent, 3);
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 1)->segment.sent, 3);
}

/* SYN, SYN-ACK and FIN are folded just so. */
static void test_fold_flags(void **state)
{
	struct play *p = cable(state);

	play(p, "wire hold\n"
		"server listen\n"
		"client connect\n");
	crossing_await(p, SIDE_CLIENT, TH_S, -1, 2, 3 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">S held, >S held x2");
	play(p, "wire release client\n");
	crossing_await(p, SIDE_SERVER, TH_S | TH_A, -1, 2, 3 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_SERVER), "<S. held, <S. held x2");
	play(p, "wire release server\n"
		"wire release client\n"
		"expect server state ESTABLISHED\n"
		"wire mend\n"
		"expect client connect = 0\n"
		"open\n"
		"wire hold\n");
	play(p, "client close\n");
	crossing_await(p, SIDE_CLIENT, TH_F | TH_A, -1, 3, 3 * NS_PER_S);
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">F. held, >F. held x2, >F. held x3");
}

/* What has arrived already comes after all that has not, whatever was sent first. */
static void test_repeats_last(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"abc\"\n"
		"wire release client\n"); /* its ACK stays in mid-wire */
	crossing_await(p, SIDE_CLIENT, TH_P | TH_A, -1, 2, 3 * NS_PER_S);
	play(p, "client write \"d\"\n"
		"wire release client\n");
	play_assert_text(p, crossings(p, SIDE_CLIENT), ">P.1 held, >P.1 released");
	play(p, "wire release client\n");
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate == FATE_RELEASED);
	play_assert(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.sent >= 2);
	play(p, "expect server recvq 4\n");
}

/* A repeat is not taken while what was asked for may still come. */
static void test_repeat_waits(void **state)
{
	struct play *p = cable(state);

	/* After some dialogue the kernels put their ACKs off. */
	play(p, "open\n");
	for (int i = 0; i < 5; i++)
		play(p, "client write \"1\"\n"
			"server write \"1\"\n");
	play(p, "wire hold\n"
		"client write \"abc\"\n"
		"wire release client\n");
	crossing_await(p, SIDE_CLIENT, TH_P | TH_A, -1, 4, 5 * NS_PER_S);
	play(p, "wait 400ms\n" /* the repeat has waited for long */
		"server write \"1\"\n"
		"wire release server 2\n"
		"wire release client\n");
	play_assert_text(p, crossings_once(p, SIDE_CLIENT), ">. held, >. released");
}

/* What was lost has not arrived, although a later segment has; sent again it is all in one. */
static void test_lost_is_no_repeat(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold\n"
		"client write \"a\"\n"
		"client write \"bc\"\n"
		"wire drop client\n"
		"wire release client\n");
	play_assert_text(p, crossings_once(p, SIDE_CLIENT),
			 ">P.1 held, >P.2 held, >P.1 dropped, >P.2 released");
	crossing_await(p, SIDE_CLIENT, -1, 3, 2, 3 * NS_PER_S); /* both */
	play(p, "client write \"defg\"\n"
		"wire release client\n");
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate, FATE_RELEASED);
	play(p, "expect server recvq 3\n");
}

/* Held ones sent again all in one: that comes after them, and after what is new. */
static void test_all_in_one(void **state)
{
	struct play *p = cable(state);

	play(p, OPEN);
	play(p, "wire hold client\n"
		"client write \"a\"\n"
		"client write \"bc\"\n");
	crossing_await(p, SIDE_CLIENT, -1, 3, 2, 3 * NS_PER_S);
	play(p, "client write \"defg\"\n"
		"wire release client 3\n");
	assert_crossings(p, SIDE_CLIENT, ">P.1 released");
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate, FATE_HELD);
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 4)->segment.fate, FATE_RELEASED);
	play(p, "wire release client\n");
	play_assert_int(p, crossing_newest(p, SIDE_CLIENT, -1, 3)->segment.fate, FATE_RELEASED);
}

/* A timer that a segment has started anew is told at once, though nothing else has changed. */
static void test_timer_restarts(void **state)
{
	struct play *p = cable(state);
	const struct event *before, *again, *after;

	play(p, OPEN "client close\n"
		     "expect client state FIN_WAIT2\n"
		     "wire hold client\n"
		     "server close\n"
		     "wire drop client\n"
		     "expect client state TIME_WAIT\n");
	before = play_newest(p, EVENT_SNAPSHOT, SIDE_CLIENT);
	again = crossing_await(p, SIDE_SERVER, TH_F | TH_A, 0, 2, 3 * NS_PER_S);
	play_turns(p, 5 * NS_PER_MS);
	after = journal_after(lab_journal(p->lab), EVENT_SNAPSHOT, SIDE_CLIENT, again->n);
	play_assert(p, after && after->t < again->t + 20 * NS_PER_MS);
	play_assert(p, after->snapshot->timer == TIMER_TIMEWAIT);
	play_assert(p, after->t + after->snapshot->timer_ns >
			       before->t + before->snapshot->timer_ns + 100 * NS_PER_MS);
}

/* Minutes of retransmissions are as many lines as there is news. */
static void test_quiet(void **state)
{
	struct play *p = cable(state);
	uint64_t since;

	play(p, "open\n"
		"wire hold\n"
		"client write \"abc\"\n");
	crossing_await(p, SIDE_CLIENT, TH_P | TH_A, -1, 3, 3 * NS_PER_S);
	since = journal_last_n(p);
	for (int64_t end = clock_ns() + 300 * NS_PER_MS; clock_ns() < end;) {
		lab_observe(p->lab, false);
		play_turns(p, NS_PER_MS);
	}
	play_assert(p, journal_last_n(p) - since < 8);
}

/* A whole transfer, segment by segment: the lab goes on meanwhile, and the command can be given up.
 */
static void test_release_many(void **state)
{
	struct play *p = cable(state);
	struct command command;
	struct err err = {0};
	int turns = 0;

	play(p, "open\n"
		"server drain 500M\n"
		"client write 500M\n"
		"wire hold\n");
	assert_int_equal(command_parse("wire release 1000000", 20, SIDE_NONE, &command, &err), 0);
	assert_int_equal(lab_submit(p->lab, &command, PATIENCE, &err), 0);
	for (; turns < 10 && lab_busy(p->lab); turns++)
		lab_turn(p->lab);
	play_assert_int(p, turns, 10);
	play_assert(p, took(p) < 2 * NS_PER_S);
	lab_cancel(p->lab);
	play_assert(p, !lab_busy(p->lab));
	command_clear(&command);
	play(p, "client kill KILL\n");
}

/* So many RSTs of no connection, made by hand: none is the copy of another. */
static void resets_send(struct play *p, int count)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000202)};
	int home = cable_enter(p, SIDE_CLIENT), fd = socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
	struct tcphdr header = {.source = htons(9), .dest = htons(9), .doff = 5, .rst = 1};

	play_assert(p, fd >= 0);
	for (int i = 0; i < count; i++) {
		header.seq = htonl((uint32_t)i);
		play_assert(p, sendto(fd, &header, sizeof(header), 0, (struct sockaddr *)&to,
				      sizeof(to)) == sizeof(header));
	}
	close(fd);
	cable_leave(p, home);
}

/* More than the lab keeps are dropped and told; it goes on. */
static void test_too_many(void **state)
{
	struct play *p = cable(state);
	const struct event *note;

	play(p, "wire hold client\n");
	resets_send(p, 5000);
	play(p, "expect 5000 segments from client R within 5s\n");
	note = play_newest(p, EVENT_LINK, SIDE_NONE);
	play_assert(p, strstr(note->note.text, "more segments wait") &&
			       strstr(note->note.text, "4096"));
	p->since = journal_last_n(p);
	play(p, "wire release client all\n");
	play_assert_int(p, journal_count(p, EVENT_SEGMENT, p->since), 4096);
	play(p, "wire mend\n"
		"open\n"
		"expect server state ESTABLISHED\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CABLE_TEST(test_fold),		 CABLE_TEST(test_counted),
		CABLE_TEST(test_fold_flags),	 CABLE_TEST(test_repeats_last),
		CABLE_TEST(test_repeat_waits),	 CABLE_TEST(test_lost_is_no_repeat),
		CABLE_TEST(test_all_in_one),	 CABLE_TEST(test_quiet),
		CABLE_TEST(test_too_many),	 CABLE_TEST(test_release_many),
		CABLE_TEST(test_timer_restarts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
