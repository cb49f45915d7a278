/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RELAY_H
#define RELAY_H

#include <stdint.h>

struct relay_result {
	double seconds;	     /* from the first write to the last byte read */
	uint64_t packets;    /* relayed */
	double user, kernel; /* µs of processor the relay took */
	uint64_t bytes;	     /* read by the reader */
	uint64_t dropped;    /* by either TUN's queue */
};

/* For bench_fork. Two network namespaces with a TUN device each, as the lab makes them, a process
 * that writes in one and one that reads in the other, and between them the least cable there can
 * be: a thread that reads packets from one device and writes them to the other. `arg` points to
 * the number of bytes. */
int relay_bare(const void *arg, void *result);
/* Two processes that make the calls an actor makes, on the loopback of one private network; nobody
 * listens in. */
int relay_loopback(const void *arg, void *result);

#endif
