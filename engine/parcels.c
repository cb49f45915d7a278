/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parcels.c - the segments that wait in mid-wire, and which of them is next. */
#include "mem.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static void parcel_fill(struct parcel *parcel, const struct packet *packet)
{
	parcel->len = packet->raw_len;
	parcel->bytes = xrealloc(parcel->bytes, packet->raw_len);
	memcpy(parcel->bytes, packet->raw, packet->raw_len);
	parcel->packet = *packet;
	parcel->packet.raw = parcel->bytes;
	parcel->t = packet->t;
}

void parcels_widen(struct parcels *parcels)
{
	size_t gone = (size_t)(parcels->at - parcels->all);

	if (gone + parcels->count < parcels->room)
		return;
	if (gone && gone >= parcels->room / 2) {
		memmove(parcels->all, parcels->at, parcels->count * sizeof(*parcels->at));
		parcels->at = parcels->all;
		return;
	}
	parcels->room = parcels->room ? 2 * parcels->room : 16;
	parcels->all = xrealloc(parcels->all, parcels->room * sizeof(*parcels->all));
	parcels->at = parcels->all + gone;
}

struct parcel *parcel_add(struct parcels *parcels, unsigned most, const struct packet *packet)
{
	struct parcel *parcel;

	if (parcels->count == most)
		return NULL;
	parcels_widen(parcels);
	parcel = &parcels->at[parcels->count++];
	*parcel = (struct parcel){.sent = 1, .due = NEVER};
	parcel_fill(parcel, packet);
	return parcel;
}

uint32_t packet_span(const struct packet *packet)
{
	return packet->len + !!(packet->flags & TH_S) + !!(packet->flags & TH_F);
}

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* A probe of a closed window or of an idle peer has the number before the one that is due, and
 * nothing in it: the same again is that probe again. */
static bool packet_probes(const struct conn *conn, enum side from, const struct packet *packet)
{
	return conn && packet->flags == TH_A && !packet->len && conn->end[from].sent_known &&
	       before(packet->seq, conn->end[from].sent_end);
}

struct parcel *parcel_like(const struct lab *lab, struct parcels *parcels, enum side from,
			   unsigned conn, const struct packet *packet)
{
	uint32_t span = packet_span(packet);
	bool probe = packet_probes(conn_at(lab, conn), from, packet);

	for (unsigned i = 0; i < parcels->count && (span || probe); i++) {
		struct parcel *parcel = &parcels->at[i];
		const struct packet *held = &parcel->packet;
		uint32_t room = packet_span(held);

		if (parcel->from != from || parcel->conn != conn || held->sport != packet->sport ||
		    (held->flags ^ packet->flags) & (TH_S | TH_R))
			continue;
		/* One that acknowledges more than the held one would change what that one does:
		 * with a newer ACK in it, the FIN of a simultaneous close leads past CLOSING. */
		if (held->seq == packet->seq && room == span && held->ack == packet->ack &&
		    (span || held->flags == TH_A))
			return parcel;
	}
	return NULL;
}

void parcel_renew(struct parcel *parcel, const struct packet *packet)
{
	parcel_fill(parcel, packet);
	parcel->sent++;
}

struct parcel parcel_take(struct parcels *parcels, const struct parcel *parcel)
{
	size_t at = (size_t)(parcel - parcels->at);
	struct parcel taken = *parcel;

	parcels->count--;
	if (!at)
		parcels->at++;
	else
		memmove(parcels->at + at, parcels->at + at + 1,
			(parcels->count - at) * sizeof(*parcels->at));
	return taken;
}

void parcel_put(struct parcels *parcels, const struct parcel *parcel)
{
	unsigned at;

	parcels_widen(parcels);
	for (at = parcels->count++; at && parcels->at[at - 1].id > parcel->id; at--)
		parcels->at[at] = parcels->at[at - 1];
	parcels->at[at] = *parcel;
}

void parcel_clear(struct parcel *parcel)
{
	free(parcel->bytes);
	parcel->bytes = NULL;
}

void parcels_clear(struct parcels *parcels)
{
	for (unsigned i = 0; i < parcels->count; i++)
		parcel_clear(&parcels->at[i]);
	free(parcels->all);
	*parcels = (struct parcels){0};
}

static bool gap_meets(const struct gap *gap, uint32_t from, uint32_t upto)
{
	return before(gap->from, upto) && before(from, gap->upto);
}

/* One too many is forgotten: it only decides who is next. */
static void gap_add(struct conn_end *end, uint32_t from, uint32_t upto)
{
	if (before(from, upto) && end->ngaps < GAPS_MAX)
		end->gaps[end->ngaps++] = (struct gap){from, upto};
}

void packet_arrives(struct conn_end *end, const struct packet *packet)
{
	uint32_t span = packet_span(packet), from = packet->seq, upto = from + span;

	if (!span)
		return;
	for (unsigned i = end->ngaps; i-- > 0;) {
		struct gap gap = end->gaps[i];

		if (!gap_meets(&gap, from, upto))
			continue;
		end->gaps[i] = end->gaps[--end->ngaps];
		gap_add(end, gap.from, from);
		gap_add(end, upto, gap.upto);
	}
	if (end->arrived_known && before(end->arrived_end, from))
		gap_add(end, end->arrived_end, from);
	if (!end->arrived_known || before(end->arrived_end, upto))
		end->arrived_end = upto;
	end->arrived_known = true;
}

/* The first number from here on that has not arrived. */
static uint32_t arrived_from(const struct conn_end *end, uint32_t from)
{
	uint32_t next = from;

	if (end->arrived_known && before(from, end->arrived_end))
		next = end->arrived_end;
	for (unsigned i = 0; i < end->ngaps; i++) {
		const struct gap *gap = &end->gaps[i];

		if (before(gap->from, next) && before(from, gap->upto))
			next = before(gap->from, from) ? from : gap->from;
	}
	return next;
}

/* Has all that it brings arrived before, or do those in front of it bring it? */
static bool parcel_repeats(const struct lab *lab, const struct parcels *parcels, unsigned at)
{
	const struct parcel *parcel = &parcels->at[at];
	const struct conn *conn = conn_at(lab, parcel->conn);
	uint32_t from = parcel->packet.seq, upto = from + packet_span(&parcel->packet), was;

	if (!conn || from == upto)
		return false;
	do {
		was = from;
		from = arrived_from(&conn->end[parcel->from], from);
		for (unsigned i = 0; i < at && before(from, upto); i++) {
			const struct parcel *other = &parcels->at[i];
			struct gap brings = {other->packet.seq,
					     other->packet.seq + packet_span(&other->packet)};

			if (other->from == parcel->from && other->conn == parcel->conn &&
			    !before(from, brings.from) && before(from, brings.upto))
				from = brings.upto;
		}
	} while (from != was && before(from, upto));
	return !before(from, upto);
}

struct parcel *parcel_next(const struct lab *lab, struct parcels *parcels, enum side from,
			   bool repeats)
{
	struct parcel *repeat = NULL;

	for (unsigned i = 0; i < parcels->count; i++) {
		struct parcel *parcel = &parcels->at[i];

		if (from != SIDE_NONE && parcel->from != from)
			continue;
		if (!parcel_repeats(lab, parcels, i))
			return parcel;
		if (!repeat)
			repeat = parcel;
	}
	return repeats ? repeat : NULL;
}
