/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bulk.c - in the middle of a transfer segments are read in handfuls.
 *
 * To be woken by each of a hundred thousand segments a second takes the processor away from the
 * two processes that send them. So while many come, the capture wakes nobody and is read every
 * 2 ms, in which about a twelfth of its ring fills at most.
 */
#include "core.h"

#include <sys/epoll.h>

#define WINDOW (2 * NS_PER_MS)
#define MANY 32 /* segments a window */

static void capture_mute(struct lab *lab, bool mute)
{
	struct epoll_event event = {.events = mute ? 0 : EPOLLIN};

	event.data.fd = capture_fd(lab->capture);
	epoll_ctl(lab->poll, EPOLL_CTL_MOD, event.data.fd, &event);
	lab->bulk = mute;
}

int64_t bulk_next(struct lab *lab, unsigned segments, int64_t t)
{
	if (!lab->capture)
		return NEVER;
	lab->burst += segments;
	if (t - lab->burst_t >= WINDOW) {
		if (lab->bulk != (lab->burst >= MANY))
			capture_mute(lab, !lab->bulk);
		lab->burst = 0;
		lab->burst_t = t;
	}
	return lab->bulk ? lab->burst_t + WINDOW : NEVER;
}
