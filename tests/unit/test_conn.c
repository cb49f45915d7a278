/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_conn.c - what segments foretell: RFC 9293, figure 5, and the ways around it. */
#include "conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define C SIDE_CLIENT
#define S SIDE_SERVER
#define ISN_C 1000
#define ISN_S 0xfffffff0 /* wraps */

static void sent(struct conn *conn, enum side from, unsigned flags, uint32_t seq, uint32_t ack,
		 uint32_t len)
{
	static int64_t t;
	struct packet packet = {.t = ++t, .flags = (uint8_t)flags, .len = len};

	packet.seq = (from == C ? ISN_C : ISN_S) + seq;
	packet.ack = flags & TH_A ? (from == C ? ISN_S : ISN_C) + ack : 0;
	conn_sent(conn, from, &packet);
	conn_arrived(conn, from == C ? S : C, &packet);
}

static void assert_foretold(const struct conn *conn, enum side side, const char *want)
{
	const struct conn_end *end = &conn->end[side];
	char text[256] = "";

	for (unsigned i = 0; i < end->nforetold; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			 state_name(end->foretold[i].state));
		if (i)
			assert_true(end->foretold[i].t >= end->foretold[i - 1].t);
		assert_true(end->foretold[i].t >= end->foretold[i].since);
	}
	assert_string_equal(text, want);
	if (end->nforetold)
		assert_int_equal(end->shadow, end->foretold[end->nforetold - 1].state);
}

/* As after a look that found both there. */
static struct conn established(void)
{
	struct conn conn = {.id = 1, .channel = CHANNEL_TCP};

	sent(&conn, C, TH_S, 0, 0, 0);
	sent(&conn, S, TH_S | TH_A, 0, 1, 0);
	sent(&conn, C, TH_A, 1, 1, 0);
	assert_foretold(&conn, C, "SYN_SENT ESTABLISHED");
	assert_foretold(&conn, S, "SYN_RECV ESTABLISHED");
	conn.end[C].nforetold = conn.end[S].nforetold = 0;
	return conn;
}

