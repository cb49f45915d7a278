/* SPDX-License-Identifier: GPL-3.0-or-later */
/* actor.c - the lab's side of an actor: start it, tell it to call, hear what came of it. */
#include "../actor/message.h"
#include "core.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int poll_add(struct lab *lab, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(lab->poll, EPOLL_CTL_ADD, fd, &event);
}

static int actor_spawn(struct lab *lab, const char *name, int control, pid_t *pid)
{
	char *argv[] = {(char *)"bothends-actor", (char *)name, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int status;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, control, ACTOR_CONTROL);
	posix_spawn_file_actions_adddup2(&files, lab->life_read, ACTOR_LIFE);
	posix_spawnattr_init(&attr);
	/* A session of its own: the terminal's signals are for the lab. */
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID);
	status = posix_spawn(pid, lab->actor_path, &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return status;
}

/* A fresh struct for a process that is about to be. */
static void actor_clear(struct actor *actor, enum side side)
{
	*actor = (struct actor){.side = side,
				.pidfd = -1,
				.control = -1,
				.epoll = -1,
				.last_fd = -1,
				.last_listen_fd = -1};
}

int actor_start(struct lab *lab, enum side side, struct err *err)
{
	struct actor *actor = &lab->actors[side];
	int pair[2], status;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return err_set(err, "the %s's control socket: %s", side_name(side),
			       strerror(errno));
	actor_clear(actor, side);
	link_enter(lab, side);
	status = actor_spawn(lab, side_name(side), pair[1], &pid);
	link_leave(lab);
	close(pair[1]);
	if (status) {
		close(pair[0]);
		return err_set(err, "cannot start %s: %s", lab->actor_path, strerror(status));
	}
	actor->pid = pid;
	actor->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	actor->control = pair[0];
	actor->alive = actor->ours = true;
	actor->born = lab->nconns;
	fcntl(actor->control, F_SETFL, O_NONBLOCK);
	poll_add(lab, actor->control);
	if (actor->pidfd >= 0)
		poll_add(lab, actor->pidfd);
	process_started(lab, actor);
	return 0;
}

/* After fork(2): the server's child speaks through a socket made beforehand. */
static void child_started(struct lab *lab, int control, pid_t pid)
{
	struct actor *server = &lab->actors[SIDE_SERVER], *child = &lab->actors[SIDE_CHILD];

	actor_clear(child, SIDE_CHILD);
	memcpy(child->descs, server->descs, sizeof(child->descs));
	child->ndescs = server->ndescs;
	child->last_fd = server->last_fd;
	child->last_listen_fd = server->last_listen_fd;
	memcpy(child->signals, server->signals, sizeof(child->signals));
	child->born = server->born;
	child->pid = pid;
	child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	child->control = control;
	child->alive = true;
	fcntl(control, F_SETFL, O_NONBLOCK);
	poll_add(lab, control);
	if (child->pidfd >= 0)
		poll_add(lab, child->pidfd);
	process_started(lab, child);
}

bool actor_free(const struct actor *actor)
{
	return actor->alive && !actor->stopped && !actor->flight.active;
}

static void request_put(struct actor *actor, const struct actor_request *request, const void *data,
			int fd)
{
	/* One call at a time and a report or two: the socket's buffer always has room. A failure
	 * is a dead process, which its pidfd tells. */
	message_send(actor->control, request, sizeof(*request), data, request->len, fd);
}

void actor_send(struct lab *lab, struct actor *actor, const struct actor_request *request,
		const void *data, int fd)
{
	struct flight *flight = &actor->flight;
	size_t keep = request->len < sizeof(flight->data) ? request->len : sizeof(flight->data);
	struct desc *desc = desc_find(actor, request->fd);

	memset(flight, 0, sizeof(*flight));
	flight->active = true;
	flight->request = *request;
	flight->request.id = ++lab->request_id;
	flight->call = request->op < CALL_COUNT ? (enum call)request->op : CALL_COUNT;
	flight->conn = desc ? desc->conn : 0;
	flight->sent = lab_now(lab);
	if (request->size && (request->op == CALL_WRITE || request->op == CALL_SEND))
		for (size_t i = 0; i < sizeof(flight->data); i++)
			flight->data[i] = (char)('a' + i % 26); /* the actor's pattern */
	else if (keep)
		memcpy(flight->data, data, keep);
	request_put(actor, &flight->request, data, fd);
}

