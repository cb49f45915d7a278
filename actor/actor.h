/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACTOR_ACTOR_H
#define ACTOR_ACTOR_H

#include "protocol.h"

#include <stddef.h>

/* Send a reply; `fd` rides along when it is not negative. Ends the process when the lab is gone. */
void actor_reply(const struct actor_reply *reply, const void *data, int fd);
/* Make the call that is asked for and reply. `passed` is the descriptor that rode along, or -1. */
void actor_call(const struct actor_request *request, const char *data, int passed);
/* After fork(2), in the child: its own control socket, lifeline and epoll. */
void actor_become_child(int control);
/* A descriptor the lab shall see poll events of; forget it before it is closed. */
void actor_watch(int fd);
void actor_unwatch(int fd);

#endif
