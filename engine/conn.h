/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CONN_H
#define CONN_H

#include "decode.h"
#include "diag.h"
#include "lab.h"

/* A change of state that the segments foretell and no look has yet confirmed. */
struct foretold {
	int64_t since; /* the segment's time */
	int64_t t;     /* not before this: the newest look that did not find it */
	enum tcp_state state;
};

#define FORETOLD_MAX 8

/* Sequence numbers from here to before there. */
struct gap {
	uint32_t from, upto;
};

#define GAPS_MAX 16

/* A segment that was sent more than once: its first number, how many it takes, and how often. */
struct repeat {
	uint32_t seq, span;
	unsigned times;
};

#define REPEATS_MAX 32

/* One end of a connection: what was journalled, what was seen, what the segments say. */
struct conn_end {
	enum tcp_state state;  /* as last journalled; STATE_NONE: nothing yet */
	enum tcp_state shadow; /* where the segments lead: state, then foretold */
	struct foretold foretold[FORETOLD_MAX];
	unsigned nforetold;
	bool seen;	/* the kernel has shown us this socket */
	int64_t looked; /* the newest look that was reconciled */
	bool gone;	/* ... and does not know it any more */
	int64_t gone_t;
	int64_t missed; /* a look has missed it, perhaps wrongly; 0: none has */
	uint64_t cookie;
	struct diag_socket now; /* the newest look, valid while seen && !gone */
	uint32_t isn;		/* first sequence number */
	bool isn_known;
	uint32_t sent_end;    /* the highest sequence number sent, and one more */
	uint32_t arrived_end; /* the same of what has arrived at the other end */
	bool sent_known, arrived_known;
	struct gap gaps[GAPS_MAX]; /* before arrived_end, and not arrived yet */
	unsigned ngaps;
	struct repeat repeats[REPEATS_MAX]; /* the oldest is let go */
	unsigned nrepeats;		    /* how many there ever were */
	bool fin_sent;
	uint32_t fin_end; /* what an ACK of the FIN acknowledges */
	uint32_t inode;	  /* socketpair */
};

struct conn {
	unsigned id;
	enum channel channel;
	uint16_t port[2]; /* client's, server's */
	bool claimed;	  /* a descriptor of the client is (or was) its */
	bool accepted;
	bool dead; /* both ends gone: no more looks */
	struct conn_end end[2];
};

/* The other end. */
static inline enum side side_other(enum side side)
{
	return side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
}

/* RFC 9293, section 3.10: what sending (at the sender) and arriving (at the receiver) does. */
void conn_sent(struct conn *conn, enum side from, const struct packet *packet);
void conn_arrived(struct conn *conn, enum side to, const struct packet *packet);
/* Can an end that is in `from` come to `to`, in however many steps? */
bool conn_state_leads(enum tcp_state from, enum tcp_state to);
/* The first state that must lie between the two; STATE_NONE: it is one step, or several ways lead
 * there. */
enum tcp_state conn_state_between(enum tcp_state from, enum tcp_state to);
/* Sequence and acknowledgement number relative to the first ones seen, as tcpdump(8) counts. */
uint32_t conn_relative_seq(const struct conn *conn, enum side from, uint32_t seq);
uint32_t conn_relative_ack(const struct conn *conn, enum side from, uint32_t ack);

#endif
