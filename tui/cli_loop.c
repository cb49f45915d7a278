/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_loop.c - waiting without a screen: a lab, the signals that end it, results on their way. */
#include "cli_loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* More than this unwritten, and the lab waits for the reader: memory stays bounded. */
#define PENDING (4 << 20)

int loop_open(struct loop *loop, int out, struct err *err)
{
	sigset_t set;

	*loop = (struct loop){.out = out};
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGALRM);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0)
		return err_set(err, "signalfd: %s", strerror(errno));
	return 0;
}

void loop_close(struct loop *loop)
{
	close(loop->signals);
	strbuf_free(&loop->pending);
}

void loop_add(struct loop *loop, const char *text)
{
	strbuf_puts(&loop->pending, text);
}

/* One write that cannot block: a pipe that polls writable takes PIPE_BUF bytes at once. */
static void loop_write(struct loop *loop)
{
	size_t len = loop->pending.len - loop->sent;
	ssize_t n =
		write(loop->out, loop->pending.text + loop->sent, len < PIPE_BUF ? len : PIPE_BUF);

	if (n < 0) {
		if (errno != EINTR && errno != EAGAIN)
			loop->broken = errno;
		return;
	}
	loop->sent += (size_t)n;
	if (loop->sent == loop->pending.len || loop->sent > PENDING) {
		loop->pending.len -= loop->sent;
		memmove(loop->pending.text, loop->pending.text + loop->sent, loop->pending.len);
		loop->sent = 0;
	}
}

static int loop_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	return read(loop->signals, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

/* One poll and what follows from it; `*due` says whether the lab has something. */
static int loop_turn(struct loop *loop, int lab_side, int timeout, bool *due)
{
	const bool unwritten = loop->pending.len > 0;
	struct pollfd fds[] = {
		{.fd = loop->signals, .events = POLLIN},
		{.fd = loop->out, .events = unwritten ? POLLOUT : 0},
		{.fd = lab_side, .events = POLLIN},
	};
	int number;

	if (poll(fds, 3, timeout) < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[0].revents && (number = loop_signal(loop)))
		return number;
	if (fds[1].revents & (POLLERR | POLLHUP))
		loop->broken = EPIPE;
	else if (fds[1].revents & POLLNVAL)
		loop->broken = EBADF;
	else if (fds[1].revents)
		loop_write(loop);
	*due = fds[2].revents != 0;
	return loop->broken ? -1 : 0;
}

int loop_wait(struct loop *loop, const struct lab *lab, bool more)
{
	bool due = false, full;
	int got;

	do {
		full = loop->out >= 0 && loop->pending.len - loop->sent > PENDING;
		got = loop_turn(loop, lab && !full ? lab_fd(lab) : -1, more && !full ? 0 : -1,
				&due);
	} while (!got && !due && (!more || full));
	return got;
}

int loop_drain(struct loop *loop)
{
	bool due;
	int got = 0;

	while (!got && loop->pending.len)
		got = loop_turn(loop, -1, -1, &due);
	return got;
}
