/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.c - the cable: what one host has sent is read, judged, and written to the other. */
#include "wire.h"

#include "mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TURN_MOST 512 /* packets a turn, so that nothing else starves */
#define RUN_MOST 64   /* from one side before the other's turn, in bulk */
#define WINDOW (2 * NS_PER_MS)
#define MANY 32 /* segments a window: bulk */
#define DROPS_AFTER (50 * NS_PER_MS)
#define PARKED_MOST NS_PER_S /* then a segment that none overtakes goes on */

static enum side other(enum side side)
{
	return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

static struct packet packet_at(const struct packet *packet, int64_t t)
{
	struct packet copy = *packet;

	copy.t = t;
	return copy;
}

/* Both ends, as they are just now. */
static void ends_now(struct lab *lab, struct conn *conn, bool info)
{
	if (!conn)
		return;
	conn->dead = false;
	conn_look(lab, conn, info);
	conn_reconcile(lab, conn, lab_now(lab));
}

/* In bulk a look would cost more than the delivery. A segment without SYN, FIN or RST between two
 * ends that are ESTABLISHED moves neither. */
static bool packet_plain(const struct wire *wire, const struct conn *conn,
			 const struct packet *packet)
{
	return wire->bulk && conn && !(packet->flags & (TH_S | TH_F | TH_R)) &&
	       conn->end[SIDE_CLIENT].state == STATE_ESTABLISHED &&
	       conn->end[SIDE_SERVER].state == STATE_ESTABLISHED &&
	       conn->end[SIDE_CLIENT].shadow == STATE_ESTABLISHED &&
	       conn->end[SIDE_SERVER].shadow == STATE_ESTABLISHED && !wire->held.count;
}

static void snapshots_take(struct lab *lab)
{
	int64_t t = lab_now(lab);

	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++)
		snapshot_take(lab, side, t, false);
	lab->moved = false;
}

/* Before a delivery moves an end on, what it came to by itself is shown whole. */
static void ends_show(struct lab *lab, struct conn *conn)
{
	ends_now(lab, conn, false);
	if (lab->moved)
		snapshots_take(lab);
}

static void wire_write(struct lab *lab, enum side to, const struct packet *packet)
{
	ssize_t put = write(lab->wire->host[to].tun, packet->raw, packet->raw_len);

	if (put < 0)
		stage_note(lab, EVENT_LINK, SIDE_NONE, "the %s's host refuses a packet: %s (%s)",
			   side_name(to), errno_name(errno), strerror(errno));
}

static void arrived(struct conn *conn, enum side from, const struct packet *packet)
{
	struct conn_end *end = &conn->end[from];
	uint32_t span = packet_span(packet), upto = packet->seq + span;

	if (span && (!end->arrived_known || (int32_t)(upto - end->arrived_end) > 0)) {
		end->arrived_end = upto;
		end->arrived_known = true;
	}
	conn_arrived(conn, other(from), packet);
}

struct crossing {
	uint32_t id;
	struct conn *conn; /* NULL: of none */
	enum side from;
	unsigned sent;
};

static void wire_deliver(struct lab *lab, const struct crossing *crossing,
			 const struct packet *packet, enum fate fate)
{
	struct wire *wire = lab->wire;
	enum side to = other(crossing->from);
	struct conn *conn = crossing->conn;
	bool plain = packet_plain(wire, conn, packet);
	struct packet now = *packet;

	if (wire->host[to].down) {
		segment_stage(lab, conn, crossing->from, packet, crossing->id, FATE_SILENCED,
			      crossing->sent);
		return;
	}
	if (!plain) {
		ends_show(lab, conn);
		now.t = lab_now(lab);
	}
	segment_stage(lab, conn, crossing->from, &now, crossing->id, fate, crossing->sent);
	wire_write(lab, to, packet);
	if (!conn)
		return;
	arrived(conn, crossing->from, &now);
	if (plain)
		return;
	ends_now(lab, conn, true);
	snapshots_take(lab);
}

static struct crossing crossing_of(const struct lab *lab, const struct parcel *parcel)
{
	return (struct crossing){parcel->id, conn_at(lab, parcel->conn), parcel->from,
				 parcel->sent};
}

