/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * room.h - has everything that was made been given back?
 *
 * The kernel gives a namespace back some time after its last user and tells nobody. So a test goes
 * into a user namespace with room for few: when all of that room can be had again, nothing is left.
 */
#ifndef ROOM_H
#define ROOM_H

#include "lab.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOM_MOST 64

static inline int64_t room_clock(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * NS_PER_S + at.tv_nsec;
}

static inline int room_file_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t put;

	if (fd < 0)
		return -1;
	put = write(fd, text, strlen(text));
	close(fd);
	return put == (ssize_t)strlen(text) ? 0 : -1;
}

/* Into a user namespace as this user, with room for so many namespaces of each kind. -1: the
 * machine does not allow it. */
static inline int room_limit(uid_t as, int room)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char text[64];

	if (unshare(CLONE_NEWUSER))
		return -1;
	room_file_put("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "%u %u 1", as, uid);
	if (room_file_put("/proc/self/uid_map", text))
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", as, gid);
	if (room_file_put("/proc/self/gid_map", text))
		return -1;
	snprintf(text, sizeof(text), "%d", room);
	return room_file_put("/proc/sys/user/max_user_namespaces", text) ||
	       room_file_put("/proc/sys/user/max_net_namespaces", text);
}

/* How many of so many namespaces (CLONE_NEW...) can be had at once: as many processes each take
 * one, ask until they have it, for so many ns at the most, and keep it until all have theirs. */
static inline int room_left(int wanted, int flags, int64_t patience)
{
	int64_t end = room_clock() + patience;
	pid_t pids[ROOM_MOST];
	int hold[2], told[2], got = 0;
	char word;

	if (wanted > ROOM_MOST || pipe(hold) || pipe(told))
		return -1;
	for (int i = 0; i < wanted; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		close(hold[1]);
		while (unshare(flags)) {
			if (room_clock() > end)
				_exit(1);
			poll(NULL, 0, 5);
		}
		if (write(told[1], "y", 1) != 1)
			_exit(1);
		/* Or nobody would learn that another has got none. */
		close(told[1]);
		_exit(read(hold[0], &word, 1) < 0);
	}
	close(hold[0]);
	close(told[1]);
	while (got < wanted && read(told[0], &word, 1) == 1)
		got++;
	close(hold[1]);
	close(told[0]);
	for (int i = 0; i < wanted; i++)
		waitpid(pids[i], NULL, 0);
	return got;
}

#endif
