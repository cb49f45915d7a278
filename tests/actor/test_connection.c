/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_connection.c - segments and states of a connection, from its first to its last. */
#include "play.h"

#include <stdio.h>

/* Every segment once, in the kernel's order, behind the line of the call that caused it. */
static void test_handshake(void **state)
{
	struct play *p = *state;
	const struct event *connect, *accept, *event;
	uint64_t last = 0;

	play_needs(p, FEATURE_CAPTURE);
	play(p, "open\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
	play_assert_text(p, journal_segments(p, 1), ">S <S. >.");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1), "CLOSE SYN_SENT ESTABLISHED");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1), "LISTEN SYN_RECV ESTABLISHED");
	connect = play_call(p, SIDE_CLIENT, CALL_CONNECT);
	accept = play_call(p, SIDE_SERVER, CALL_ACCEPT);
	play_assert(p, connect && accept && connect->conn == 1 && accept->conn == 1);
	event = journal_after(lab_journal(p->lab), EVENT_SEGMENT, SIDE_NONE, 0);
	for (; event;
	     event = journal_after(lab_journal(p->lab), EVENT_SEGMENT, SIDE_NONE, event->n)) {
		play_assert(p, event->n > connect->n && event->n < accept->n);
		play_assert(p, event->segment.id == last + 1);
		play_assert(p, event->segment.fate == FATE_DELIVERED && event->segment.sent == 1);
		last = event->segment.id;
	}
	play_assert_int(p, (long long)last, 3);
	/* A state of a microsecond is inferred, unless a look fell into just that one: the journal
	 * must agree with itself about that, see invariants.c. */
	event = journal_after(lab_journal(p->lab), EVENT_STATE, SIDE_CLIENT, connect->n);
	play_assert(p, event && event->n < accept->n && event->state.new == STATE_SYN_SENT);
}

static void test_numbers_are_relative(void **state)
{
	struct play *p = *state;
	const struct event *event;

	play_needs(p, FEATURE_CAPTURE);
	play(p, "open\n"
		"client write \"hello\"\n"
		"expect server recvq 5\n"
		"expect segment from server .\n");
	event = play_newest(p, EVENT_SEGMENT, SIDE_CLIENT);
	play_assert_int(p, event->segment.seq, 1);
	play_assert_int(p, event->segment.ack, 1);
	play_assert_int(p, event->segment.len, 5);
	event = play_newest(p, EVENT_SEGMENT, SIDE_SERVER);
	play_assert_int(p, event->segment.ack, 6);
	play_assert_int(p, event->segment.len, 0);
	play_assert(p, event->segment.raw_len >= 40 && event->segment.raw[0] >> 4 == 4);
}

/* The write that should have failed. */
static void test_close_write_reset(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_CAPTURE);
	play(p, "open\n"
		"client close\n"
		"expect client state FIN_WAIT2\n"
		"expect server state CLOSE_WAIT\n"
		"expect server recvq 1\n"
		"expect server poll IN OUT RDHUP\n"
		"server write \"123\"\n"
		"expect server write = 3\n"
		"expect client gone\n"
		"expect server gone\n"
		"expect server state CLOSE\n"
		"expect server poll IN OUT RDHUP ERR HUP\n"
		"server signal SIGPIPE ignore\n"
		"server write \"A\"\n"
		"expect server write fails EPIPE\n"
		"server read\n"
		"expect server read = 0\n");
	play_assert_text(p, journal_segments(p, 1), ">S <S. >. >F. <. <P.3 >R");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1),
			 "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1),
			 "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT CLOSE");
}

static void test_orphan(void **state)
{
	struct play *p = *state;
	const struct snapshot *client;

	play(p, "open\n"
		"client close\n"
		"expect client state FIN_WAIT2\n");
	client = play_snapshot(p, SIDE_CLIENT);
	play_assert(p, client->orphan && !client->gone && client->observed);
	/* A minisock: no tcp_info, and the timer of FIN_WAIT2. */
	play_assert_int(p, client->info_len, 0);
	play(p, "expect client timer timewait over 50s\n"
		"server close\n"
		"expect client state TIME_WAIT\n"
		"expect server gone\n"
		"expect client timer timewait over 50s\n"
		"expect client timer timewait under 61s\n");
	client = play_snapshot(p, SIDE_CLIENT);
	play_assert(p, client->state == STATE_TIME_WAIT && !client->info_len && client->orphan);
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1),
			 lab_feature(p->lab, FEATURE_CAPTURE)->ok
				 ? "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE"
				 : "LISTEN ESTABLISHED CLOSE_WAIT CLOSE");
}