/* A router that cannot reach the receiver tells the sender so. */
static void wire_answer(struct lab *lab, const struct crossing *crossing,
			const struct packet *packet)
{
	struct wire *wire = lab->wire;
	uint8_t bytes[600];
	struct packet icmp = {.raw = bytes};
	struct event event = {.kind = EVENT_ICMP, .side = SIDE_NONE};

	icmp.raw_len = icmp_unreachable(wire->state.unreachable, packet, bytes, sizeof(bytes));
	segment_stage(lab, crossing->conn, crossing->from, packet, crossing->id, FATE_UNREACHABLE,
		      crossing->sent);
	if (wire->host[crossing->from].down)
		return;
	ends_show(lab, crossing->conn);
	event.t = lab_now(lab);
	event.conn = crossing->conn ? crossing->conn->id : 0;
	event.icmp.to = crossing->from;
	event.icmp.type = unreachable_name(wire->state.unreachable);
	event.icmp.raw = bytes;
	event.icmp.raw_len = (uint16_t)icmp.raw_len;
	stage_add(lab, &event);
	wire_write(lab, crossing->from, &icmp);
	ends_now(lab, crossing->conn, true);
	snapshots_take(lab);
}

/* What becomes of a segment that meets the cable: it gets across, or not. */
static void wire_pass(struct lab *lab, const struct crossing *crossing, const struct packet *packet,
		      enum fate fate)
{
	struct wire *wire = lab->wire;

	if (wire->state.cut)
		segment_stage(lab, crossing->conn, crossing->from, packet, crossing->id, FATE_CUT,
			      crossing->sent);
	else if (wire->state.unreachable)
		wire_answer(lab, crossing, packet);
	else
		wire_deliver(lab, crossing, packet, fate);
}

void wire_deliver_copy(struct lab *lab, const struct parcel *parcel, enum fate fate)
{
	struct crossing crossing = crossing_of(lab, parcel);
	struct packet packet = packet_at(&parcel->packet, lab_now(lab));

	wire_pass(lab, &crossing, &packet, fate);
}

void wire_release(struct lab *lab, struct parcel *parcel, enum fate fate)
{
	wire_deliver_copy(lab, parcel, fate);
	parcel_clear(parcel);
}

void wire_lose(struct lab *lab, struct parcel *parcel, enum fate fate)
{
	struct packet packet = packet_at(&parcel->packet, lab_now(lab));

	segment_stage(lab, conn_at(lab, parcel->conn), parcel->from, &packet, parcel->id, fate,
		      parcel->sent);
	parcel_clear(parcel);
}

/* One of those that were asked for, of this side or of any. */
static bool take_one(unsigned next[3], enum side from)
{
	unsigned *count = next[from] ? &next[from] : &next[WIRE_ANY];

	return *count ? (*count)--, true : false;
}

static void parcel_stage(struct lab *lab, const struct parcel *parcel, enum fate fate)
{
	segment_stage(lab, conn_at(lab, parcel->conn), parcel->from, &parcel->packet, parcel->id,
		      fate, parcel->sent);
}

static void wire_full(struct lab *lab, const struct crossing *crossing, const struct packet *packet)
{
	if (!lab->wire->full_told)
		stage_note(lab, EVENT_LINK, SIDE_NONE,
			   "more segments wait in mid-wire than the lab keeps (%d): dropped",
			   LATE_MAX);
	lab->wire->full_told = true;
	segment_stage(lab, crossing->conn, crossing->from, packet, crossing->id, FATE_DROPPED,
		      crossing->sent);
}

static void wire_hold(struct lab *lab, struct crossing *crossing, const struct packet *packet)
{
	struct wire *wire = lab->wire;
	unsigned conn = crossing->conn ? crossing->conn->id : 0;
	bool overlaps;
	struct parcel *parcel =
		parcel_like(lab, &wire->held, crossing->from, conn, packet, &overlaps);

	if (parcel) {
		parcel_renew(parcel, packet);
	} else {
		crossing->id = ++lab->segments;
		parcel = parcel_add(&wire->held, HELD_MAX, packet);
		if (!parcel) {
			wire_full(lab, crossing, packet);
			return;
		}
		parcel->id = crossing->id;
		parcel->conn = conn;
		parcel->from = crossing->from;
		parcel->sent = crossing->sent;
		parcel->overlaps = overlaps;
	}
	parcel_stage(lab, parcel, FATE_HELD);
}

static void wire_delay(struct lab *lab, const struct crossing *crossing,
		       const struct packet *packet, int64_t delay, bool parked)
{
	struct parcels *late = &lab->wire->late;
	struct parcel *parcel = parcel_add(late, LATE_MAX, packet), last;
	unsigned at = late->count - 1;

	if (!parcel) {
		wire_full(lab, crossing, packet);
		return;
	}
	parcel->id = crossing->id;
	parcel->conn = crossing->conn ? crossing->conn->id : 0;
	parcel->from = crossing->from;
	parcel->sent = crossing->sent;
	parcel->due = packet->t + delay;
	parcel->parked = parked;
	parcel_stage(lab, parcel, FATE_DELAYED);
	last = *parcel;
	for (; at && late->at[at - 1].due > last.due; at--)
		late->at[at] = late->at[at - 1];
	late->at[at] = last;
}

