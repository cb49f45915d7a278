/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.c - the two hosts, and reading what they send. */
#include "wire.h"

#include "mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TURN_MOST 512 /* packets a turn, so that nothing else starves */
#define WINDOW (2 * NS_PER_MS)
#define MANY 32 /* segments a window: bulk */
#define DROPS_AFTER (50 * NS_PER_MS)

/* How many times the sender has sent just this. */
static unsigned times_sent(struct conn_end *end, const struct packet *packet)
{
	uint32_t span = packet_span(packet), upto = packet->seq + span;

	if (!span)
		return 1;
	if (!end->sent_known || (int32_t)(upto - end->sent_end) > 0) {
		end->sent_end = upto;
		end->sent_known = true;
		return 1;
	}
	for (unsigned i = 0; i < end->nrepeats && i < REPEATS_MAX; i++) {
		struct repeat *repeat = &end->repeats[i];

		if (repeat->seq == packet->seq && repeat->span == span)
			return ++repeat->times;
	}
	end->repeats[end->nrepeats++ % REPEATS_MAX] = (struct repeat){packet->seq, span, 2};
	return 2;
}

#define KEPT_MOST 600 /* bytes of a packet that is no segment */

static void packet_tell(struct lab *lab, enum side from, const uint8_t *bytes, size_t len,
			bool gone)
{
	const uint16_t kept = (uint16_t)(len < KEPT_MOST ? len : KEPT_MOST);
	const char *type = icmp_type_name(bytes, len);
	struct event event = {.kind = EVENT_LINK, .side = SIDE_NONE, .t = lab_now(lab)};
	char what[200], text[256];

	/* What did not get there is no ICMP to that side. */
	if (type && !gone) {
		event.kind = EVENT_ICMP;
		event.side = from;
		event.icmp.to = side_other(from);
		event.icmp.type = type;
		event.icmp.raw = bytes;
		event.icmp.raw_len = kept;
	} else {
		packet_describe(bytes, len, what, sizeof(what));
		snprintf(text, sizeof(text), "from the %s: %s%s", side_name(from), what,
			 gone ? ", lost" : "");
		event.note.text = text;
		event.note.wire = wire_told(lab->wire);
		event.note.raw = bytes;
		event.note.raw_len = kept;
		event.note.raw_full = (uint16_t)len;
	}
	stage_add(lab, &event);
}

/* Anything but a TCP segment from this host to the other: carried, and told for what it is. */
static void packet_take(struct lab *lab, enum side from, const uint8_t *bytes, size_t len)
{
	struct wire *wire = lab->wire;
	struct packet packet = {.raw = bytes, .raw_len = len};
	bool gone = wire->state.cut || wire->host[side_other(from)].down;

	packet_tell(lab, from, bytes, len, gone);
	if (!gone)
		wire_write(lab, side_other(from), &packet);
}

static void wire_take(struct lab *lab, enum side from, const uint8_t *bytes, size_t len, int64_t t)
{
	struct wire *wire = lab->wire;
	struct crossing crossing = {.from = from, .sent = 1};
	struct packet packet;

	if (len && bytes[0] >> 4 == 6)
		return; /* nobody has asked for it */
	if (!packet_decode(bytes, len, len, &packet) || packet.src != wire->host[from].addr ||
	    packet.dst != wire->host[side_other(from)].addr) {
		packet_take(lab, from, bytes, len);
		return;
	}
	/* Not before what was delivered since it was read: it comes after that. */
	packet.t = t > wire->moved ? t : wire->moved;
	crossing.conn = conn_of_segment(lab, from, &packet);
	if (crossing.conn) {
		conn_sent(crossing.conn, from, &packet);
		crossing.sent = times_sent(&crossing.conn->end[from], &packet);
	}
	wire_decide(lab, &crossing, &packet);
}

/* Read up to so many packets, then carry them: between a read and a write the kernel forgets what
 * it had at hand. */
static unsigned wire_read(struct lab *lab, enum side from, unsigned most)
{
	struct wire *wire = lab->wire;
	uint32_t ends[RUN_MOST];
	unsigned count = 0;
	size_t used = 0;
	int64_t t;

	while (count < most && RUN_BYTES - used >= PACKET_MOST && wire->host[from].tun >= 0) {
		ssize_t got = read(wire->host[from].tun, wire->run + used, PACKET_MOST);

		/* Somebody in the host has deleted it. */
		if (got < 0 && errno == EBADFD)
			wire->lost[from] = true;
		if (got <= 0)
			break;
		used += (size_t)got;
		ends[count++] = (uint32_t)used;
	}
	t = lab_now(lab);
	for (unsigned i = 0; i < count; i++) {
		uint32_t begin = i ? ends[i - 1] : 0;

		wire_take(lab, from, wire->run + begin, ends[i] - begin, t);
	}
	return count;
}

static unsigned late_deliver(struct lab *lab)
{
	struct parcels *late = &lab->wire->late;
	unsigned count = 0;

	while (late->count && late->at[0].due <= lab_now(lab) && count < TURN_MOST) {
		struct parcel taken = parcel_take(late, &late->at[0]);

		wire_release(lab, &taken, FATE_DELIVERED);
		count++;
	}
	return count;
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
	unsigned late = late_deliver(lab), total = 0, got;

	do {
		got = 0;
		for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			got += wire_read(lab, side, wire->bulk ? RUN_MOST : 1);
		total += got;
		burst_count(wire, got, total, lab_now(lab));
	} while (got && total < TURN_MOST);
	if (total && wire->drops_at == NEVER)
		wire->drops_at = lab_now(lab) + DROPS_AFTER;
	drops_check(lab);
	return total + late;
}

static bool any_next(const unsigned next[3])
{
	return next[SIDE_CLIENT] || next[SIDE_SERVER] || next[WIRE_ANY];
}

struct wire_state wire_told(const struct wire *wire)
{
	struct wire_state state = wire->state;

	state.next_drop = any_next(wire->drop_next);
	state.next_duplicate = any_next(wire->duplicate_next);
	state.next_reorder = any_next(wire->reorder_next);
	return state;
}

int64_t wire_deadline(const struct lab *lab)
{
	const struct wire *wire = lab->wire;
	int64_t next = wire->drops_at;

	if (wire->late.count && wire->late.at[0].due < next)
		next = wire->late.at[0].due;
	return next;
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
