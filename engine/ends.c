/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ends.c - how both ends of a connection stand, and what of that is journalled.
 *
 * A look asks the kernel. What the segments foretold (conn.c) and a look confirms is journalled
 * with the segment's time; what was passed between two looks is journalled as inferred.
 */
#include "wire.h"

#include <string.h>

#define FORETOLD_LIFE (200 * NS_PER_MS)
#define MISSED_LONG (5 * NS_PER_MS)
#define INFO_EVERY (10 * NS_PER_MS)

static void state_journal(struct lab *lab, const struct conn *conn, enum side side,
			  enum tcp_state old, enum tcp_state new, bool inferred, int64_t t)
{
	struct event event = {.kind = EVENT_STATE, .side = side, .t = t};

	event.conn = conn ? conn->id : 0;
	event.state.old = old;
	event.state.new = new;
	event.state.inferred = inferred;
	stage_add(lab, &event);
	lab->moved = true;
}

/* Where an end stands before anything was seen of it. */
static enum tcp_state end_origin(enum side side)
{
	return side == SIDE_CLIENT ? STATE_CLOSE : STATE_LISTEN;
}

static void end_moves(struct lab *lab, struct conn *conn, enum side side, enum tcp_state new,
		      bool inferred, int64_t t)
{
	struct conn_end *end = &conn->end[side];
	enum tcp_state old = end->state == STATE_NONE ? end_origin(side) : end->state;

	if (new != end->state)
		state_journal(lab, conn, side, old, new, inferred, t);
	end->state = new;
	end->seen = true;
}

/* Bring what was journalled to what was seen at t, by the way the segments foretold. */
static void end_reconcile(struct lab *lab, struct conn *conn, enum side side, enum tcp_state is,
			  int64_t t)
{
	struct conn_end *end = &conn->end[side];
	unsigned upto = 0;

	end->looked = t;
	for (unsigned i = end->nforetold; i > 0 && !upto; i--)
		if (end->foretold[i - 1].state == is)
			upto = i;
	/* What this look did not find has not happened before it. */
	for (unsigned i = upto; (upto || is == end->state) && i < end->nforetold; i++)
		if (end->foretold[i].t < t)
			end->foretold[i].t = t;
	if (!upto && is == end->state) {
		/* The kernel is not there yet, or never will be. */
		if (end->nforetold && t - end->foretold[0].since > FORETOLD_LIFE)
			end->nforetold = 0;
		if (!end->nforetold)
			end->shadow = is;
		return;
	}
	/* Not where the segments lead: only what leads here was passed. A RST that the kernel did
	 * not heed foretold an end that never came. */
	if (!upto)
		while (upto < end->nforetold && conn_state_leads(end->foretold[upto].state, is))
			upto++;
	for (unsigned i = 0; i < upto; i++)
		end_moves(lab, conn, side, end->foretold[i].state, end->foretold[i].state != is,
			  end->foretold[i].t);
	if (end->state != is) {
		enum tcp_state between;

		/* A call and a delivery met between two looks. */
		while ((between = conn_state_between(end->state, is)) != STATE_NONE)
			end_moves(lab, conn, side, between, true, t);
		end_moves(lab, conn, side, is, false, t);
		end->nforetold = 0;
	} else {
		memmove(end->foretold, end->foretold + upto,
			(end->nforetold - upto) * sizeof(end->foretold[0]));
		end->nforetold -= upto;
	}
	if (!end->nforetold)
		end->shadow = is;
}

/* Without sock_diag the segments are all there is: every state is inferred. */
static void end_believe(struct lab *lab, struct conn *conn, enum side side)
{
	struct conn_end *end = &conn->end[side];

	for (unsigned i = 0; i < end->nforetold; i++)
		end_moves(lab, conn, side, end->foretold[i].state, true, end->foretold[i].t);
	end->nforetold = 0;
}

/* Is it a socket of another connection on the same ports? A new one may find the TIME_WAIT of an
 * older one, not its own socket yet. */
static bool cookie_of_other(const struct lab *lab, const struct conn *conn, enum side side,
			    uint64_t cookie)
{
	if (conn->end[side].cookie)
		return conn->end[side].cookie != cookie;
	for (unsigned i = lab->live_from; i < lab->nconns; i++)
		if (lab->conns[i] != conn && lab->conns[i]->channel == CHANNEL_TCP &&
		    lab->conns[i]->end[side].cookie == cookie)
			return true;
	return false;
}

