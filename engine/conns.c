/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conns.c - the connections of a lab, in the order they came. */
#include "core.h"
#include "mem.h"

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

/* Can this SYN be another connection's? Not while the socket of the one there was lives: then
 * somebody has made it by hand. */
static bool conn_over(const struct conn *conn, const struct packet *packet)
{
	const struct conn_end *end = &conn->end[SIDE_CLIENT];

	return end->isn_known && end->isn != packet->seq &&
	       (!end->seen || end->gone || end->state == STATE_TIME_WAIT ||
		end->state == STATE_CLOSE || end->state == STATE_NONE);
}

/* While the server has no end of the newest connection on these ports, but one of an older (its
 * peer has crashed and asks anew), anything but a SYN is about that one: RFC 9293, 3.5.1. */
static struct conn *conn_half_open(const struct lab *lab, struct conn *conn)
{
	for (unsigned i = conn->id - 1; i-- > lab->live_from;) {
		struct conn *older = lab->conns[i];
		const struct conn_end *end = &older->end[SIDE_SERVER];

		if (older->channel == CHANNEL_TCP && end->seen && !end->gone &&
		    older->port[SIDE_CLIENT] == conn->port[SIDE_CLIENT] &&
		    older->port[SIDE_SERVER] == conn->port[SIDE_SERVER])
			return older;
	}
	return conn;
}

struct conn *conn_of_segment(struct lab *lab, enum side from, const struct packet *packet)
{
	bool client = from == SIDE_CLIENT;
	struct conn *conn = conn_by_ports(lab, client ? packet->sport : packet->dport,
					  client ? packet->dport : packet->sport);

	if (lab->wire && conn && !conn->end[SIDE_SERVER].seen && !(packet->flags & TH_S))
		return conn_half_open(lab, conn);
	/* A SYN on ports whose connection has ended opens another one. */
	if (!client || (packet->flags & (TH_S | TH_A)) != TH_S ||
	    (conn && !conn_over(conn, packet)))
		return conn;
	conn = conn_new(lab, CHANNEL_TCP);
	conn->port[SIDE_CLIENT] = packet->sport;
	conn->port[SIDE_SERVER] = packet->dport;
	/* On loopback a refused one may be gone before anybody looks. */
	conn->end[SIDE_CLIENT].seen = !lab->wire;
	conn_claim(lab, conn);
	return conn;
}
