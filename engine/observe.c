/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * observe.c - ask the kernel how both ends stand, and explain it by the segments.
 *
 *   look (sock_diag, time t) → read the link → segments up to t move the shadows
 *                            → shadow and look agree: journal the way there
 *
 * The look comes first: every segment the kernel had worked on by then has already been captured,
 * so a state that was passed on the way always finds its segment. What the shadow foretells and
 * the kernel has not done yet is looked at again shortly.
 */
#include "core.h"
#include "mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOPS_MAX 8
#define READ_MOST 512
#define FORETOLD_LIFE (200 * NS_PER_MS)
#define MISSED_LONG (5 * NS_PER_MS)
/* How long after the last news looks go on, at growing distance. */
#define SETTLE_BLIND NS_PER_S
#define SETTLE (50 * NS_PER_MS)

struct conn *conn_new(struct lab *lab, enum channel channel)
{
	struct conn *conn = xcalloc(1, sizeof(*conn));

	conn->id = ++lab->nconns;
	conn->channel = channel;
	if ((conn->id & (conn->id - 1)) == 0)
		lab->conns = xrealloc(lab->conns, 2 * conn->id * sizeof(struct conn *));
	lab->conns[conn->id - 1] = conn;
	return conn;
}

struct conn *conn_at(const struct lab *lab, unsigned id)
{
	return id && id <= lab->nconns ? lab->conns[id - 1] : NULL;
}

struct conn *conn_by_ports(const struct lab *lab, uint16_t client, uint16_t server)
{
	for (unsigned i = lab->nconns; i-- > lab->live_from;) {
		struct conn *conn = lab->conns[i];

		if (conn->channel == CHANNEL_TCP && conn->port[SIDE_CLIENT] == client &&
		    conn->port[SIDE_SERVER] == server)
			return conn;
	}
	return NULL;
}

void conn_learn(struct lab *lab, struct desc *desc, uint16_t port, uint16_t peer_port)
{
	struct conn *conn;

	if (desc->conn || !desc->connecting || !port || !peer_port)
		return;
	conn = conn_by_ports(lab, port, peer_port);
	/* One that had a descriptor already is an older connection on the same ports. */
	if (!conn || conn->claimed) {
		conn = conn_new(lab, CHANNEL_TCP);
		conn->port[SIDE_CLIENT] = port;
		conn->port[SIDE_SERVER] = peer_port;
	}
	conn->claimed = true;
	desc->conn = conn->id;
}

struct conn *conn_of_side(const struct lab *lab, enum side side)
{
	const struct actor *actor = &lab->actors[side];

	if (side == SIDE_CHILD) {
		for (unsigned i = actor->ndescs; i-- > 0;)
			if (actor->descs[i].conn)
				return conn_at(lab, actor->descs[i].conn);
		return NULL;
	}
	for (unsigned i = lab->nconns; i-- > 0;)
		if (lab->conns[i]->end[side].seen)
			return lab->conns[i];
	return NULL;
}

static void state_journal(struct lab *lab, const struct conn *conn, enum side side,
			  enum tcp_state old, enum tcp_state new, bool inferred, int64_t t)
{
	struct event event = {.kind = EVENT_STATE, .side = side, .t = t};