/* While a half-open request turns into a socket, or a socket into a minisock, neither is in the
 * kernel's table for a moment: net/ipv4/inet_hashtables.c, inet_ehash_insert(). */
static int end_find(struct lab *lab, const struct conn *conn, enum side side, bool info,
		    struct diag_socket *now)
{
	enum side peer = side_other(side);
	const struct conn_end *end = &conn->end[side];
	int found = 0;

	for (int i = 0; i < 3 && !found; i++) {
		found = diag_tcp(link_diag(lab, side), link_addr(lab, side), conn->port[side],
				 link_addr(lab, peer), conn->port[peer], info && !lab->busy[side],
				 now);
		/* Another socket on the same ports: ours is gone. */
		if (found > 0 && cookie_of_other(lab, conn, side, now->cookie))
			return 0;
		if (!end->seen)
			break;
	}
	return found;
}

/* Can it be on its way to another kind of socket? Not where the segments say it has ended. On the
 * wire only a close(2) can be at it while we look: a delivery is over when it has been written. */
static bool end_may_hide(const struct lab *lab, const struct conn_end *end)
{
	enum tcp_state state = end->now.state;

	if (state == STATE_SYN_RECV)
		return true;
	if (end->shadow == STATE_CLOSE)
		return false;
	if (lab->wire)
		return state == STATE_FIN_WAIT2 && end->now.inode;
	return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSING;
}

static void end_look(struct lab *lab, struct conn *conn, enum side side, bool info)
{
	struct conn_end *end = &conn->end[side];
	struct diag_socket now;
	int found;

	if (end->gone || !link_diag(lab, side))
		return;
	found = end_find(lab, conn, side, info, &now);
	if (found < 0)
		return;
	if (found) {
		end->seen = true;
		end->missed = 0;
		/* The cookie is made when it is first asked for; asked for just while the request
		 * becomes a socket, each gets one of its own. */
		if (now.state != STATE_SYN_RECV)
			end->cookie = now.cookie;
		end->now = now;
	} else if (end->seen) {
		int64_t t = lab_now(lab);

		/* That moment is longer where the processor is taken away in it. */
		if (end_may_hide(lab, end) && !end->missed)
			end->missed = t;
		if (end_may_hide(lab, end) && t - end->missed < MISSED_LONG)
			return;
		end->gone = true;
		end->gone_t = t;
		end->missed = 0;
	}
}

static bool end_done(const struct conn *conn, enum side side)
{
	const struct conn_end *end = &conn->end[side];

	return (end->gone || !end->seen) && !end->nforetold;
}

/* The listener has no connection: its one state is whether it is there. */
void listener_look(struct lab *lab, int64_t t)
{
	struct actor *server = &lab->actors[SIDE_SERVER];
	enum tcp_state is = STATE_CLOSE;

	if (desc_listener(server) || desc_listener(&lab->actors[SIDE_CHILD]))
		is = STATE_LISTEN;
	if (lab->listener_state == STATE_NONE && is == STATE_CLOSE)
		return;
	if (lab->listener_state != is)
		state_journal(lab, NULL, SIDE_SERVER,
			      lab->listener_state == STATE_NONE ? STATE_CLOSE : lab->listener_state,
			      is, false, t);
	lab->listener_state = is;
}

bool conn_reconcile(struct lab *lab, struct conn *conn, int64_t t)
{
	bool pending = false;

	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		struct conn_end *end = &conn->end[side];

		if (!lab->wire && !lab->diag)
			end_believe(lab, conn, side);
		else if (end->seen)
			end_reconcile(lab, conn, side,
				      end->gone			     ? STATE_CLOSE
				      : end->now.state != STATE_NONE ? end->now.state
								     : end->state,
				      t);
		else if (end->nforetold && t - end->foretold[0].since > FORETOLD_LIFE)
			end->nforetold = 0;
		pending |= end->nforetold > 0 || end->missed;
	}
	conn->dead = end_done(conn, SIDE_CLIENT) && end_done(conn, SIDE_SERVER);
	return pending;
}