void actor_report(struct lab *lab, struct actor *actor, struct desc *desc)
{
	struct actor_request request = {.op = ACTOR_REPORT, .fd = desc->fd};

	if (!actor_free(actor) || actor->nreport)
		return;
	request.id = ++lab->request_id;
	actor->nreport++;
	actor->report_t = lab_now(lab);
	actor->report_fd = desc->fd;
	desc->status_due = false;
	request_put(actor, &request, NULL, -1);
}

/* The copies of a descriptor, in a child too, are one socket: what one tells is true of all. */
static void status_spread(struct lab *lab, const struct actor_status *status)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		for (unsigned i = 0; i < lab->actors[side].ndescs; i++) {
			struct desc *desc = &lab->actors[side].descs[i];

			if (!desc->open || !desc->status_known || desc->status.tcp_state < 0 ||
			    desc->status.inode != status->inode)
				continue;
			desc->status = *status;
			desc->status_t = lab_now(lab);
		}
}

static void reply_handle(struct lab *lab, struct actor *actor, const struct actor_reply *reply,
			 const void *data, int fd)
{
	struct desc *desc;

	switch (reply->kind) {
	case ACTOR_HELLO:
		actor->hello = true;
		fd_close(&actor->epoll);
		actor->epoll = fd;
		return;
	case ACTOR_CAUGHT:
		process_caught(lab, actor, reply->a, reply->enter - lab->start);
		break;
	case ACTOR_STATUS:
		actor->nreport = 0;
		desc = desc_find(actor, actor->report_fd);
		if (desc) {
			status_spread(lab, &reply->status);
			desc->status = reply->status;
			desc->status_known = true;
			desc->status_t = lab_now(lab);
			conn_learn(lab, desc, desc->status.port, desc->status.peer_port);
		}
		break;
	case ACTOR_RETURN:
		if (!actor->flight.active || reply->id != actor->flight.request.id)
			break;
		/* A forked child's socket was kept in the request: see task_calls.c. */
		if (reply->op == CALL_FORK) {
			int control = actor->flight.request.b;

			if (reply->ret > 0)
				child_started(lab, control, (pid_t)reply->ret);
			else
				close(control);
		}
		call_returned(lab, actor, reply, data, fd);
		return; /* fd is call_returned's */
	default:
		break;
	}
	if (fd >= 0)
		close(fd);
}

void actor_receive(struct lab *lab, struct actor *actor)
{
	static char data[ACTOR_DATA_MAX];

	while (actor->control >= 0) {
		struct actor_reply reply;
		int fd;
		ssize_t got = message_receive(actor->control, MSG_DONTWAIT, &reply, sizeof(reply),
					      data, sizeof(data), &fd);

		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			/* Its end is closed: the process is ending, the pidfd says when. */
			epoll_ctl(lab->poll, EPOLL_CTL_DEL, actor->control, NULL);
			fd_close(&actor->control);
			return;
		}
		if (got < (ssize_t)sizeof(reply) || reply.len > (size_t)got - sizeof(reply)) {
			if (fd >= 0)
				close(fd);
			continue;
		}
		reply_handle(lab, actor, &reply, data, fd);
	}
}

void actor_hang_up(struct lab *lab, struct actor *actor)
{
	struct flight *flight = &actor->flight;

	if (actor->control >= 0)
		actor_receive(lab, actor); /* its last words */
	if (flight->active) {
		struct event event = {
			.kind = EVENT_CALL, .side = actor->side, .conn = flight->conn};
		char args[ARGS_MAX];

		if (flight->call == CALL_FORK)
			close(flight->request.b);
		event.t = flight->journalled ? lab_now(lab) : flight->sent;
		event.call.call = flight->call;
		event.call.pid = actor->pid;
		event.call.args = call_args(flight, NULL, NULL, args, sizeof(args));
		event.call.killed = true;
		event.call.was_blocked = flight->journalled;
		event.call.us = (lab_now(lab) - flight->sent) / 1000;
		if (flight->call != CALL_COUNT)
			stage_add(lab, &event);
		flight->active = false;
	}
	actor->alive = actor->stopped = false;
	actor->nreport = 0;
	for (unsigned i = 0; i < actor->ndescs; i++)
		actor->descs[i].open = false;
	fd_close(&actor->control);
	fd_close(&actor->epoll);
	fd_close(&actor->pidfd);
}

void actor_end(struct lab *lab, struct actor *actor)
{
	struct pollfd end = {.fd = actor->pidfd, .events = POLLIN};

	if (!actor->alive)
		return;
	syscall(SYS_pidfd_send_signal, actor->pidfd, SIGKILL, NULL, 0);
	/* Nothing survives SIGKILL. */
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
	process_check(lab);
}
