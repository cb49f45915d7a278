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

struct parcel *parcel_add(struct parcels *parcels, unsigned most, const struct packet *packet)
{
	struct parcel *parcel;

	if (parcels->count == most)
		return NULL;
	if (parcels->count == parcels->room) {
		parcels->room = parcels->room ? 2 * parcels->room : 16;
		parcels->at = xrealloc(parcels->at, parcels->room * sizeof(*parcels->at));
	}
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
			   unsigned conn, const struct packet *packet, bool *overlaps)
{
	uint32_t span = packet_span(packet);
	bool probe = packet_probes(conn_at(lab, conn), from, packet);

	*overlaps = false;
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
		if (span && room && before(held->seq, packet->seq + span) &&
		    before(packet->seq, held->seq + room))
			*overlaps = true;
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

	memmove(parcels->at + at, parcels->at + at + 1,
		(--parcels->count - at) * sizeof(*parcels->at));
	return taken;
}

void parcel_put(struct parcels *parcels, const struct parcel *parcel)
{
	unsigned at = parcels->count++; /* there is room: it was just taken */

	for (; at && parcels->at[at - 1].id > parcel->id; at--)
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
	free(parcels->at);
	*parcels = (struct parcels){0};
}

bool parcel_arrived(const struct lab *lab, const struct parcel *parcel)
{
	const struct conn *conn = conn_at(lab, parcel->conn);
	uint32_t span = packet_span(&parcel->packet);

	return conn && span && conn->end[parcel->from].arrived_known &&
	       !before(conn->end[parcel->from].arrived_end, parcel->packet.seq + span);
}

struct parcel *parcel_next(const struct lab *lab, struct parcels *parcels, enum side from,
			   bool repeats)
{
	struct parcel *repeat = NULL;

	for (unsigned i = 0; i < parcels->count; i++) {
		struct parcel *parcel = &parcels->at[i];

		if (from != SIDE_NONE && parcel->from != from)
			continue;
		if (!parcel->overlaps && !parcel_arrived(lab, parcel))
			return parcel;
		if (!repeat)
			repeat = parcel;
	}
	return repeats ? repeat : NULL;
}
