/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.h - one datagram on the control socket: a struct, bytes behind it, a descriptor beside.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <sys/types.h>

/* Send `head` and `len` bytes of `data`; `fd` rides along when it is not negative (SCM_RIGHTS,
 * unix(7)). 0, or -1 with errno: the other end is gone. */
int message_send(int socket, const void *head, size_t head_len, const void *data, size_t len,
		 int fd);
/* Receive one. `flags` as of recvmsg(2). Returns all its bytes, 0 when the other end is gone, -1
 * with errno. `*fd` gets the descriptor that rode along, close-on-exec, or -1. */
ssize_t message_receive(int socket, int flags, void *head, size_t head_len, void *data, size_t room,
			int *fd);

#endif