static void test_orderly_close(void **unused)
{
	struct conn conn = established();

	(void)unused;
	sent(&conn, C, TH_P | TH_A, 1, 1, 100);
	sent(&conn, S, TH_A, 1, 101, 0);
	assert_foretold(&conn, C, "");
	sent(&conn, C, TH_F | TH_A, 101, 1, 0);
	assert_foretold(&conn, C, "FIN_WAIT1");
	assert_foretold(&conn, S, "CLOSE_WAIT");
	sent(&conn, S, TH_A, 1, 101, 0); /* an old one: not of the FIN */
	assert_foretold(&conn, C, "FIN_WAIT1");
	sent(&conn, S, TH_A, 1, 102, 0);
	assert_foretold(&conn, C, "FIN_WAIT1 FIN_WAIT2");
	sent(&conn, S, TH_F | TH_A, 1, 102, 0);
	assert_foretold(&conn, C, "FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
	assert_foretold(&conn, S, "CLOSE_WAIT LAST_ACK");
	sent(&conn, C, TH_A, 102, 2, 0);
	assert_foretold(&conn, S, "CLOSE_WAIT LAST_ACK CLOSE");
}

/* The FIN that also acknowledges ours moves an end twice. */
static void test_fin_with_ack(void **unused)
{
	struct conn conn = established();

	(void)unused;
	sent(&conn, C, TH_F | TH_A, 1, 1, 0);
	sent(&conn, S, TH_F | TH_A, 1, 2, 0);
	assert_foretold(&conn, C, "FIN_WAIT1 FIN_WAIT2 TIME_WAIT");
}

static void test_both_close(void **unused)
{
	struct conn conn = established();

	(void)unused;
	/* Each FIN is on its way before the other arrives; here each arrives at once. */
	conn.end[S].shadow = STATE_FIN_WAIT1;
	conn.end[S].fin_sent = true;
	conn.end[S].fin_end = ISN_S + 2;
	sent(&conn, C, TH_F | TH_A, 1, 1, 0);
	assert_foretold(&conn, C, "FIN_WAIT1");
	assert_foretold(&conn, S, "CLOSING");
	sent(&conn, S, TH_F | TH_A, 1, 1, 0);
	assert_foretold(&conn, C, "FIN_WAIT1 CLOSING");
	sent(&conn, C, TH_A, 2, 2, 0);
	sent(&conn, S, TH_A, 2, 2, 0);
	assert_foretold(&conn, C, "FIN_WAIT1 CLOSING TIME_WAIT");
	assert_foretold(&conn, S, "CLOSING TIME_WAIT");
}

static void test_resets(void **unused)
{
	struct conn conn = established();

	(void)unused;
	sent(&conn, C, TH_R | TH_A, 1, 1, 0);
	assert_foretold(&conn, C, "CLOSE");
	assert_foretold(&conn, S, "CLOSE");
	/* Refused: the answer to the SYN is a RST. */
	conn = (struct conn){.id = 2};
	sent(&conn, C, TH_S, 0, 0, 0);
	sent(&conn, S, TH_R | TH_A, 0, 1, 0);
	assert_foretold(&conn, C, "SYN_SENT CLOSE");
	/* The RST that answers an ACK of something else does not end the SYN. */
	conn = (struct conn){.id = 3};
	sent(&conn, C, TH_S, 0, 0, 0);
	sent(&conn, C, TH_R, 7, 0, 0);
	sent(&conn, C, TH_S, 0, 0, 0);
	assert_foretold(&conn, C, "SYN_SENT");
}

static void test_syn_again(void **unused)
{
	struct conn conn = {.id = 1};

	(void)unused;
	sent(&conn, C, TH_S, 0, 0, 0);
	sent(&conn, C, TH_S, 0, 0, 0);
	assert_foretold(&conn, C, "SYN_SENT");
	assert_foretold(&conn, S, "");
	sent(&conn, S, TH_S | TH_A, 0, 1, 0);
	sent(&conn, S, TH_S | TH_A, 0, 1, 0);
	assert_foretold(&conn, S, "SYN_RECV");
	assert_int_equal(conn.end[C].isn, ISN_C);
	assert_int_equal(conn.end[S].isn, ISN_S);
	sent(&conn, C, TH_A, 1, 1, 0);
	sent(&conn, S, TH_S | TH_A, 0, 1, 0);
	assert_foretold(&conn, S, "SYN_RECV ESTABLISHED");
}

/* RFC 9293, 3.5: both ask at once. */
static void test_simultaneous_open(void **unused)
{
	struct conn conn = {.id = 1};

	(void)unused;
	conn.end[S].shadow = STATE_SYN_SENT;
	sent(&conn, C, TH_S, 0, 0, 0);
	assert_foretold(&conn, S, "SYN_RECV");
}

static void test_relative_numbers(void **unused)
{
	struct conn conn = established();

	(void)unused;
	assert_int_equal(conn_relative_seq(&conn, C, ISN_C + 5), 5);
	assert_int_equal(conn_relative_ack(&conn, C, ISN_S + 0x20), 0x20); /* past the wrap */
	conn.end[S].isn_known = false;
	assert_int_equal(conn_relative_ack(&conn, C, 77), 77);
}

/* Many more than anybody looks at: the newest are kept. */
static void test_bounded(void **unused)
{
	struct conn conn = {.id = 1};

	(void)unused;
	for (int i = 0; i < 100; i++) {
		sent(&conn, S, TH_S | TH_A, 0, 1, 0);
		sent(&conn, S, TH_R, 1, 0, 0);
	}
	assert_int_equal(conn.end[S].nforetold, FORETOLD_MAX);
	assert_int_equal(conn.end[S].foretold[FORETOLD_MAX - 1].state, STATE_CLOSE);
}

/* A segment that is handed over after a look has found it not worked on: not before that look. */
static void test_not_before_the_look(void **unused)
{
	struct conn conn = established();

	(void)unused;
	conn.end[S].looked = 1000000;
	sent(&conn, C, TH_F | TH_A, 1, 1, 0);
	assert_int_equal(conn.end[S].foretold[0].t, 1000000);
	assert_true(conn.end[S].foretold[0].since < 1000000);
}

static void test_ways(void **unused)
{
	(void)unused;
	assert_true(conn_state_leads(STATE_SYN_SENT, STATE_CLOSE));
	assert_true(conn_state_leads(STATE_ESTABLISHED, STATE_CLOSING));
	assert_true(conn_state_leads(STATE_FIN_WAIT1, STATE_TIME_WAIT));
	assert_false(conn_state_leads(STATE_CLOSE, STATE_FIN_WAIT1));
	assert_false(conn_state_leads(STATE_CLOSE_WAIT, STATE_CLOSING));
	assert_false(conn_state_leads(STATE_TIME_WAIT, STATE_ESTABLISHED));
	for (enum tcp_state state = STATE_NONE; state < STATE_COUNT; state++)
		assert_false(conn_state_leads(state, state));
	assert_int_equal(conn_state_between(STATE_ESTABLISHED, STATE_CLOSING), STATE_FIN_WAIT1);
	assert_int_equal(conn_state_between(STATE_ESTABLISHED, STATE_LAST_ACK), STATE_CLOSE_WAIT);
	assert_int_equal(conn_state_between(STATE_SYN_RECV, STATE_CLOSE_WAIT), STATE_ESTABLISHED);
	assert_int_equal(conn_state_between(STATE_ESTABLISHED, STATE_FIN_WAIT1), STATE_NONE);
	assert_int_equal(conn_state_between(STATE_FIN_WAIT1, STATE_TIME_WAIT), STATE_NONE);
	assert_int_equal(conn_state_between(STATE_SYN_SENT, STATE_CLOSE), STATE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orderly_close),
		cmocka_unit_test(test_fin_with_ack),
		cmocka_unit_test(test_both_close),
		cmocka_unit_test(test_resets),
		cmocka_unit_test(test_syn_again),
		cmocka_unit_test(test_simultaneous_open),
		cmocka_unit_test(test_relative_numbers),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_not_before_the_look),
		cmocka_unit_test(test_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