bool ends_reconcile(struct lab *lab, int64_t t)
{
	bool pending = false;

	for (unsigned i = lab->live_from; i < lab->nconns; i++)
		if (!lab->conns[i]->dead && lab->conns[i]->channel == CHANNEL_TCP)
			pending |= conn_reconcile(lab, lab->conns[i], t);
	while (lab->live_from < lab->nconns && lab->conns[lab->live_from]->dead &&
	       lab->live_from + 16 < lab->nconns)
		lab->live_from++;
	return pending;
}

void ends_vanish(struct lab *lab, enum side side)
{
	int64_t t = lab_now(lab);

	for (unsigned i = lab->live_from; i < lab->nconns; i++) {
		struct conn_end *end = &lab->conns[i]->end[side];

		if (!end->seen || end->gone || lab->conns[i]->channel != CHANNEL_TCP)
			continue;
		end->gone = true;
		end->gone_t = t;
		end->missed = 0;
		end->nforetold = 0;
	}
	ends_reconcile(lab, t);
}

void ends_forget(struct lab *lab)
{
	for (unsigned i = lab->live_from; i < lab->nconns; i++) {
		struct conn *conn = lab->conns[i];

		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			conn->end[side].gone = true;
			conn->end[side].nforetold = 0;
			conn->end[side].missed = 0;
		}
		conn->dead = true;
	}
	lab->live_from = lab->nconns;
}

/* When the kernel will change something by itself, look then. */
int64_t timers_next(const struct lab *lab, int64_t t)
{
	int64_t next = NEVER;

	for (unsigned i = lab->live_from; i < lab->nconns; i++) {
		const struct conn *conn = lab->conns[i];

		for (int side = 0; side < 2 && !conn->dead; side++) {
			const struct conn_end *end = &conn->end[side];
			int64_t wait = end->now.timer_ns;

			if (!end->seen || end->gone || end->now.timer == TIMER_OFF)
				continue;
			/* Never sooner than the clock of sock_diag can tell the difference. */
			if (wait < 10 * NS_PER_MS)
				wait = 10 * NS_PER_MS;
			if (t + wait + 2 * NS_PER_MS < next)
				next = t + wait + 2 * NS_PER_MS;
		}
	}
	return next;
}

/* Is a process of this end at work inside a long call, and may hold the socket's lock? */
static bool end_busy(const struct lab *lab, enum side side)
{
	for (int i = 0; i < SIDE_COUNT; i++) {
		const struct actor *actor = &lab->actors[i];
		const struct flight *flight = &actor->flight;

		/* The server and its child share sockets. */
		if ((i == SIDE_CLIENT) != (side == SIDE_CLIENT) || !flight->active)
			continue;
		if ((flight->journalled || flight->request.size > ACTOR_DATA_MAX) &&
		    process_letter(actor->pid) == 'R')
			return true;
	}
	return false;
}

void conn_look(struct lab *lab, struct conn *conn, bool info)
{
	end_look(lab, conn, SIDE_CLIENT, info);
	end_look(lab, conn, SIDE_SERVER, info);
}

/* In bulk on the wire the lab itself is what the transfer waits for: tcp_info, and whether it may
 * be asked for, every 10 ms only. */
static bool info_spared(struct lab *lab)
{
	int64_t t;

	if (lab->wire ? !lab->wire->bulk : !lab->bulk)
		return false;
	t = lab_now(lab);
	if (t - lab->info_t < INFO_EVERY)
		return true;
	lab->info_t = t;
	return false;
}

void ends_spare_nothing(struct lab *lab)
{
	if (!lab->spared)
		return;
	lab->spared = false;
	lab->info_t = lab_now(lab);
	lab->busy[SIDE_CLIENT] = end_busy(lab, SIDE_CLIENT);
	lab->busy[SIDE_SERVER] = end_busy(lab, SIDE_SERVER);
}

int64_t ends_look(struct lab *lab)
{
	lab->spared = info_spared(lab);
	lab->busy[SIDE_CLIENT] = lab->spared || end_busy(lab, SIDE_CLIENT);
	lab->busy[SIDE_SERVER] = lab->spared || end_busy(lab, SIDE_SERVER);
	for (unsigned i = lab->live_from; i < lab->nconns; i++)
		if (!lab->conns[i]->dead && lab->conns[i]->channel == CHANNEL_TCP)
			conn_look(lab, lab->conns[i], true);
	return lab_now(lab);
}
