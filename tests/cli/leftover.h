/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LEFTOVER_H
#define LEFTOVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * leftover.h - what a lab that has ended may have left: processes and namespaces.
 *
 * The process that asks is the subreaper, so whatever survives the lab becomes its child; and it is
 * in a user namespace with room for few namespaces, so that those that are not given back are soon
 * missed. With the namespaces the devices in them are gone.
 */

/* Become that process, as this user, with room for so many namespaces of each kind. -1: the machine
 * does not allow it. */
int leftover_begin(uid_t as, int room);
/* Wait until every descendant has ended; false: one has not within 5 s. */
bool leftover_no_process(void);
/* Can all of the room be had at once? Waits up to 20 s for the kernel to give namespaces back. */
bool leftover_no_namespace(void);

#endif
