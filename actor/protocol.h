/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * protocol.h - what the lab and an actor say to each other.
 *
 *   lab ── struct actor_request + bytes ─▶ actor: one system call (or a report)
 *   lab ◀─ struct actor_reply + bytes ─── actor: what it returned
 *
 * One message is one datagram on a SOCK_SEQPACKET socket. Both sides come from one build, so the
 * structs travel as they are. Descriptors ride along as SCM_RIGHTS, at most one a message.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdint.h>

#define ACTOR_DATA_MAX 65536
#define ACTOR_WRITE_MAX (1LL << 30)

/* Where the lab puts the actor's ends, out of the way: the first socket shall be descriptor 3. */
enum { ACTOR_CONTROL = 100, ACTOR_LIFE = 101, ACTOR_EPOLL = 102, ACTOR_SPARE = 103 };

/* Operations are the numbers of enum call, and these. */
enum actor_op {
	ACTOR_EXIT = 100, /* a: the status; no reply */
	ACTOR_REPORT,	  /* how descriptor `fd` stands: replies REPORT */
	ACTOR_TAKE, /* adopt the descriptor that rides along: replies RETURN with its number */
};

struct actor_request {
	uint32_t id;
	int32_t op;
	int32_t fd;
	int32_t a, b, c; /* by operation, see actor/call.c */
	int64_t size;	 /* bytes to write, to read or to drain */
	uint32_t len;	 /* bytes that follow */
};

enum actor_reply_kind {
	ACTOR_HELLO,  /* started; the epoll descriptor rides along */
	ACTOR_RETURN, /* a call has returned */
	ACTOR_STATUS, /* the answer to REPORT */
	ACTOR_CAUGHT, /* a handler ran: a is the signal */
};

/* What getsockopt and friends say of a descriptor; -1 where it does not apply. */
struct actor_status {
	int32_t tcp_state; /* TCP_INFO */
	int32_t pending;   /* FIONREAD, pipes only */
	uint64_t inode;
	uint16_t port, peer_port;
	int32_t linger_on, linger, keepalive, keepidle, keepintvl, keepcnt;
	int32_t nodelay, cork, nonblock, reuseaddr, rcvbuf, sndbuf, linger2;
	int64_t rcvtimeo, sndtimeo, user_timeout; /* ns */
};

struct actor_reply {
	int32_t kind;
	uint32_t id;
	int32_t op;
	int32_t a, b; /* by operation */
	int64_t ret;
	int32_t err;
	int64_t enter, leave; /* CLOCK_MONOTONIC, ns */
	uint16_t port, peer_port;
	int64_t total; /* drain: bytes got, also where it ended with an error */
	struct actor_status status;
	uint32_t len; /* bytes that follow */
};

#endif