/* Segments that let this sender's next one overtake them go on now. */
static void parked_release(struct lab *lab, enum side from)
{
	struct parcels *late = &lab->wire->late;

	for (unsigned i = 0; i < late->count;) {
		struct parcel taken;

		if (!late->at[i].parked || late->at[i].from != from) {
			i++;
			continue;
		}
		taken = parcel_take(late, &late->at[i]);
		wire_release(lab, &taken, FATE_DELIVERED);
	}
}

/* The relative numbers are what stays the same from run to run. */
static bool wire_loses(struct lab *lab, const struct crossing *crossing,
		       const struct packet *packet)
{
	const struct conn *conn = crossing->conn;
	uint32_t seq = conn ? conn_relative_seq(conn, crossing->from, packet->seq) : packet->seq;
	uint32_t ack = conn ? conn_relative_ack(conn, crossing->from, packet->ack) : packet->ack;

	return lab->wire->state.loss && loss_strikes(lab->wire, lab->options.seed, crossing->from,
						     seq, packet->flags & TH_A ? ack : 0, packet);
}

static void wire_decide(struct lab *lab, struct crossing *crossing, const struct packet *packet)
{
	struct wire *wire = lab->wire;
	enum side from = crossing->from;
	bool twice;

	if (wire->state.hold[from]) {
		wire_hold(lab, crossing, packet);
		return;
	}
	crossing->id = ++lab->segments;
	if (take_one(wire->drop_next, from)) {
		segment_stage(lab, crossing->conn, from, packet, crossing->id, FATE_DROPPED,
			      crossing->sent);
		return;
	}
	if (!wire->state.cut && !wire->state.unreachable && wire_loses(lab, crossing, packet)) {
		segment_stage(lab, crossing->conn, from, packet, crossing->id, FATE_LOST,
			      crossing->sent);
		return;
	}
	if (wire->reorder_next[from] || wire->reorder_next[WIRE_ANY]) {
		wire->reorder_next[from] = wire->reorder_next[WIRE_ANY] = false;
		wire_delay(lab, crossing, packet, PARKED_MOST, true);
		return;
	}
	if (wire->state.delay && !wire->state.cut && !wire->state.unreachable) {
		wire_delay(lab, crossing, packet, wire->state.delay, false);
		return;
	}
	twice = take_one(wire->duplicate_next, from);
	wire_pass(lab, crossing, packet, FATE_DELIVERED);
	if (twice)
		wire_pass(lab, crossing, packet, FATE_DUPLICATED);
	if (wire->late.count)
		parked_release(lab, from);
}

/* How many times the sender has sent just this. */
static unsigned times_sent(struct conn_end *end, const struct packet *packet)
{
	uint32_t span = packet_span(packet), upto = packet->seq + span;

	if (!span)
		return 1;
	if (end->sent_known && (int32_t)(upto - end->sent_end) <= 0 &&
	    end->again_seq == packet->seq && end->again_span == span)
		return ++end->again;
	if (!end->sent_known || (int32_t)(upto - end->sent_end) > 0) {
		end->sent_end = upto;
		end->sent_known = true;
		end->again = 1;
	} else {
		end->again = 2;
	}
	end->again_seq = packet->seq;
	end->again_span = span;
	return end->again;
}

/* Anything but a TCP segment from this host to the other: carried, and told for what it is. */
static void packet_take(struct lab *lab, enum side from, size_t len)
{
	struct wire *wire = lab->wire;
	struct packet packet = {.raw = wire->bytes, .raw_len = len};
	enum side to = other(from);
	bool gone = wire->state.cut || wire->host[to].down;
	const char *type = icmp_type_name(wire->bytes, len);
	char what[160];

	if (type) {
		struct event event = {.kind = EVENT_ICMP, .side = from, .t = lab_now(lab)};

		event.icmp.to = to;
		event.icmp.type = type;
		event.icmp.raw = wire->bytes;
		event.icmp.raw_len = (uint16_t)(len < 600 ? len : 600);
		stage_add(lab, &event);
	} else {
		stage_note(lab, EVENT_LINK, SIDE_NONE, "from the %s: %s%s", side_name(from),
			   packet_describe(wire->bytes, len, what, sizeof(what)),
			   gone ? ", lost" : "");
	}
	if (!gone)
		wire_write(lab, to, &packet);
}

static void wire_take(struct lab *lab, enum side from, size_t len)
{
	struct wire *wire = lab->wire;
	struct crossing crossing = {.from = from, .sent = 1};
	struct packet packet;

	if (len && wire->bytes[0] >> 4 == 6)
		return; /* nobody has asked for it */
	if (!packet_decode(wire->bytes, len, len, &packet) || packet.src != wire->host[from].addr ||
	    packet.dst != wire->host[other(from)].addr) {
		packet_take(lab, from, len);
		return;
	}
	packet.t = lab_now(lab);
	crossing.conn = conn_of_segment(lab, from, &packet);
	if (crossing.conn) {
		conn_sent(crossing.conn, from, &packet);
		crossing.sent = times_sent(&crossing.conn->end[from], &packet);
	}
	wire_decide(lab, &crossing, &packet);
}