/* A segment wakes the lab before the kernel is done with it: what it does then is seen all the
 * same, without anything that wakes it again. */
static void test_seen_in_the_end(void **state)
{
	struct play *p = *state;

	for (int i = 0; i < 8; i++) {
		play(p, "reset\n"
			"client close\n");
		play_turns(p, 80 * NS_PER_MS);
		play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->state, STATE_FIN_WAIT2);
		play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->timer, TIMER_TIMEWAIT);
		play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->info_len, 0);
		play_assert_int(p, play_snapshot(p, SIDE_SERVER)->state, STATE_CLOSE_WAIT);
	}
}

/* The first to close passes every state of the active close. */
static void test_active_close(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_CAPTURE);
	play(p, "open\n"
		"server shutdown wr\n"
		"expect server state FIN_WAIT2\n"
		"expect client state CLOSE_WAIT\n"
		"expect server timer off\n"
		"client read\n"
		"expect client read = 0\n"
		"client write \"late\"\n"
		"server read\n"
		"expect server read = \"late\"\n"
		"client close\n"
		"expect server state TIME_WAIT\n"
		"expect client gone\n"
		"server close\n"
		"expect server state TIME_WAIT\n");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1),
			 "LISTEN SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1),
			 "CLOSE SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE");
}

static void test_half_close(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client shutdown wr\n"
		"expect server state CLOSE_WAIT\n"
		"expect client state FIN_WAIT2\n"
		"server write \"x\"\n"
		"expect server write = 1\n"
		"expect client recvq 1\n"
		"expect server recvq 1\n"
		"client exit\n"
		"expect client exited 0\n"
		"expect server gone\n"
		"server read\n");
	/* The byte was never read: the kernel answers the exit with a RST. */
	if (lab_feature(p->lab, FEATURE_CAPTURE)->ok)
		play_assert(p, strstr(journal_segments(p, 1), ">R"));
}

static void test_shutdown_then_write(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server signal PIPE ignore\n"
		"server shutdown wr\n"
		"server send \"x\"\n"
		"expect server send fails EPIPE\n"
		"server close\n"
		"server write \"x\"\n"
		"expect server write fails EBADF\n"
		"server close\n"
		"expect server close fails EBADF\n");
}

static void test_linger_reset(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client set linger 0\n"
		"client close\n"
		"expect client gone\n"
		"expect server gone\n"
		"expect server state CLOSE\n"
		"server send \"x\" nosignal\n"
		"expect server send fails ECONNRESET\n"
		"server send \"x\" nosignal\n"
		"expect server send fails EPIPE\n");
	if (!lab_feature(p->lab, FEATURE_CAPTURE)->ok)
		return;
	play_assert_text(p, journal_segments(p, 1), ">S <S. >. >R.");
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 1), "CLOSE SYN_SENT ESTABLISHED CLOSE");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1), "LISTEN SYN_RECV ESTABLISHED CLOSE");
}

static void test_unread_data_reset(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server write \"unread\"\n"
		"expect client recvq 6\n"
		"client close\n"
		"server read\n"
		"expect server read fails ECONNRESET\n"
		/* Bytes already received stay readable, then the error. */
		"open\n"
		"client write \"kept\"\n"
		"expect server recvq 4\n"
		"client set linger 0\n"
		"client close\n"
		"expect server gone\n"
		"server read\n"
		"expect server read = \"kept\"\n"
		"server read\n"
		"expect server read fails ECONNRESET\n"
		"server read\n"
		"expect server read = 0\n");
}

static void test_refused_connect(void **state)
{
	struct play *p = *state;
	const struct snapshot *client;

	play(p, "client connect 1\n"
		"expect client connect fails ECONNREFUSED\n"
		"expect client state CLOSE\n");
	client = play_snapshot(p, SIDE_CLIENT);
	play_assert(p, client->state == STATE_CLOSE && client->nfds == 1 &&
			       client->fds[0].fd == 3 && client->fds[0].state == STATE_CLOSE);
	if (lab_feature(p->lab, FEATURE_CAPTURE)->ok) {
		play_assert_text(p, journal_segments(p, 1), ">S <R.");
		play_assert_text(p, journal_states(p, SIDE_CLIENT, 1), "CLOSE SYN_SENT CLOSE");
		play_assert_text(p, journal_states(p, SIDE_SERVER, 1), "");
	}
	/* The same socket, once somebody listens. */
	play(p, "server listen 7500\n"
		"client connect 7500\n"
		"expect client connect = 0\n"
		"expect client state ESTABLISHED\n");
}