	event.conn = conn ? conn->id : 0;
	event.state.old = old;
	event.state.new = new;
	event.state.inferred = inferred;
	stage_add(lab, &event);
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
	if (!upto)
		upto = end->nforetold;
	for (unsigned i = 0; i < upto; i++)
		end_moves(lab, conn, side, end->foretold[i].state, end->foretold[i].state != is,
			  end->foretold[i].t);
	if (end->state != is) {
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
static int end_find(struct lab *lab, const struct conn *conn, enum side side,
		    struct diag_socket *now)
{
	enum side peer = side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	const struct conn_end *end = &conn->end[side];
	int found = 0;

	for (int i = 0; i < 3 && !found; i++) {
		found = diag_tcp(lab->diag, htonl(INADDR_LOOPBACK), conn->port[side],
				 htonl(INADDR_LOOPBACK), conn->port[peer], !lab->busy[side], now);
		/* Another socket on the same ports: ours is gone. */
		if (found > 0 && cookie_of_other(lab, conn, side, now->cookie))
			return 0;
		if (!end->seen)
			break;
	}
	return found;
}

static void end_look(struct lab *lab, struct conn *conn, enum side side)
{
	struct conn_end *end = &conn->end[side];
	struct diag_socket now;
	int found;

	if (end->gone)
		return;
	found = end_find(lab, conn, side, &now);
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
		if (end->now.state == STATE_SYN_RECV && !end->missed)
			end->missed = t;
		if (end->now.state == STATE_SYN_RECV && t - end->missed < MISSED_LONG)
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

static void segment_journal(struct lab *lab, struct conn *conn, enum side from,
			    const struct packet *packet)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = from, .t = packet->t};

	event.conn = conn->id;
	event.segment.id = ++lab->segments;
	event.segment.to = from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	event.segment.flags = packet->flags;
	event.segment.seq = conn_relative_seq(conn, from, packet->seq);
	event.segment.ack = packet->flags & TH_A ? conn_relative_ack(conn, from, packet->ack) : 0;
	event.segment.len = packet->len;
	event.segment.win = packet->win;
	event.segment.fate = FATE_DELIVERED;
	event.segment.sent = 1;
	event.segment.raw = packet->raw;
	event.segment.raw_len = (uint16_t)packet->raw_len;
	event.segment.raw_full = (uint32_t)packet->raw_full;
	stage_add(lab, &event);
}

/* The newest descriptor of the client that is being connected to this port. */
static void conn_claim(struct lab *lab, struct conn *conn)
{
	struct actor *client = &lab->actors[SIDE_CLIENT];

	for (unsigned i = client->ndescs; i-- > 0;) {
		struct desc *desc = &client->descs[i];

		if (!desc->conn && desc->connecting == conn->port[SIDE_SERVER]) {
			desc->conn = conn->id;
			conn->claimed = true;
			if (client->flight.active && client->flight.request.fd == desc->fd)
				client->flight.conn = conn->id;
			return;
		}
	}
}

struct reading {
	struct lab *lab;
	int64_t looked; /* segments up to here explain the look */
	bool more;	/* there were later ones, or a new connection */
};

static void segment_take(void *context, const struct packet *seen)
{
	struct reading *reading = context;
	struct lab *lab = reading->lab;
	struct packet packet = *seen;
	enum side from = SIDE_CLIENT;
	struct conn *conn;

	packet.t = seen->t - lab->epoch;
	conn = conn_by_ports(lab, packet.sport, packet.dport);
	if (!conn) {
		conn = conn_by_ports(lab, packet.dport, packet.sport);
		from = conn ? SIDE_SERVER : SIDE_CLIENT;
	}
	/* A SYN on ports whose connection has ended opens another one. */
	if ((packet.flags & (TH_S | TH_A)) == TH_S && from == SIDE_CLIENT &&
	    (!conn ||
	     (conn->end[SIDE_CLIENT].isn_known && conn->end[SIDE_CLIENT].isn != packet.seq))) {
		conn = conn_new(lab, CHANNEL_TCP);
		conn->port[SIDE_CLIENT] = packet.sport;
		conn->port[SIDE_SERVER] = packet.dport;
		conn->end[SIDE_CLIENT].seen = true;
		conn_claim(lab, conn);
	}
	if (!conn)
		return; /* nothing the lab has opened */
	conn_sent(conn, from, &packet);
	conn_arrived(conn, from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT, &packet);
	conn->dead = false;
	segment_journal(lab, conn, from, &packet);
	if (packet.t > reading->looked)
		reading->more = true;
}

/* The listener has no connection: its one state is whether it is there. */
static void listener_look(struct lab *lab, int64_t t)
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

/* Reconcile every living end; true when something is foretold that has not come true yet. */
static bool ends_reconcile(struct lab *lab, int64_t t)
{
	bool pending = false;

	for (unsigned i = lab->live_from; i < lab->nconns; i++) {
		struct conn *conn = lab->conns[i];

		if (conn->dead || conn->channel != CHANNEL_TCP)
			continue;
		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			struct conn_end *end = &conn->end[side];

			if (!lab->diag)
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
	}
	while (lab->live_from < lab->nconns && lab->conns[lab->live_from]->dead &&
	       lab->live_from + 16 < lab->nconns)
		lab->live_from++;
	return pending;
}

/* When the kernel will change something by itself, look then. */
static int64_t timers_next(const struct lab *lab, int64_t t)
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

static void clock_adjust(struct lab *lab)
{
	struct timespec real, mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	lab->epoch =
		(real.tv_sec - mono.tv_sec) * NS_PER_S + (real.tv_nsec - mono.tv_nsec) + lab->start;
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

static int64_t ends_look(struct lab *lab)
{
	lab->busy[SIDE_CLIENT] = end_busy(lab, SIDE_CLIENT);
	lab->busy[SIDE_SERVER] = end_busy(lab, SIDE_SERVER);
	for (unsigned i = lab->live_from; i < lab->nconns; i++) {
		struct conn *conn = lab->conns[i];

		if (conn->dead || conn->channel != CHANNEL_TCP || !lab->diag)
			continue;
		end_look(lab, conn, SIDE_CLIENT);
		end_look(lab, conn, SIDE_SERVER);
	}
	return lab_now(lab);
}

void observe(struct lab *lab, bool force)
{
	bool pending = false;
	int64_t t = lab_now(lab), settle, next;
	unsigned segments = lab->segments;

	clock_adjust(lab);
	for (int i = 0; i < LOOPS_MAX; i++) {
		struct reading reading = {.lab = lab};
		unsigned conns = lab->nconns;

		t = reading.looked = ends_look(lab);
		if (lab->capture)
			if (capture_read(lab->capture, READ_MOST, segment_take, &reading) ==
			    READ_MOST)
				reading.more = true;
		if (reading.more || conns != lab->nconns) {
			/* The look is older than the news: take another before judging. */
			if (i + 1 < LOOPS_MAX)
				continue;
		}
		pending = ends_reconcile(lab, t);
		break;
	}
	listener_look(lab, t);
	lab->look_later = 0;
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++)
		snapshot_take(lab, side, t, force);
	segments = lab->segments - segments;
	if (segments)
		lab->settle = t;
	lab->look_at = timers_next(lab, t);
	next = bulk_next(lab, segments, t);
	if (next < lab->look_at)
		lab->look_at = next;
	if (lab->look_later && lab->look_later < lab->look_at)
		lab->look_at = lab->look_later;
	/* Without a capture nothing wakes us when a delayed ACK comes. With one, a segment wakes us
	 * before the kernel is done with it: what it did is seen a little later. */
	settle = lab->settle + (lab->capture ? SETTLE : SETTLE_BLIND);
	if (pending || t < settle) {
		int64_t age = t - lab->settle;
		int64_t soon = t + (age < NS_PER_MS ? NS_PER_MS : age);

		if (pending && soon > t + 20 * NS_PER_MS)
			soon = t + 20 * NS_PER_MS;
		if (soon < lab->look_at)
			lab->look_at = soon;
	}
}