static bool wire_read(struct lab *lab, enum side from)
{
	struct wire *wire = lab->wire;
	ssize_t got;

	if (wire->host[from].tun < 0)
		return false;
	got = read(wire->host[from].tun, wire->bytes, sizeof(wire->bytes));
	/* Somebody in the host has deleted it. */
	if (got < 0 && errno == EBADFD)
		wire->lost[from] = true;
	if (got <= 0)
		return false;
	wire_take(lab, from, (size_t)got);
	return true;
}

static void late_deliver(struct lab *lab)
{
	struct parcels *late = &lab->wire->late;

	while (late->count && late->at[0].due <= lab_now(lab)) {
		struct parcel taken = parcel_take(late, &late->at[0]);

		wire_release(lab, &taken, FATE_DELIVERED);
	}
}

static void drops_check(struct lab *lab)
{
	struct wire *wire = lab->wire;

	if (lab_now(lab) < wire->drops_at)
		return;
	wire->drops_at = NEVER;
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		unsigned more = host_drops(&wire->host[side]);

		if (more)
			stage_note(
				lab, EVENT_LINK, SIDE_NONE,
				"%u packets from the %s are lost: the queue of its device was full",
				more, side_name(side));
	}
}

static void burst_count(struct wire *wire, unsigned packets, unsigned turn, int64_t t)
{
	wire->burst += packets;
	/* So many in a row that the queue was never empty: a machine on which every look is slow
	 * comes no further. */
	if (turn >= MANY)
		wire->bulk = true;
	if (t - wire->burst_t < WINDOW)
		return;
	wire->bulk = wire->burst >= MANY && (turn >= MANY || t - wire->burst_t < 8 * WINDOW);
	wire->burst = 0;
	wire->burst_t = t;
}

unsigned wire_turn(struct lab *lab)
{
	struct wire *wire = lab->wire;
	unsigned total = 0, got;

	late_deliver(lab);
	do {
		got = 0;
		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			for (int i = 0; i < (wire->bulk ? RUN_MOST : 1) && wire_read(lab, side);
			     i++)
				got++;
		total += got;
		burst_count(wire, got, total, lab_now(lab));
	} while (got && total < TURN_MOST);
	if (total && wire->drops_at == NEVER)
		wire->drops_at = lab_now(lab) + DROPS_AFTER;
	drops_check(lab);
	return total;
}

int64_t wire_deadline(const struct lab *lab)
{
	const struct wire *wire = lab->wire;
	int64_t next = wire->drops_at;

	if (wire->late.count && wire->late.at[0].due < next)
		next = wire->late.at[0].due;
	return next;
}

bool wire_mended(const struct wire *wire)
{
	const struct wire_state *state = &wire->state;

	return !state->cut && !state->hold[0] && !state->hold[1] && !state->loss &&
	       !state->unreachable && !state->delay && !wire->held.count && !wire->late.count;
}

int wire_watch(struct lab *lab, enum side side)
{
	struct epoll_event event = {.events = EPOLLIN};

	event.data.fd = lab->wire->host[side].tun;
	return epoll_ctl(lab->poll, EPOLL_CTL_ADD, event.data.fd, &event);
}

int wire_start(struct lab *lab, struct err *err)
{
	struct wire *wire = xcalloc(1, sizeof(*wire));

	lab->wire = wire;
	wire->state.on = true;
	wire->drops_at = NEVER;
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		wire->host[side] = (struct host){.ns = -1, .tun = -1, .devices = -1};
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (host_start(&wire->host[side], side, &lab->settings, lab->life_read, err) ||
		    wire_watch(lab, side)) {
			wire_free(lab);
			return -1;
		}
	return 0;
}

void wire_forget(struct lab *lab)
{
	struct parcels *waiting[] = {&lab->wire->held, &lab->wire->late};

	for (int i = 0; i < 2; i++)
		while (waiting[i]->count) {
			struct parcel parcel = parcel_take(waiting[i], &waiting[i]->at[0]);

			wire_lose(lab, &parcel, FATE_DROPPED);
		}
	ends_vanish(lab, SIDE_CLIENT);
	ends_vanish(lab, SIDE_SERVER);
}

void wire_free(struct lab *lab)
{
	struct wire *wire = lab->wire;

	if (!wire)
		return;
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		host_end(&wire->host[side]);
	parcels_clear(&wire->held);
	parcels_clear(&wire->late);
	free(wire);
	lab->wire = NULL;
}
