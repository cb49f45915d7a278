/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_H
#define TRACE_H

#include "lab.h"

/*
 * trace.h - the kernel's tracepoint sock:inet_sock_set_state, through tracefs. Needs root.
 *
 * It does not see what minisocks do (TIME_WAIT, an orphan's FIN_WAIT2): it says CLOSE when the
 * kernel hands a socket to one. A half-open request is not told at all, SYN_RECV comes with the
 * third segment and without a port, and SYN_SENT before the client has its port.
 */
struct trace_change {
	int64_t t; /* CLOCK_MONOTONIC, ns */
	uint16_t port, peer_port;
	uint32_t addr; /* network byte order */
	enum tcp_state old, new;
};

#define TRACE_SKIP 77 /* exit status of a process that could not trace */

/* Trace from now on, in this process's own mount namespace. -1 with errno. */
int trace_begin(void);
/* What was traced since the last time, appended to `*changes` (malloc'd, `*count` of them). */
void trace_read(struct trace_change **changes, size_t *count);
/* Run `run` in a process of its own, and clear up behind it. Its exit status; skips the test where
 * that is TRACE_SKIP, or the user may not trace. */
int trace_apart(void (*run)(void));

#endif
