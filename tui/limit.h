/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit.h - how long the kernel goes on sending into silence before it gives up. */
#ifndef LIMIT_H
#define LIMIT_H

#include "lab.h"

/* tcp_retries2, tcp_orphan_retries, tcp_syn_retries, tcp_syn_linear_timeouts and
 * tcp_synack_retries; not known where what somebody has set is no longer in the journal. */
struct limits {
	bool known;
	int retries2, orphan, syn, linear, synack;
};

/* As they are at event `upto`: the kernel's own, unless `sysctl` showed others. */
void limits_read(const struct journal *journal, uint64_t upto, struct limits *limits);
/* ns from `age` after the snapshot until it gives up, if nothing is answered; -1: it does not, or
 * that cannot be told (the kernel does not say how often it has waited). Good to a second or so:
 * tcp_write_timeout() in net/ipv4/tcp_timer.c. */
int64_t limits_left(const struct limits *limits, const struct snapshot *snapshot, int64_t age);

#endif
