/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRACE_H
#define TRACE_H

#include "lab.h"

#include <sys/types.h>

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

/* What was traced since the last time, appended to `*changes` (malloc'd, `*count` of them). */
void trace_read(struct trace_change **changes, size_t *count);
/* Run `run` in a process of its own, which traces. Skips the test where the user may not trace. */
pid_t trace_fork(void (*run)(const void *), const void *with);
/* Wait for it and clear up behind it: its exit status, -1 when it was killed (a failure does). */
int trace_wait(pid_t pid);
/* Both, for the one process of a test. */
void trace_apart(void (*run)(const void *));

#endif
