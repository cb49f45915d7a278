/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * observe.c - ask the kernel how both ends stand, and explain it by the segments.
 *
 *   loopback: look (sock_diag, time t) → read the capture → segments up to t move the shadows
 *                                      → shadow and look agree: journal the way there
 *
 * The look comes first: every segment the kernel had worked on by then has already been captured,
 * so a state that was passed on the way always finds its segment. What the shadow foretells and
 * the kernel has not done yet is looked at again shortly. On the wire (wire.c) the lab itself
 * carries each segment, and looks before and after.
 */
#include "wire.h"

#include <time.h>

#define LOOPS_MAX 8
#define READ_MOST 512
/* How long after the last news looks go on, at growing distance. */
#define SETTLE_BLIND NS_PER_S
#define SETTLE (50 * NS_PER_MS)
#define DATA_SHORT 64 /* bytes of data that are kept whole; of more only the first */
#define DATA_CUT 16

/* All of the headers, and a little of what they carry: the journal is long. */
static size_t raw_kept(const struct packet *packet)
{
	size_t head = packet->raw_full - packet->len;
	size_t keep = head + (packet->len > DATA_SHORT ? DATA_CUT : packet->len);

	return keep < packet->raw_len ? keep : packet->raw_len;
}

void segment_stage(struct lab *lab, const struct conn *conn, enum side from,
		   const struct packet *packet, uint32_t id, enum fate fate, unsigned sent)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = from, .t = packet->t};
	bool ack = packet->flags & TH_A;

	event.conn = conn ? conn->id : 0;
	event.segment.id = id;
	event.segment.to = side_other(from);
	event.segment.flags = packet->flags;
	event.segment.seq = conn ? conn_relative_seq(conn, from, packet->seq) : packet->seq;
	event.segment.ack = !ack   ? 0
			    : conn ? conn_relative_ack(conn, from, packet->ack)
				   : packet->ack;
	event.segment.len = packet->len;
	event.segment.win = packet->win;
	event.segment.fate = fate;
	event.segment.sent = sent;
	event.segment.raw = packet->raw;
	event.segment.raw_len = (uint16_t)raw_kept(packet);
	event.segment.raw_full = (uint32_t)packet->raw_full;
	stage_add(lab, &event);
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
	if (!conn_by_ports(lab, packet.sport, packet.dport) &&
	    conn_by_ports(lab, packet.dport, packet.sport))
		from = SIDE_SERVER;
	conn = conn_of_segment(lab, from, &packet);
	if (!conn)
		return; /* nothing the lab has opened */
	conn_sent(conn, from, &packet);
	conn_arrived(conn, side_other(from), &packet);
	conn->dead = false;
	segment_stage(lab, conn, from, &packet, ++lab->segments, FATE_DELIVERED, 1);
	if (packet.t > reading->looked)
		reading->more = true;
}

static void clock_adjust(struct lab *lab)
{
	struct timespec real, mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	lab->epoch =
		(real.tv_sec - mono.tv_sec) * NS_PER_S + (real.tv_nsec - mono.tv_nsec) + lab->start;
}

/* Look, read, look again until the look is newer than the news. */
static bool loopback_observe(struct lab *lab, int64_t *t)
{
	for (int i = 0;; i++) {
		struct reading reading = {.lab = lab};
		unsigned conns = lab->nconns;

		*t = reading.looked = ends_look(lab);
		if (lab->capture &&
		    capture_read(lab->capture, READ_MOST, segment_take, &reading) == READ_MOST)
			reading.more = true;
		if ((!reading.more && conns == lab->nconns) || i + 1 == LOOPS_MAX)
			return ends_reconcile(lab, *t);
	}
}

/* What the ends did by themselves, then what the cable carries between them. */
static bool wire_observe(struct lab *lab, int64_t *t)
{
	bool pending;

	*t = ends_look(lab);
	pending = ends_reconcile(lab, *t);
	if (!wire_turn(lab))
		return pending;
	*t = ends_look(lab);
	return ends_reconcile(lab, *t);
}

void observe(struct lab *lab, bool force)
{
	unsigned segments = lab->segments;
	int64_t t = lab_now(lab), settle, next;
	bool pending;

	clock_adjust(lab);
	pending = lab->wire ? wire_observe(lab, &t) : loopback_observe(lab, &t);
	if (lab->moved && lab->spared) {
		lab->info_t = 0;
		t = ends_look(lab);
		pending = ends_reconcile(lab, t);
	}
	listener_look(lab, t);
	lab->look_later = 0;
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++)
		snapshot_take(lab, side, t, force);
	lab->moved = false;
	lab->pending = pending;
	segments = lab->segments - segments;
	if (segments)
		lab->settle = t;
	lab->look_at = timers_next(lab, t);
	next = lab->wire ? wire_deadline(lab) : bulk_next(lab, segments, t);
	if (next < lab->look_at)
		lab->look_at = next;
	if (lab->look_later && lab->look_later < lab->look_at)
		lab->look_at = lab->look_later;
	/* Without a capture nothing wakes us when a delayed ACK comes. With one, a segment wakes us
	 * before the kernel is done with it: what it did is seen a little later. */
	settle = lab->settle + (link_sees(lab) ? SETTLE : SETTLE_BLIND);
	if (pending || t < settle) {
		int64_t age = t - lab->settle;
		int64_t soon = t + (age < NS_PER_MS ? NS_PER_MS : age);

		if (pending && soon > t + 20 * NS_PER_MS)
			soon = t + 20 * NS_PER_MS;
		if (soon < lab->look_at)
			lab->look_at = soon;
	}
}
