/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crossing.c - a segment crosses the cable: both ends are looked at before and after. */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

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

/* Both ends before a delivery, or after it. One that has moved is shown whole, in bulk too: before
 * the delivery moves it on. */
static void ends_show(struct lab *lab, struct conn *conn, bool after)
{
	bool half;

	ends_now(lab, conn, after);
	half = lab->moved && (!after || lab->spared);
	if (lab->moved)
		ends_spare_nothing(lab);
	if (half)
		ends_now(lab, conn, true);
	if (lab->moved || after)
		snapshots_take(lab);
}

void wire_write(struct lab *lab, enum side to, const struct packet *packet)
{
	ssize_t put = write(lab->wire->host[to].tun, packet->raw, packet->raw_len);

	if (put < 0)
		stage_note(lab, EVENT_LINK, SIDE_NONE, "the %s's host refuses a packet: %s (%s)",
			   side_name(to), errno_name(errno), strerror(errno));
}

static void wire_deliver(struct lab *lab, const struct crossing *crossing,
			 const struct packet *packet, enum fate fate)
{
	struct wire *wire = lab->wire;
	enum side to = side_other(crossing->from);
	struct conn *conn = crossing->conn;
	bool plain = packet_plain(wire, conn, packet), missing;
	struct packet now = *packet;

	if (wire->host[to].down) {
		segment_stage(lab, conn, crossing->from, packet, crossing->id, FATE_SILENCED,
			      crossing->sent);
		return;
	}
	if (!plain)
		ends_show(lab, conn, false);
	missing = conn && conn->end[to].missed;
	now.t = lab_now(lab);
	segment_stage(lab, conn, crossing->from, &now, crossing->id, fate, crossing->sent);
	wire_write(lab, to, packet);
	wire->moved = now.t;
	if (!conn)
		return;
	packet_arrives(&conn->end[crossing->from], &now);
	/* A socket that is not there is not moved: its RST lies unread in the device. */
	if (!missing)
		conn_arrived(conn, to, &now);
	if (!plain)
		ends_show(lab, conn, true);
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
	ends_show(lab, crossing->conn, false);
	event.t = lab_now(lab);
	event.conn = crossing->conn ? crossing->conn->id : 0;
	event.icmp.to = crossing->from;
	event.icmp.type = unreachable_name(wire->state.unreachable);
	event.icmp.raw = bytes;
	event.icmp.raw_len = (uint16_t)icmp.raw_len;
	stage_add(lab, &event);
	wire_write(lab, crossing->from, &icmp);
	ends_show(lab, crossing->conn, true);
}

/* What becomes of a segment that meets the cable: it gets across, or not. */
void wire_pass(struct lab *lab, const struct crossing *crossing, const struct packet *packet,
	       enum fate fate)
{
	struct wire *wire = lab->wire;
	bool across = !wire->state.cut && !wire->state.unreachable &&
		      !wire->host[side_other(crossing->from)].down;

	if (fate == FATE_DUPLICATED && !across)
		return;
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
	if (parcel->twice)
		wire_deliver_copy(lab, parcel, FATE_DUPLICATED);
	parcel_clear(parcel);
}

void wire_lose(struct lab *lab, struct parcel *parcel, enum fate fate)
{
	struct packet packet = packet_at(&parcel->packet, lab_now(lab));

	segment_stage(lab, conn_at(lab, parcel->conn), parcel->from, &packet, parcel->id, fate,
		      parcel->sent);
	parcel_clear(parcel);
}
