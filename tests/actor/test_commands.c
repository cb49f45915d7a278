/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_commands.c - wait, expect, sysctl, link, reset, open again: commands beside single calls. */
#include "play.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>

static int held(struct play *p, const char *line)
{
	struct err err = {0};

	if (play_line(p, line, strlen(line), &err))
		fail_msg("%s: %s", line, err.text);
	return lab_held(p->lab);
}

static int64_t took(struct play *p, const char *line)
{
	int64_t begun = clock_ns();

	held(p, line);
	return clock_ns() - begun;
}

static void test_expect(void **state)
{
	struct play *p = *state;
	const struct event *event;

	play(p, "open\n");
	play_assert_int(p, held(p, "expect client state ESTABLISHED"), 1);
	play_assert_int(p, held(p, "expect client state CLOSE_WAIT within 30ms"), 0);
	event = play_newest(p, EVENT_EXPECT, SIDE_NONE);
	play_assert(p, event->expect.held == 0);
	play_assert_text(p, event->expect.text, "expect client state CLOSE_WAIT within 30ms");
	play_assert(p, strstr(event->expect.saw, "ESTABLISHED"));
	/* One that holds holds at once, one that never will takes its time and no more. */
	play_assert(p, took(p, "expect client state ESTABLISHED within 5s") < NS_PER_S);
	play_assert(p, took(p, "expect client state CLOSE within 60ms") >= 60 * NS_PER_MS);
	play_assert(p, took(p, "expect client state CLOSE within 60ms") < NS_PER_S);
	/* Not: it must not come true in all that time. */
	play_assert_int(p, held(p, "expect not client state CLOSE for 40ms"), 1);
	play_assert_int(p, held(p, "expect not client state ESTABLISHED for 5s"), 0);
	play_assert(p, took(p, "expect not client state ESTABLISHED for 5s") < NS_PER_S);
	play_assert(p, took(p, "expect not client state CLOSE") >= 200 * NS_PER_MS);
	/* What the kernel does by itself in that time is found. */
	play(p, "server set rcvtimeo 120ms\n"
		"server read\n"
		"expect server read fails EAGAIN within 1s\n"
		"client shutdown wr\n"
		"wait until server state CLOSE_WAIT within 1s\n");
	play_assert_int(p, held(p, "wait until server state TIME_WAIT within 20ms"), 0);
}

static void test_wait(void **state)
{
	struct play *p = *state;
	int64_t ns = took(p, "wait 80ms");

	play_assert(p, ns >= 80 * NS_PER_MS && ns < NS_PER_S);
	play_assert(p, took(p, "wait 0ms") < 500 * NS_PER_MS);
}

/* Segments count since the last command that acts. */
static void test_segments_since(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_CAPTURE);
	play(p, "open\n"
		"expect segment from client S\n"
		"expect segment from server S.\n"
		"wait 10ms\n" /* does not act */
		"expect segment from client S already\n"
		"client write \"abc\"\n"
		"expect segment from client P. len 3\n"
		"expect not segment from client S for 20ms\n");
	play_assert_int(p, held(p, "expect segment from client P. len 4 within 20ms"), 0);
	play_assert_int(p, held(p, "expect 2 segments from client P. within 20ms"), 0);
}

/* What a process sees that is not in the lab's network. */
static int outside(const int *ask, const int *answer)
{
	char byte, text[32];
	ssize_t got;

	if (read(ask[0], &byte, 1) != 1)
		_exit(1);
	slurp("/proc/sys/net/ipv4/tcp_fin_timeout", text, sizeof(text));
	got = write(answer[1], text, strlen(text) + 1);
	_exit(got <= 0);
}