static void test_accepted_or_not(void **state)
{
	struct play *p = *state;

	play(p, "server listen\n"
		"expect server state LISTEN\n"
		"expect server recvq 0\n"
		"expect server sendq 128\n"
		"client connect\n"
		"expect client connect = 0\n"
		"expect server state ESTABLISHED\n");
	play_assert(p, !play_snapshot(p, SIDE_SERVER)->accepted);
	play_assert(p, !play_snapshot(p, SIDE_SERVER)->orphan);
	play(p, "client write \"early\"\n"
		"expect server recvq 5\n");
	play(p, "server accept\n"
		"expect server state ESTABLISHED\n");
	play_assert(p, play_snapshot(p, SIDE_SERVER)->accepted);
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->recvq, 5);
	play(p, "server read\n"
		"expect server read = \"early\"\n");
}

/* A connection that ends before it is accepted: accept returns it all the same. */
static void test_accepted_too_late(void **state)
{
	struct play *p = *state;

	play(p, "server listen\n"
		"client connect\n"
		"client write \"gone\"\n"
		"client set linger 0\n"
		"client close\n"
		"expect server gone\n"
		"server accept\n"
		"expect server accept = 4\n"
		"server read\n"
		"expect server read = \"gone\"\n"
		"server read\n"
		"expect server read fails ECONNRESET\n");
	play_assert_int(p, play_call(p, SIDE_SERVER, CALL_ACCEPT)->conn, 1);
}

/* With a full backlog connect goes on asking. */
static void test_backlog_full(void **state)
{
	struct play *p = *state;

	play(p, "server listen backlog 0\n"
		"client connect\n"
		"expect client connect = 0\n"
		"client connect\n"
		"expect client blocked in connect\n"
		"expect client state SYN_SENT\n"
		"expect client timer on\n");
	play_assert(p, play_snapshot(p, SIDE_CLIENT)->info_len > 0);
	play_refused(p, "client write \"x\"", "blocked in connect");
	play(p, "server accept\n"
		"wait until client state ESTABLISHED within 4s\n"
		"expect client connect = 0\n"
		"server accept\n");
	if (!lab_feature(p->lab, FEATURE_CAPTURE)->ok)
		return;
	play_assert(p, !strncmp(journal_segments(p, 2), ">S >S", 5));
	/* A SYN that was on the wire for a second was seen in SYN_SENT, not inferred. */
	play_assert_text(p, journal_states(p, SIDE_CLIENT, 2), "CLOSE SYN_SENT ESTABLISHED");
}

/* The FIN waits for the last descriptor, shutdown does not. */
static void test_dup_delays_fin(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client dup\n"
		"client close\n"
		"expect not server state CLOSE_WAIT for 100ms\n"
		"expect client state ESTABLISHED\n"
		"client close\n"
		"expect server state CLOSE_WAIT\n"
		"open\n"
		"client dup\n"
		"client shutdown wr\n"
		"expect server state CLOSE_WAIT\n");
}

static void test_fork_delays_fin(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"server fork\n"
		"server close\n"
		"expect not client state CLOSE_WAIT for 100ms\n"
		"expect server state ESTABLISHED\n");
	play_assert(p, !play_snapshot(p, SIDE_SERVER)->orphan);
	play(p, "child write \"from the child\"\n"
		"client read\n"
		"expect client read = \"from the child\"\n"
		"child close\n"
		"expect client state CLOSE_WAIT\n");
}

/* Asked for a tuple that is gone, sock_diag answers with the listener: never believe it. */
static void test_gone_is_not_the_listener(void **state)
{
	struct play *p = *state;

	play(p, "open\n"
		"client set linger 0\n"
		"client close\n"
		"expect server gone\n"
		"expect server state CLOSE\n"
		"expect not server state LISTEN for 50ms\n"
		"expect client gone\n");
	play_assert(p, play_snapshot(p, SIDE_SERVER)->gone);
}

