/* SPDX-License-Identifier: GPL-3.0-or-later */
/* call.c - one request, one system call, one reply. */
#include "actor.h"
#include "lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DRAIN_SIZE (256 * 1024)
#define PATTERN_SIZE (1 << 20)

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* A read-only buffer of `size` bytes of running text that costs one megabyte at the most: the
 * same pages over and over. NULL with errno. */
static void *pattern_map(size_t size)
{
	static int fd = -1;
	char *base;

	if (fd < 0) {
		int born = memfd_create("pattern", MFD_CLOEXEC);
		char *text = MAP_FAILED;

		/* Out of the way: the next socket shall have the lowest number. */
		fd = born < 0 ? -1 : fcntl(born, F_DUPFD_CLOEXEC, ACTOR_SPARE);
		if (born >= 0)
			close(born);
		if (fd >= 0 && !ftruncate(fd, PATTERN_SIZE))
			text = mmap(NULL, PATTERN_SIZE, PROT_WRITE, MAP_SHARED, fd, 0);
		if (text == MAP_FAILED)
			return NULL;
		for (int i = 0; i < PATTERN_SIZE; i++)
			text[i] = (char)('a' + i % 26);
		munmap(text, PATTERN_SIZE);
	}
	base = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	for (size_t at = 0; at < size; at += PATTERN_SIZE) {
		size_t part = size - at < PATTERN_SIZE ? size - at : PATTERN_SIZE;

		if (mmap(base + at, part, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
			munmap(base, size);
			return NULL;
		}
	}
	return base;
}

static void actor_caught(int signo)
{
	int saved = errno;
	struct actor_reply reply = {.kind = ACTOR_CAUGHT, .a = signo, .enter = now_ns()};

	/* A full control socket shall not hang a handler. */
	send(ACTOR_CONTROL, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
	errno = saved;
}

static int option_int(int fd, int level, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, level, option, &value, &len) ? -1 : value;
}

static int64_t option_time(int fd, int option)
{
	struct timeval value;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, option, &value, &len))
		return -1;
	return value.tv_sec * NS_PER_S + value.tv_usec * 1000;
}

static void status_names(int fd, uint16_t *port, uint16_t *peer_port)
{
	struct sockaddr_in addr = {0};
	socklen_t len = sizeof(addr);

	if (!getsockname(fd, (struct sockaddr *)&addr, &len) && addr.sin_family == AF_INET)
		*port = ntohs(addr.sin_port);
	len = sizeof(addr);
	if (!getpeername(fd, (struct sockaddr *)&addr, &len) && addr.sin_family == AF_INET)
		*peer_port = ntohs(addr.sin_port);
}

/* Only what reading does not change: no SO_ERROR here. */
static void status_fill(int fd, struct actor_status *status)
{
	struct linger linger;
	struct tcp_info info;
	struct stat stat;
	socklen_t len = sizeof(linger);
	int timeout;

	status->tcp_state = status->pending = status->linger_on = -1;
	if (!fstat(fd, &stat)) {
		status->inode = stat.st_ino;
		if (S_ISFIFO(stat.st_mode))
			ioctl(fd, FIONREAD, &status->pending);
	}
	status->nonblock = fcntl(fd, F_GETFL);
	if (status->nonblock >= 0)
		status->nonblock = !!(status->nonblock & O_NONBLOCK);
	if (!getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len)) {
		status->linger_on = linger.l_onoff;
		status->linger = linger.l_linger;
	}
	status->keepalive = option_int(fd, SOL_SOCKET, SO_KEEPALIVE);
	status->reuseaddr = option_int(fd, SOL_SOCKET, SO_REUSEADDR);
	status->rcvbuf = option_int(fd, SOL_SOCKET, SO_RCVBUF);
	status->sndbuf = option_int(fd, SOL_SOCKET, SO_SNDBUF);
	status->rcvtimeo = option_time(fd, SO_RCVTIMEO);
	status->sndtimeo = option_time(fd, SO_SNDTIMEO);
	len = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return; /* no TCP socket */
	status->tcp_state = info.tcpi_state;
	status_names(fd, &status->port, &status->peer_port);
	status->keepidle = option_int(fd, IPPROTO_TCP, TCP_KEEPIDLE);
	status->keepintvl = option_int(fd, IPPROTO_TCP, TCP_KEEPINTVL);
	status->keepcnt = option_int(fd, IPPROTO_TCP, TCP_KEEPCNT);
	status->nodelay = option_int(fd, IPPROTO_TCP, TCP_NODELAY);
	status->cork = option_int(fd, IPPROTO_TCP, TCP_CORK);
	status->linger2 = option_int(fd, IPPROTO_TCP, TCP_LINGER2);
	timeout = option_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT);
	status->user_timeout = timeout > 0 ? timeout * NS_PER_MS : 0;
}