/* What is set is set in the lab's network and nowhere else. */
static void test_sysctl(void **state)
{
	char before[32], after[32], inside[32];
	int ask[2], answer[2], status;
	struct play *p;
	pid_t pid;

	(void)state;
	slurp("/proc/sys/net/ipv4/tcp_fin_timeout", before, sizeof(before));
	assert_false(pipe(ask) || pipe(answer));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		outside(ask, answer);
	p = play_new();
	play_needs(p, FEATURE_SYSCTL);
	play(p, "sysctl tcp_fin_timeout 11\n"
		"sysctl net.ipv4.tcp_fin_timeout\n");
	play_assert_text(p, play_newest(p, EVENT_HOST, SIDE_NONE)->note.text,
			 "net.ipv4.tcp_fin_timeout = 11");
	play_assert_int(p, atoi(slurp("/proc/sys/net/ipv4/tcp_fin_timeout", inside, 32)), 11);
	assert_int_equal(write(ask[1], "?", 1), 1);
	assert_true(read(answer[0], after, sizeof(after)) > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	play_assert_text(p, after, before);
	for (int i = 0; i < 2; i++) {
		close(ask[i]);
		close(answer[i]);
	}
	play_refused(p, "sysctl tcp_no_such_thing", "no net.ipv4.tcp_no_such_thing");
	play_refused(p, "sysctl tcp_fin_timeout much", "refuses net.ipv4.tcp_fin_timeout = much");
	play(p, "sysctl tcp_rmem \"4096 65536 65536\"\n");
	play_assert_text(p, play_newest(p, EVENT_HOST, SIDE_NONE)->note.text,
			 "net.ipv4.tcp_rmem = 4096 65536 65536");
	/* Nothing that reaches beyond the lab: no module is loaded, no buffer takes it all. */
	play_refused(p, "sysctl tcp_congestion_control bothends", "= bothends at hand");
	play_refused(p, "sysctl tcp_congestion_control ren", "= ren at hand");
	play_refused(p, "sysctl tcp_rmem \"4096 131072 2147483647\"", "at most 67108864 bytes");
	play_refused(p, "sysctl tcp_wmem \"4096 16384 67108865\"", "at most 67108864 bytes");
	play(p, "sysctl tcp_wmem \"4096 16384 4194304\"\n"
		"sysctl tcp_congestion_control reno\n");
	/* Kept by reset; and they work: the orphan's FIN_WAIT2 takes its time from it. */
	play(p, "reset\n"
		"sysctl tcp_fin_timeout\n");
	play_assert_text(p, play_newest(p, EVENT_HOST, SIDE_NONE)->note.text,
			 "net.ipv4.tcp_fin_timeout = 11");
	play(p, "client close\n"
		"expect client state FIN_WAIT2\n"
		"expect client timer timewait under 12s\n"
		"sysctl tcp_congestion_control\n");
	play_assert_text(p, play_newest(p, EVENT_HOST, SIDE_NONE)->note.text,
			 "net.ipv4.tcp_congestion_control = reno");
	play_free(p);
}

static void test_open_again(void **state)
{
	struct play *p = *state;
	const struct event *last;
	pid_t client, server;

	play(p, "open\n"
		"open\n"
		"expect client state ESTABLISHED\n"
		"client write \"second\"\n"
		"server read\n"
		"expect server read = \"second\"\n");
	play_assert_int(p, play_newest(p, EVENT_SNAPSHOT, SIDE_CLIENT)->conn, 2);
	/* Closing it makes the first the current one again. The panel goes on with the newest
	 * connection, and shows no poll events of another's descriptor with it. */
	play(p, "client close\n"
		"expect client state FIN_WAIT2\n");
	play_assert(p, !play_snapshot(p, SIDE_CLIENT)->poll_known);
	play(p, ""
		"client write \"first\"\n"
		"server read\n"
		"expect server read = 0\n"
		"server close\n"
		"server read\n"
		"expect server read = \"first\"\n");
	play_assert_int(p, play_call(p, SIDE_SERVER, CALL_READ)->conn, 1);
	client = play_pid(p, SIDE_CLIENT);
	server = play_pid(p, SIDE_SERVER);
	play(p, "reset\n");
	play_assert(p, play_pid(p, SIDE_CLIENT) != client && play_pid(p, SIDE_SERVER) != server);
	play(p, "server fork\n"
		"server write 5\n"
		"expect client recvq 5\n"
		"link loopback\n");
	/* The RST of the end that had bytes unread is the old pair's, and stands before the note.
	 */
	play_turns(p, 20 * NS_PER_MS);
	last = play_newest(p, EVENT_SEGMENT, SIDE_NONE);
	play_assert(p, !last || last->n < play_newest(p, EVENT_LINK, SIDE_NONE)->n);
	/* Afresh: nothing is open, and there is no child. */
	play_refused(p, "client read", "no descriptor yet");
	play_refused(p, "child read", "no child yet");
	play_refused(p, "wire cut", "needs two hosts and a wire between them: `link wire`");
	play(p, "open\n"
		"expect client state ESTABLISHED\n");
}

/* What the kernel remembers of the pair before is a reset's, as lesson 13 needs it, and no longer a
 * fresh lab's. */
static void test_afresh(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_NETWORK);
	play(p, "open\nserver close\nclient close\nexpect server state TIME_WAIT\n"
		"reset\nexpect 1 segments from client S\n");
	play_assert_int(p, play_newest(p, EVENT_STATE, SIDE_SERVER)->state.new, STATE_ESTABLISHED);
	play(p, "server close\nclient close\nexpect server state TIME_WAIT\nlink loopback\n");
	play_turns(p, 20 * NS_PER_MS);
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->channel, CHANNEL_NONE);
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->state, STATE_NONE);
	play_assert(p, !play_snapshot(p, SIDE_SERVER)->gone);
}

/* Without a port: 7001, 7002, ... one a listener; with one: that one, or the kernel's refusal. */
static void test_ports(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_NETWORK);
	play(p, "server listen\n");
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->port, 7001);
	play(p, "server listen\n"
		"server listen 7003\n"
		"server listen\n" /* 7003 is taken: the next */
		"expect server listen = 0\n");
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->port, 7004);
	play(p, "server listen 7001\n"
		"expect server bind fails EADDRINUSE\n");
	/* What is accepted comes from the newest listener, and a close goes to that. */
	play(p, "client connect\n"
		"expect client connect = 0\n");
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->peer_port, 7004);
	play(p, "server accept\n"
		"server close listen\n"
		"client connect 7004\n"
		"expect client connect fails ECONNREFUSED\n"
		"client connect 7003\n"
		"expect client connect = 0\n"
		"server accept\n"
		"expect server accept = 6\n");
}

/* What was written first is read first, byte by byte what it was, NUL and all. */
static void test_bytes(void **state)
{
	struct play *p = *state;
	const struct event *read;

	play(p, "open\n"
		"client write \"\\x00\\xff\\n\\\"\\\\z\"\n"
		"expect server recvq 6\n"
		"server recv 3 peek\n"
		"server read 2\n"
		"server read\n");
	read = play_call(p, SIDE_SERVER, CALL_READ);
	assert_int_equal(read->call.len, 4);
	assert_memory_equal(read->call.data, "\n\"\\z", 4);
	play_assert_text(p, read->call.args, "4, \"\\n\\\"\\\\z\", 4096");
	play(p, "client send \"!\" oob\n"
		"expect server poll PRI OUT\n"
		"server recv dontwait\n"
		"expect server recv fails EAGAIN\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_expect),		PLAY_TEST(test_wait),
		PLAY_TEST(test_segments_since), cmocka_unit_test(test_sysctl),
		PLAY_TEST(test_open_again),	PLAY_TEST(test_ports),
		PLAY_TEST(test_afresh),		PLAY_TEST(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
