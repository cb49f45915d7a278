/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_H
#define WIRE_H

#include "core.h"
#include "host.h"

/*
 * wire.h - two hosts, and the lab as the cable between them.
 *
 *   TUN of the sender ─ read ─▶ decide ─┬▶ deliver ─ write ─▶ TUN of the receiver
 *                                       ├▶ held  ── release, drop, duplicate, reorder
 *                                       ├▶ late  ── when its time has come
 *                                       └▶ lost, cut, unreachable (an ICMP goes back)
 *
 * Deliveries are serial, and both ends are looked at before and after each of them.
 */

/* A segment that waits in mid-wire. */
struct parcel {
	uint32_t id;
	unsigned conn; /* 0: of none */
	enum side from;
	unsigned sent;	/* how often its sender has sent it */
	int64_t t;	/* when the newest copy was sent */
	int64_t due;	/* a delayed one: when it is delivered */
	bool parked;	/* waits for the next one to overtake it */
	bool twice;	/* is delivered twice */
	uint8_t *bytes; /* owned: the newest copy */
	size_t len;
	struct packet packet; /* points into bytes */
};

/* In the order in which they were first sent. */
struct parcels {
	struct parcel *at;
	unsigned count, room; /* room: from `all` on */
	struct parcel *all;   /* the first is taken most: `at` then moves on in it */
};

#define HELD_MAX 4096
#define LATE_MAX 32768
#define PACKET_MOST 65536
#define RUN_MOST 64 /* packets read from one side before the other's turn, in bulk */
#define RUN_BYTES (RUN_MOST * 2048 + PACKET_MOST)
#define WIRE_ANY 2 /* an index beside SIDE_CLIENT and SIDE_SERVER: whoever sends next */

struct wire {
	struct host host[2];
	struct wire_state state;
	struct parcels held, late;
	/* What shall happen to the next segments, where nothing is on hold. */
	unsigned drop_next[3], duplicate_next[3], reorder_next[3];
	uint8_t draws[1024]; /* how often a segment's like was drawn for: loss.c */
	unsigned burst;	     /* segments since burst_t */
	int64_t burst_t;
	bool bulk;	  /* so many come that plain ones are not looked at one by one */
	int64_t moved;	  /* when something was delivered last */
	int64_t drops_at; /* when the queues' drop counters are read next; NEVER */
	bool full_told;
	bool lost[2]; /* the host's device is gone, though the lab has not taken it away */
	uint8_t run[RUN_BYTES]; /* the packets just read, one behind the other */
};

/* wire.c */
/* Both hosts anew, and the cable plain. -1: what the machine refused. */
int wire_start(struct lab *lab, struct err *err);
void wire_free(struct lab *lab);
/* The hosts are about to end: what waits in mid-wire is dropped, what they had is gone. */
void wire_forget(struct lab *lab);
/* Be woken by what this side's host sends. */
int wire_watch(struct lab *lab, enum side side);
/* Read what the hosts have sent and deliver what is due; returns how many packets that were. */
unsigned wire_turn(struct lab *lab);
/* The cable as a note tells of it: its state, and what waits for segments yet to come. */
struct wire_state wire_told(const struct wire *wire);
int64_t wire_deadline(const struct lab *lab); /* NEVER: nothing is due without a cause */

/* crossing.c */
struct crossing {
	uint32_t id;
	struct conn *conn; /* NULL: of none */
	enum side from;
	unsigned sent;
};
void wire_write(struct lab *lab, enum side to, const struct packet *packet);
/* A segment meets the cable: it gets across with this fate, unless that is cut or answers. */
void wire_pass(struct lab *lab, const struct crossing *crossing, const struct packet *packet,
	       enum fate fate);
/* Deliver a parcel that waited, with this fate; what it has (not its place) is freed. */
void wire_release(struct lab *lab, struct parcel *parcel, enum fate fate);
/* A copy crosses first, the parcel stays. */
void wire_deliver_copy(struct lab *lab, const struct parcel *parcel, enum fate fate);
void wire_lose(struct lab *lab, struct parcel *parcel, enum fate fate);

/* decide.c */
/* Hold, drop, lose, delay, reorder, duplicate or simply pass it on; gives it its id. */
void wire_decide(struct lab *lab, struct crossing *crossing, const struct packet *packet);
/* What is late and comes from this side is held from now on. */
void wire_stop(struct lab *lab, enum side from);

/* task_host.c */
/* The hosts whose device is gone have crashed. */
void hosts_check(struct lab *lab);

/* parcels.c */
/* Make room for one more behind the last; moves them. */
void parcels_widen(struct parcels *parcels);
/* A copy of this packet at the end; NULL: there are `most` already. */
struct parcel *parcel_add(struct parcels *parcels, unsigned most, const struct packet *packet);
/* The held one whose copy this packet is, with the same ack, or NULL. */
struct parcel *parcel_like(const struct lab *lab, struct parcels *parcels, enum side from,
			   unsigned conn, const struct packet *packet);
void parcel_renew(struct parcel *parcel, const struct packet *packet);
/* Take it out; its bytes are then the caller's (parcel_clear). */
struct parcel parcel_take(struct parcels *parcels, const struct parcel *parcel);
void parcel_clear(struct parcel *parcel);
void parcels_clear(struct parcels *parcels);
/* Put one that was taken back to its place. */
void parcel_put(struct parcels *parcels, const struct parcel *parcel);
/* The oldest from this sender (SIDE_NONE: from either) that brings what has not arrived already and
 * no older one brings; then, where `repeats`, the oldest of the others. NULL: there is none. */
struct parcel *parcel_next(const struct lab *lab, struct parcels *parcels, enum side from,
			   bool repeats);
/* What this sender's packet brings has arrived. */
void packet_arrives(struct conn_end *end, const struct packet *packet);
/* What it takes up in sequence space: data, SYN, FIN. */
uint32_t packet_span(const struct packet *packet);

/* icmp.c */
/* "Destination unreachable" from the router to the sender of this packet (RFC 792, RFC 1812
 * 5.2.7.1). Returns its length. */
size_t icmp_unreachable(enum unreachable what, const struct packet *packet, uint8_t *out,
			size_t size);
const char *unreachable_name(enum unreachable what);

/* loss.c */
/* Is this segment lost, at so many percent? The same seed and the same segment, sent as often,
 * give the same answer whatever else is going on. */
bool loss_strikes(struct wire *wire, unsigned seed, enum side from, uint32_t seq, uint32_t ack,
		  const struct packet *packet);

#endif