static int64_t call_drain(const struct actor_request *request, struct actor_reply *reply)
{
	static char sink[DRAIN_SIZE];

	reply->a = 0;
	for (;;) {
		size_t want = sizeof(sink);
		ssize_t got;

		if (request->size && (size_t)(request->size - reply->total) < want)
			want = (size_t)(request->size - reply->total);
		got = want ? read(request->fd, sink, want) : 0;
		if (got <= 0)
			return got < 0 ? -1 : reply->total;
		reply->a++;
		reply->total += got;
	}
}

static int64_t call_write(const struct actor_request *request, const char *data)
{
	const void *from = data;
	void *map = NULL;
	size_t len = request->len;
	int64_t ret;
	int saved;

	if (request->size) {
		len = (size_t)request->size;
		from = map = pattern_map(len);
		if (!map)
			return -1;
	}
	ret = request->op == CALL_SEND ? send(request->fd, from, len, request->a)
				       : write(request->fd, from, len);
	saved = errno;
	if (map)
		munmap(map, len);
	errno = saved;
	return ret;
}

/* The caller frees with munmap(*into, size). */
static int64_t call_read(const struct actor_request *request, char **into)
{
	size_t size = (size_t)request->size;

	*into = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (*into == MAP_FAILED) {
		*into = NULL;
		return -1;
	}
	return request->op == CALL_RECV ? recv(request->fd, *into, size, request->a)
					: read(request->fd, *into, size);
}

static int64_t call_sigaction(const struct actor_request *request)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	if (request->b == DISP_IGNORE)
		action.sa_handler = SIG_IGN;
	else if (request->b != DISP_DEFAULT)
		action.sa_handler = actor_caught;
	if (request->b == DISP_CATCH_RESTART)
		action.sa_flags = SA_RESTART;
	return sigaction(request->a, &action, NULL);
}

static int64_t call_poll(const struct actor_request *request, struct actor_reply *reply)
{
	struct pollfd one = {.fd = request->fd, .events = (short)request->a};
	int ret = poll(&one, 1, request->b);

	reply->a = one.revents;
	return ret;
}

static int64_t call_addressed(const struct actor_request *request, struct actor_reply *reply)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_port = htons((uint16_t)request->a),
				   .sin_addr.s_addr = (in_addr_t)request->b};
	socklen_t len = sizeof(addr);
	int64_t ret;
	int saved;

	switch (request->op) {
	case CALL_BIND:
		return bind(request->fd, (struct sockaddr *)&addr, len);
	case CALL_CONNECT:
		ret = connect(request->fd, (struct sockaddr *)&addr, len);
		reply->leave = now_ns();
		saved = errno;
		/* The port the kernel chose tells the lab which connection this is. */
		if (!getsockname(request->fd, (struct sockaddr *)&addr, &len))
			reply->port = ntohs(addr.sin_port);
		errno = saved;
		return ret;
	case CALL_ACCEPT:
		ret = accept(request->fd, (struct sockaddr *)&addr, &len);
		reply->peer_port = ret < 0 ? 0 : ntohs(addr.sin_port);
		reply->b = (int32_t)addr.sin_addr.s_addr;
		return ret;
	default:
		ret = getsockname(request->fd, (struct sockaddr *)&addr, &len);
		reply->port = ret ? 0 : ntohs(addr.sin_port);
		reply->b = (int32_t)addr.sin_addr.s_addr;
		return ret;
	}
}

