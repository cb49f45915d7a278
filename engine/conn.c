/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * conn.c - what the segments say about the states of both ends (RFC 9293, figure 5).
 *
 * The kernel is asked for the truth; but on loopback a handshake is over before anybody can ask.
 * So each segment moves a shadow of each end, and a look at the kernel then confirms where the
 * shadow stands. What lies between two looks is journalled as inferred, what no look confirms is
 * forgotten.
 */
#include "conn.h"

#include <string.h>

static void end_goes(struct conn_end *end, enum tcp_state state, int64_t t)
{
	if (end->shadow == state)
		return;
	end->shadow = state;
	if (end->nforetold == FORETOLD_MAX) {
		memmove(end->foretold, end->foretold + 1,
			(FORETOLD_MAX - 1) * sizeof(end->foretold[0]));
		end->nforetold--;
	}
	/* A segment may carry an earlier time than a look that came before it was handed over. */
	end->foretold[end->nforetold++] =
		(struct foretold){t, t > end->looked ? t : end->looked, state};
}

void conn_sent(struct conn *conn, enum side from, const struct packet *packet)
{
	struct conn_end *end = &conn->end[from];
	unsigned flags = packet->flags;

	if (flags & TH_S && !end->isn_known) {
		end->isn = packet->seq;
		end->isn_known = true;
	}
	if (flags & TH_R) {
		/* From SYN-SENT it only answers an ACK of something else: RFC 9293, 3.10.7.3. */
		if (end->shadow != STATE_SYN_SENT)
			end_goes(end, STATE_CLOSE, packet->t);
		return;
	}
	if (flags & TH_S) {
		bool fresh = end->shadow == STATE_NONE || end->shadow == STATE_CLOSE;

		/* A repeated SYN-ACK may wait in a queue until the handshake is over. */
		if (flags & TH_A ? fresh || end->shadow == STATE_SYN_SENT : fresh)
			end_goes(end, flags & TH_A ? STATE_SYN_RECV : STATE_SYN_SENT, packet->t);
		return;
	}
	if (flags & TH_F) {
		end->fin_sent = true;
		end->fin_end = packet->seq + packet->len + 1;
		if (end->shadow == STATE_ESTABLISHED || end->shadow == STATE_SYN_RECV)
			end_goes(end, STATE_FIN_WAIT1, packet->t);
		else if (end->shadow == STATE_CLOSE_WAIT)
			end_goes(end, STATE_LAST_ACK, packet->t);
	}
}

static void end_acked(struct conn_end *end, const struct packet *packet)
{
	if (end->shadow == STATE_SYN_RECV)
		end_goes(end, STATE_ESTABLISHED, packet->t);
	if (!end->fin_sent || (int32_t)(packet->ack - end->fin_end) < 0)
		return;
	if (end->shadow == STATE_FIN_WAIT1)
		end_goes(end, STATE_FIN_WAIT2, packet->t);
	else if (end->shadow == STATE_CLOSING)
		end_goes(end, STATE_TIME_WAIT, packet->t);
	else if (end->shadow == STATE_LAST_ACK)
		end_goes(end, STATE_CLOSE, packet->t);
}

void conn_arrived(struct conn *conn, enum side to, const struct packet *packet)
{
	struct conn_end *end = &conn->end[to];
	unsigned flags = packet->flags;

	if (flags & TH_R) {
		end_goes(end, STATE_CLOSE, packet->t);
		return;
	}
	if (flags & TH_S) {
		if (end->shadow == STATE_SYN_SENT)
			end_goes(end, flags & TH_A ? STATE_ESTABLISHED : STATE_SYN_RECV, packet->t);
		return;
	}
	if (flags & TH_A)
		end_acked(end, packet);
	if (flags & TH_F) {
		if (end->shadow == STATE_ESTABLISHED)
			end_goes(end, STATE_CLOSE_WAIT, packet->t);
		else if (end->shadow == STATE_FIN_WAIT1)
			end_goes(end, STATE_CLOSING, packet->t);
		else if (end->shadow == STATE_FIN_WAIT2)
			end_goes(end, STATE_TIME_WAIT, packet->t);
	}
}

#define BIT(state) (1U << STATE_##state)
#define ENDING (BIT(CLOSE) | BIT(TIME_WAIT))
#define CLOSED_FIRST (BIT(FIN_WAIT1) | BIT(FIN_WAIT2) | BIT(CLOSING) | ENDING)
#define CLOSED_SECOND (BIT(CLOSE_WAIT) | BIT(LAST_ACK))
#define OPENED (BIT(ESTABLISHED) | CLOSED_FIRST | CLOSED_SECOND)

bool conn_state_leads(enum tcp_state from, enum tcp_state to)
{
	/* RFC 9293, figure 5, any number of steps. */
	static const unsigned onward[STATE_COUNT] = {
		[STATE_SYN_SENT] = BIT(SYN_RECV) | OPENED,
		[STATE_SYN_RECV] = OPENED,
		[STATE_ESTABLISHED] = CLOSED_FIRST | CLOSED_SECOND,
		[STATE_FIN_WAIT1] = CLOSED_FIRST & ~BIT(FIN_WAIT1),
		[STATE_FIN_WAIT2] = ENDING,
		[STATE_CLOSING] = ENDING,
		[STATE_TIME_WAIT] = BIT(CLOSE),
		[STATE_CLOSE_WAIT] = BIT(LAST_ACK) | BIT(CLOSE),
		[STATE_LAST_ACK] = BIT(CLOSE),
	};

	return onward[from] & 1U << to;
}

enum tcp_state conn_state_between(enum tcp_state from, enum tcp_state to)
{
	if ((from == STATE_SYN_SENT || from == STATE_SYN_RECV) &&
	    conn_state_leads(STATE_ESTABLISHED, to) && to != STATE_CLOSE)
		return STATE_ESTABLISHED;
	if (from == STATE_ESTABLISHED && conn_state_leads(STATE_FIN_WAIT1, to) && to != STATE_CLOSE)
		return STATE_FIN_WAIT1;
	return from == STATE_ESTABLISHED && to == STATE_LAST_ACK ? STATE_CLOSE_WAIT : STATE_NONE;
}

uint32_t conn_relative_seq(const struct conn *conn, enum side from, uint32_t seq)
{
	return conn->end[from].isn_known ? seq - conn->end[from].isn : seq;
}

uint32_t conn_relative_ack(const struct conn *conn, enum side from, uint32_t ack)
{
	const struct conn_end *peer = &conn->end[side_other(from)];

	return peer->isn_known ? ack - peer->isn : ack;
}
