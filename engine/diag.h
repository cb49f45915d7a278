/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DIAG_H
#define DIAG_H

#include "lab.h"

/* sock_diag(7): what the kernel knows of a socket, asked by exact address. */
struct diag;
struct diag *diag_new(struct err *err);
void diag_free(struct diag *diag);
int diag_fd(const struct diag *diag);

struct diag_socket {
	enum tcp_state state;
	enum timer_kind timer;
	int64_t timer_ns;
	unsigned retransmits;
	uint32_t recvq, sendq;
	uint64_t cookie;
	uint32_t inode; /* 0: an orphan, or not yet accepted, or a minisock */
	uint16_t port, peer_port;
	unsigned info_len;
	unsigned char info[SNAPSHOT_INFO];
	bool skmem_known;
	uint32_t skmem[9];
};

/* The socket with this local and remote port on these addresses (network order; remote port 0:
 * the listener). 1 found, 0 the kernel knows none, -1 sock_diag itself failed (errno). Costs about
 * a microsecond: net/ipv4/inet_diag.c, inet_diag_find_one_icsk(). With `info` the tcp_info comes
 * too, for which the kernel takes the socket's lock: a process in the middle of a long write
 * holds that, and the look-up waits for it. */
int diag_tcp(struct diag *diag, uint32_t addr, uint16_t port, uint32_t peer_addr,
	     uint16_t peer_port, bool info, struct diag_socket *socket);
/* The local port of the newest socket in SYN_SENT towards this port, 0: none. Walks the whole
 * table (milliseconds); for where no segment could tell. */
uint16_t diag_connecting(struct diag *diag, uint16_t peer_port);
/* Destroy every TCP socket of the namespace, without a word to its peer (SOCK_DESTROY,
 * sock_diag(7)). Returns how many there were; -1: this kernel does not do that. */
int diag_destroy(struct diag *diag);
/* A UNIX socket by inode: queues and state. As above. */
int diag_unix(struct diag *diag, uint32_t inode, struct diag_socket *socket);

#endif