/* The same ports again: another connection, another cookie. */
static void test_port_reuse(void **state)
{
	struct play *p = *state;
	char range[64], line[96];

	play_needs(p, FEATURE_CAPTURE);
	play(p, "server set reuseaddr on\n"
		"server listen 7600\n"
		"client connect 7600\n"
		"server accept\n"
		"server read 1\n"
		"expect server blocked in read\n"
		"client write \"1\"\n"
		"expect server read = \"1\"\n");
	/* One client port only, so that the next connection must take the same. */
	snprintf(line, sizeof(line), "echo %u %u > /proc/sys/net/ipv4/ip_local_port_range",
		 play_snapshot(p, SIDE_CLIENT)->port, play_snapshot(p, SIDE_CLIENT)->port);
	shell(line, range, sizeof(range));
	play(p, "client set linger 0\n"
		"client close\n"
		"expect server gone\n"
		"client connect 7600\n"
		"expect client connect = 0\n"
		"server accept\n"
		"expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
	play_assert_int(p, play_newest(p, EVENT_SNAPSHOT, SIDE_CLIENT)->conn, 2);
	play_assert_int(p, play_newest(p, EVENT_SNAPSHOT, SIDE_SERVER)->conn, 2);
	play_assert_text(p, journal_segments(p, 2), ">S <S. >.");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 1), "LISTEN SYN_RECV ESTABLISHED CLOSE");
	play_assert_text(p, journal_states(p, SIDE_SERVER, 2), "LISTEN SYN_RECV ESTABLISHED");
	play(p, "client write \"2\"\n"
		"server read\n"
		"expect server read = \"2\"\n");
	play_assert_int(p, play_call(p, SIDE_SERVER, CALL_READ)->conn, 2);
}

/* A server in TIME_WAIT: bind fails, SO_REUSEADDR cures it. */
static void test_bind_in_time_wait(void **state)
{
	struct play *p = *state;

	play(p, "server set reuseaddr on\n"
		"server listen 7700\n"
		"client connect 7700\n"
		"server accept\n"
		"server close\n"
		"expect server state FIN_WAIT2\n"
		"client close\n"
		"expect server state TIME_WAIT\n"
		"server close listen\n"
		"server listen 7700\n"
		"expect server bind fails EADDRINUSE\n"
		"server close\n"
		"server set reuseaddr on\n"
		"server listen 7700\n"
		"expect server listen = 0\n");
}

static void test_both_close_at_once(void **state)
{
	struct play *p = *state;

	play_needs(p, FEATURE_CAPTURE);
	/* Data that crosses a close: each end still gets what was sent before. */
	play(p, "open\n"
		"client write \"abc\"\n"
		"client shutdown wr\n"
		"server shutdown wr\n"
		"server read\n"
		"expect server read = \"abc\"\n"
		"server read\n"
		"expect server read = 0\n"
		"expect client state TIME_WAIT\n"
		"expect server gone\n"
		"expect server state CLOSE\n"
		"client read\n"
		"expect client read = 0\n");
	/* TIME_WAIT is the kernel's; the descriptor says CLOSE. */
	play_assert(p, play_snapshot(p, SIDE_CLIENT)->state == STATE_TIME_WAIT);
}

static void test_nonblocking_connect(void **state)
{
	struct play *p = *state;

	play(p, "server listen\n"
		"client connect nonblock\n"
		"expect client connect fails EINPROGRESS\n"
		"expect client state ESTABLISHED\n"
		"expect client poll OUT\n"
		"client get error\n"
		"expect client getsockopt = \"0\"\n"
		"client read\n"
		"expect client read fails EAGAIN\n"
		"client close\n"
		"client connect 1 nonblock\n"
		"expect client connect fails EINPROGRESS\n"
		"expect client poll OUT ERR HUP IN RDHUP\n"
		"client get error\n"
		"expect client getsockopt = \"ECONNREFUSED\"\n"
		"client get error\n"
		"expect client getsockopt = \"0\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_handshake),
		PLAY_TEST(test_numbers_are_relative),
		PLAY_TEST(test_close_write_reset),
		PLAY_TEST(test_orphan),
		PLAY_TEST(test_seen_in_the_end),
		PLAY_TEST(test_active_close),
		PLAY_TEST(test_half_close),
		PLAY_TEST(test_shutdown_then_write),
		PLAY_TEST(test_linger_reset),
		PLAY_TEST(test_unread_data_reset),
		PLAY_TEST(test_refused_connect),
		PLAY_TEST(test_accepted_or_not),
		PLAY_TEST(test_accepted_too_late),
		PLAY_TEST(test_backlog_full),
		PLAY_TEST(test_dup_delays_fin),
		PLAY_TEST(test_fork_delays_fin),
		PLAY_TEST(test_gone_is_not_the_listener),
		PLAY_TEST(test_port_reuse),
		PLAY_TEST(test_bind_in_time_wait),
		PLAY_TEST(test_both_close_at_once),
		PLAY_TEST(test_nonblocking_connect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
