/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bothends-actor - one end of the connection: a process that makes the calls it is told to make.
 *
 * usage: bothends-actor client|server, with a control socket at descriptor 100 and the read end
 * of the lab's lifeline at 101. It holds no capability and nothing of the lab's but these.
 *
 * The lifeline is a pipe whose write end only the lab has. When the lab ends, however it ends, the
 * kernel signals every reader that asked for it, and SIGKILL is the signal asked for: stopped,
 * blocked or forked, no actor outlives its lab. (A parent-death signal would not pass fork, and
 * would take the server's child along with the server.)
 */
#include "actor.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int life_fd = ACTOR_LIFE;

static void actor_fail(const char *what)
{
	dprintf(2, "bothends-actor: %s: %s\n", what, strerror(errno));
	_exit(127);
}

/* Each process needs an open file description of its own: owner and signal belong to that. */
static void life_take(void)
{
	struct pollfd end;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", life_fd);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		actor_fail("lifeline");
	if (fcntl(fd, F_SETOWN, getpid()) || fcntl(fd, F_SETSIG, SIGKILL) ||
	    fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK))
		actor_fail("lifeline");
	if (dup2(fd, life_fd) < 0)
		actor_fail("lifeline");
	close(fd);
	/* The lab may have gone before the signal was asked for. */
	end = (struct pollfd){.fd = life_fd, .events = POLLIN};
	if (poll(&end, 1, 0) > 0)
		_exit(0);
}

static void epoll_make(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0 || dup2(fd, ACTOR_EPOLL) < 0)
		actor_fail("epoll");
	close(fd);
}

void actor_watch(int fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI,
				    .data.fd = fd};

	epoll_ctl(ACTOR_EPOLL, EPOLL_CTL_ADD, fd, &event);
}

void actor_unwatch(int fd)
{
	/* close(2) alone does not do it while a copy of the descriptor is open somewhere. */
	epoll_ctl(ACTOR_EPOLL, EPOLL_CTL_DEL, fd, NULL);
}

static void actor_interrupted(int signal)
{
	(void)signal; /* its only work is to make a blocked call return EINTR */
}

static void signals_default(void)
{
	struct sigaction action = {.sa_handler = actor_interrupted};
	unsigned long kernels[8] = {0}; /* its struct sigaction, all default */
	sigset_t none;

	/* Past glibc, whose posix_spawn leaves the two signals it keeps for itself ignored. */
	for (int i = 1; i < NSIG; i++)
		syscall(SYS_rt_sigaction, i, kernels, NULL, (_NSIG - 1) / 8);
	sigaction(SIGRTMIN, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void capabilities_drop(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	for (int i = 0; i < 64; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &head, none))
		actor_fail("capset");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void hello(const char *name)
{
	struct actor_reply reply = {.kind = ACTOR_HELLO, .a = getpid()};

	prctl(PR_SET_NAME, name, 0, 0, 0);
	actor_reply(&reply, NULL, ACTOR_EPOLL);
}

void actor_become_child(int control)
{
	if (dup2(control, ACTOR_CONTROL) < 0)
		_exit(127);
	close(control);
	life_take();
	epoll_make();
	/* The epoll is the child's own, and so far knows none of what it has inherited. */
	for (int fd = 3; fd < ACTOR_CONTROL; fd++)
		actor_watch(fd);
	hello("child");
}

void actor_reply(const struct actor_reply *reply, const void *data, int fd)
{
	if (message_send(ACTOR_CONTROL, reply, sizeof(*reply), data, reply->len, fd))
		_exit(0); /* the lab is gone */
}

static void actor_loop(void)
{
	static char data[ACTOR_DATA_MAX];

	for (;;) {
		struct actor_request request;
		int passed;

		if (message_receive(ACTOR_CONTROL, 0, &request, sizeof(request), data, sizeof(data),
				    &passed) < (ssize_t)sizeof(request))
			_exit(0); /* the lab is gone */
		if (request.op == ACTOR_EXIT)
			_exit(request.a);
		actor_call(&request, data, passed);
	}
}

int main(int argc, char **argv)
{
	/* No file is that small, and the kernel starts no crash reporter of the machine's for it,
	 * as it would for 0: fs/coredump.c. */
	struct rlimit limit = {1, 1};
	int null;

	if (argc != 2) {
		fprintf(stderr, "bothends-actor: started by bothends, not by hand\n");
		return 2;
	}
	signals_default();
	if (fcntl(ACTOR_CONTROL, F_GETFD) < 0 || fcntl(ACTOR_LIFE, F_GETFD) < 0) {
		fprintf(stderr, "bothends-actor: started by bothends, not by hand\n");
		return 2;
	}
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		if (fd != null)
			dup2(null, fd);
	/* What the lab itself was started with is none of ours. */
	close_range(3, ACTOR_CONTROL - 1, 0);
	close_range(ACTOR_LIFE + 1, ~0U, 0);
	if (chdir("/"))
		actor_fail("chdir");
	setrlimit(RLIMIT_CORE, &limit);
	capabilities_drop();
	life_take();
	epoll_make();
	hello(argv[1]);
	actor_loop();
}
