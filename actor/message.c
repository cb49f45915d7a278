/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c - linked into the lab and into its actors. */
#include "message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union passing {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

int message_send(int socket, const void *head, size_t head_len, const void *data, size_t len,
		 int fd)
{
	struct iovec parts[2] = {{(void *)head, head_len}, {(void *)data, len}};
	struct msghdr msg = {.msg_iov = parts, .msg_iovlen = len ? 2 : 1};
	union passing passing = {0};
	ssize_t sent;

	if (fd >= 0) {
		msg.msg_control = passing.room;
		msg.msg_controllen = sizeof(passing.room);
		passing.head.cmsg_level = SOL_SOCKET;
		passing.head.cmsg_type = SCM_RIGHTS;
		passing.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&passing.head), &fd, sizeof(fd));
	}
	do
		sent = sendmsg(socket, &msg, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

ssize_t message_receive(int socket, int flags, void *head, size_t head_len, void *data, size_t room,
			int *fd)
{
	struct iovec parts[2] = {{head, head_len}, {data, room}};
	union passing passing = {0};
	struct msghdr msg = {.msg_iov = parts,
			     .msg_iovlen = 2,
			     .msg_control = passing.room,
			     .msg_controllen = sizeof(passing.room)};
	ssize_t got;

	do
		got = recvmsg(socket, &msg, flags | MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	*fd = -1;
	if (got >= 0 && msg.msg_controllen && passing.head.cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(&passing.head), sizeof(*fd));
	return got;
}
