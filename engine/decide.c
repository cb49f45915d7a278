/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decide.c - what becomes of a segment that a host has sent. */
#include "wire.h"

#define PARKED_MOST NS_PER_S /* then a segment that none overtakes goes on */

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

static void wire_full(struct lab *lab, const struct crossing *crossing, const struct packet *packet,
		      int most)
{
	if (!lab->wire->full_told)
		stage_note(lab, EVENT_LINK, SIDE_NONE,
			   "more segments wait in mid-wire than the lab keeps (%d): dropped", most);
	lab->wire->full_told = true;
	segment_stage(lab, crossing->conn, crossing->from, packet, crossing->id, FATE_DROPPED,
		      crossing->sent);
}

static void wire_hold(struct lab *lab, struct crossing *crossing, const struct packet *packet)
{
	struct wire *wire = lab->wire;
	unsigned conn = crossing->conn ? crossing->conn->id : 0;
	struct parcel *parcel = parcel_like(lab, &wire->held, crossing->from, conn, packet);

	if (parcel) {
		parcel_renew(parcel, packet);
	} else {
		crossing->id = ++lab->segments;
		parcel = parcel_add(&wire->held, HELD_MAX, packet);
		if (!parcel) {
			wire_full(lab, crossing, packet, HELD_MAX);
			return;
		}
		parcel->id = crossing->id;
		parcel->conn = conn;
		parcel->from = crossing->from;
		parcel->sent = crossing->sent;
	}
	parcel_stage(lab, parcel, FATE_HELD);
}

void wire_stop(struct lab *lab, enum side from)
{
	struct parcels *held = &lab->wire->held, *late = &lab->wire->late;

	for (unsigned i = 0; i < late->count;) {
		struct parcel taken;

		if (late->at[i].from != from) {
			i++;
			continue;
		}
		taken = parcel_take(late, &late->at[i]);
		if (held->count == HELD_MAX) {
			wire_lose(lab, &taken, FATE_DROPPED);
			continue;
		}
		taken.t = taken.packet.t = lab_now(lab);
		taken.due = NEVER;
		taken.twice = taken.parked = false;
		parcel_stage(lab, &taken, FATE_HELD);
		parcel_put(held, &taken);
	}
}

/* Behind all that are due by then. Returns its place. */
static struct parcel *late_put(struct parcels *late, struct parcel parcel)
{
	unsigned at;

	parcels_widen(late);
	for (at = late->count++; at && late->at[at - 1].due > parcel.due; at--)
		late->at[at] = late->at[at - 1];
	late->at[at] = parcel;
	return &late->at[at];
}

/* NULL: there are too many. */
static struct parcel *wire_delay(struct lab *lab, const struct crossing *crossing,
				 const struct packet *packet, int64_t delay)
{
	struct parcels *late = &lab->wire->late;
	struct parcel *parcel = parcel_add(late, LATE_MAX, packet);

	if (!parcel) {
		wire_full(lab, crossing, packet, LATE_MAX);
		return NULL;
	}
	parcel->id = crossing->id;
	parcel->conn = crossing->conn ? crossing->conn->id : 0;
	parcel->from = crossing->from;
	parcel->sent = crossing->sent;
	parcel->due = packet->t + delay;
	parcel_stage(lab, parcel, FATE_DELAYED);
	return late_put(late, parcel_take(late, parcel));
}

static struct parcel *parked_find(struct parcels *late, enum side from)
{
	for (unsigned i = 0; i < late->count; i++)
		if (late->at[i].parked && late->at[i].from == from)
			return &late->at[i];
	return NULL;
}

/* Segments that let this sender's next one overtake them go on now. */
static void parked_release(struct lab *lab, enum side from)
{
	struct parcels *late = &lab->wire->late;
	struct parcel *parcel, taken;

	while ((parcel = parked_find(late, from))) {
		taken = parcel_take(late, parcel);
		wire_release(lab, &taken, FATE_DELIVERED);
	}
}

/* ... or, where that one is late, right behind it. */
static void parked_follow(struct parcels *late, enum side from, int64_t due)
{
	struct parcel *parcel, taken;

	while ((parcel = parked_find(late, from))) {
		taken = parcel_take(late, parcel);
		taken.parked = false;
		taken.due = due;
		late_put(late, taken);
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

static void crossing_decide(struct lab *lab, struct crossing *crossing, const struct packet *packet)
{
	struct wire *wire = lab->wire;
	enum side from = crossing->from;
	struct parcel *parcel;
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
	if (take_one(wire->reorder_next, from)) {
		parcel = wire_delay(lab, crossing, packet, PARKED_MOST);
		if (parcel)
			parcel->parked = true;
		return;
	}
	twice = take_one(wire->duplicate_next, from);
	if (wire->state.delay && !wire->state.cut && !wire->state.unreachable) {
		parcel = wire_delay(lab, crossing, packet, wire->state.delay);
		if (parcel)
			parcel->twice = twice;
		parked_follow(&wire->late, from, packet->t + wire->state.delay);
		return;
	}
	wire_pass(lab, crossing, packet, FATE_DELIVERED);
	if (twice)
		wire_pass(lab, crossing, packet, FATE_DUPLICATED);
	if (wire->late.count)
		parked_release(lab, from);
}

void wire_decide(struct lab *lab, struct crossing *crossing, const struct packet *packet)
{
	struct wire_state was = wire_told(lab->wire), is;

	crossing_decide(lab, crossing, packet);
	if (!was.next_drop && !was.next_duplicate && !was.next_reorder)
		return;
	/* The last of those that were asked for has come: the cable is as it was. */
	is = wire_told(lab->wire);
	if (was.next_drop != is.next_drop || was.next_duplicate != is.next_duplicate ||
	    was.next_reorder != is.next_reorder)
		stage_note(lab, EVENT_LINK, SIDE_NONE, "no more are %s",
			   was.next_drop != is.next_drop	     ? "dropped"
			   : was.next_duplicate != is.next_duplicate ? "duplicated"
								     : "reordered");
}
