/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_H
#define HOST_H

#include "diag.h"
#include "lab.h"
#include "sysctl.h"

/* The addresses of the wire (RFC 5737), in host byte order. */
#define WIRE_CLIENT 0xc0000201U /* 192.0.2.1 */
#define WIRE_SERVER 0xc0000202U /* 192.0.2.2 */
#define WIRE_ROUTER 0xc00002feU /* 192.0.2.254 */
#define WIRE_MTU 1500

/* One host on the wire: a network namespace, with the lab's end of its only cable. All -1 and NULL
 * while it is down. */
struct host {
	uint32_t addr; /* network byte order */
	bool down;
	int ns;	     /* its network namespace */
	int tun;     /* what it sends is read here, what it receives is written here */
	int devices; /* its /proc/net/dev */
	struct diag *diag;
	uint64_t dropped; /* packets its full queue has lost, as last read */
	pid_t warden;
};

/* A fresh kernel at this side's address, with these settings. `life`: the read end of a pipe that
 * ends with the lab. -1: what the machine refused. */
int host_start(struct host *host, enum side side, const struct settings *settings, int life,
	       struct err *err);
/* Its device goes first, then every socket: nothing comes from it any more and nothing of it stays.
 * Its processes must have ended. */
void host_silence(struct host *host);
void host_end(struct host *host);
/* Packets its queue has lost since the last time this was asked. */
unsigned host_drops(struct host *host);
/* Go into a network namespace by its descriptor. -1 with errno. */
int namespace_enter(int ns);

#endif