static int64_t call_fork(const struct actor_request *request, int passed)
{
	pid_t pid = fork();

	(void)request;
	if (pid == 0)
		actor_become_child(passed);
	return pid;
}

static int64_t call_make(const struct actor_request *request, const char *data, int passed,
			 struct actor_reply *reply, char **in)
{
	socklen_t len = sizeof(struct linger);
	int pair[2];
	int64_t ret;

	switch (request->op) {
	case CALL_SOCKET:
		return socket(AF_INET, SOCK_STREAM, 0);
	case CALL_BIND:
	case CALL_CONNECT:
	case CALL_ACCEPT:
	case CALL_GETSOCKNAME:
		return call_addressed(request, reply);
	case CALL_LISTEN:
		return listen(request->fd, request->a);
	case CALL_WRITE:
	case CALL_SEND:
		return call_write(request, data);
	case CALL_READ:
	case CALL_RECV:
		return call_read(request, in);
	case CALL_DRAIN:
		return call_drain(request, reply);
	case CALL_POLL:
		return call_poll(request, reply);
	case CALL_CLOSE:
		return close(request->fd);
	case CALL_SHUTDOWN:
		return shutdown(request->fd, request->a);
	case CALL_DUP:
		return dup(request->fd);
	case CALL_FORK:
		return call_fork(request, passed);
	case CALL_SETSOCKOPT:
		return setsockopt(request->fd, request->a, request->b, data, request->len);
	case CALL_GETSOCKOPT:
		/* Into the status: the largest value is a struct linger or timeval. */
		len = sizeof(reply->status);
		ret = getsockopt(request->fd, request->a, request->b, &reply->status, &len);
		reply->a = (int32_t)len;
		return ret;
	case CALL_FCNTL:
		ret = fcntl(request->fd, F_GETFL);
		if (ret < 0 || request->a < 0)
			return ret;
		return fcntl(request->fd, F_SETFL,
			     request->a ? (int)ret | O_NONBLOCK : (int)ret & ~O_NONBLOCK);
	case CALL_SIGACTION:
		return call_sigaction(request);
	case CALL_SOCKETPAIR:
	case CALL_PIPE:
		ret = request->op == CALL_PIPE ? pipe(pair)
					       : socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
		reply->a = ret ? -1 : pair[0];
		reply->b = ret ? -1 : pair[1];
		return ret;
	case ACTOR_TAKE:
		return passed;
	default:
		errno = ENOSYS;
		return -1;
	}
}

void actor_call(const struct actor_request *request, const char *data, int passed)
{
	struct actor_reply reply = {.kind = ACTOR_RETURN, .id = request->id, .op = request->op};
	char *in = NULL;
	int give = -1;

	if (request->op == ACTOR_REPORT) {
		reply.kind = ACTOR_STATUS;
		status_fill(request->fd, &reply.status);
		actor_reply(&reply, NULL, -1);
		return;
	}
	if (request->op == CALL_CLOSE)
		actor_unwatch(request->fd);
	errno = 0;
	reply.enter = now_ns();
	reply.ret = call_make(request, data, passed, &reply, &in);
	if (!reply.leave)
		reply.leave = now_ns();
	reply.err = reply.ret < 0 ? errno : 0;
	if (request->op == CALL_FORK) {
		if (reply.ret == 0)
			return; /* the child goes to its own loop */
		if (passed >= 0)
			close(passed);
	}
	if (reply.ret >= 0 && (request->op == CALL_SOCKET || request->op == CALL_ACCEPT ||
			       request->op == CALL_DUP || request->op == ACTOR_TAKE))
		actor_watch((int)reply.ret);
	if (reply.ret == 0 && (request->op == CALL_SOCKETPAIR || request->op == CALL_PIPE)) {
		/* The client writes: its end is the second; the first is handed to the server. */
		actor_watch(reply.b);
		give = reply.a;
	}
	if (in && reply.ret > 0)
		reply.len = (uint32_t)(reply.ret < ACTOR_DATA_MAX ? reply.ret : ACTOR_DATA_MAX);
	actor_reply(&reply, in, give);
	if (in)
		munmap(in, request->size ? (size_t)request->size : 1);
}
