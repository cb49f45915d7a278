/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned.c - what a returned call means for the lab's picture of descriptors. */
#include "core.h"
#include "machine.h"
#include "mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The connection an accepted descriptor belongs to: the one with the peer's port. */
static unsigned accepted_conn(struct lab *lab, uint16_t peer_port, uint16_t port)
{
	struct conn *conn = conn_by_ports(lab, peer_port, port);

	/* One that was accepted already is an older connection on the same ports. */
	if (!conn || conn->accepted) {
		conn = conn_new(lab, CHANNEL_TCP);
		conn->port[SIDE_CLIENT] = peer_port;
		conn->port[SIDE_SERVER] = port;
	}
	conn->accepted = true;
	return conn->id;
}

static void returned_close(struct actor *actor, const struct actor_reply *reply, int fd)
{
	struct desc *desc = desc_find(actor, fd);

	/* close(2) releases the descriptor whatever it returns, but for EBADF. */
	if (desc && (reply->ret == 0 || reply->err != EBADF))
		desc->open = false;
}

static void returned_channel(struct lab *lab, struct actor *actor, const struct actor_reply *reply,
			     enum channel channel, int fd)
{
	struct conn *conn = conn_new(lab, channel);

	conn->accepted = true;
	conn->end[SIDE_CLIENT].seen = conn->end[SIDE_SERVER].seen = true;
	/* The read end still lies in the client, which closes it once it is handed over. */
	desc_add(actor, reply->a, channel)->conn = conn->id;
	desc_add(actor, reply->b, channel)->conn = conn->id;
	if (lab->passing >= 0)
		close(lab->passing);
	lab->passing = fd;
}

/* Descriptors come and go; what the lab knows of them follows. */
static void returned_descs(struct lab *lab, struct actor *actor, const struct actor_reply *reply,
			   int fd)
{
	const struct actor_request *request = &actor->flight.request;
	struct desc *desc = desc_find(actor, request->fd), copy;

	switch (reply->op) {
	case CALL_SOCKET:
		if (reply->ret >= 0)
			desc_add(actor, (int)reply->ret, CHANNEL_TCP);
		break;
	case CALL_BIND:
		if (desc && reply->ret == 0) {
			desc->bound = true;
			desc->port = (uint16_t)request->a;
		}
		break;
	case CALL_GETSOCKNAME:
		if (desc && reply->ret == 0)
			desc->port = reply->port;
		break;
	case CALL_LISTEN:
		if (desc && reply->ret == 0) {
			desc->channel = CHANNEL_LISTENER;
			actor->last_listen_fd = desc->fd;
			if (actor->last_fd == desc->fd)
				actor->last_fd = -1;
			lab->port_last = desc->port;
		}
		break;
	case CALL_ACCEPT:
		if (reply->ret >= 0) {
			uint16_t port = desc ? desc->port : lab->port_last;

			desc = desc_add(actor, (int)reply->ret, CHANNEL_TCP);
			desc->conn = accepted_conn(lab, reply->peer_port, port);
			actor->flight.conn = desc->conn;
		}
		break;
	case CALL_CONNECT:
		/* After a refusal the descriptor may be used for another try. */
		if (desc && reply->ret < 0 && reply->err != EINPROGRESS && reply->err != EINTR)
			desc->connecting = 0;
		break;
	case CALL_DUP:
		if (desc && reply->ret >= 0) {
			copy = *desc;
			desc = desc_add(actor, (int)reply->ret, copy.channel);
			desc->conn = copy.conn;
			desc->port = copy.port;
			desc->connecting = copy.connecting;
			desc->status = copy.status;
			desc->status_known = copy.status_known;
			desc->status_t = copy.status_t;
		}
		break;
	case CALL_CLOSE:
		returned_close(actor, reply, request->fd);
		break;
	case CALL_SOCKETPAIR:
	case CALL_PIPE:
		if (reply->ret == 0) {
			returned_channel(lab, actor, reply,
					 reply->op == CALL_PIPE ? CHANNEL_PIPE : CHANNEL_SOCKETPAIR,
					 fd);
			actor->flight.conn = lab->nconns;
		}
		break;
	case ACTOR_TAKE:
		if (reply->ret >= 0) {
			struct conn *conn = conn_at(lab, lab->nconns);

			desc = desc_add(actor, (int)reply->ret,
					conn ? conn->channel : CHANNEL_PIPE);
			desc->conn = lab->nconns;
		}
		break;
	case CALL_SIGACTION:
		if (reply->ret == 0)
			actor->signals[request->a & 31] = (unsigned char)request->b;
		break;
	default:
		break;
	}
}

/* The value getsockopt gave, in words: "EPIPE", "0", "1 s": what a condition compares. */
static size_t option_words(const struct actor_request *request, const struct actor_reply *reply,
			   char *out, size_t size)
{
	const struct sockopt *option = NULL;
	int numbers[2];
	int64_t seconds;
	int number;

	for (size_t i = 0; (option = sockopt_at(i)); i++)
		if (option->level == request->a && option->option == request->b)
			break;
	memcpy(numbers, &reply->status, sizeof(numbers));
	memcpy(&seconds, &reply->status, sizeof(seconds));
	number = numbers[0];
	if (option && option->type == OPT_INFO)
		number &= 0xff; /* tcpi_state is the first byte */
	if (option && option->type == OPT_ERRNO)
		snprintf(out, size, "%s", number ? errno_name(number) : "0");
	else if (option && option->type == OPT_INFO)
		snprintf(out, size, "%s", state_name((enum tcp_state)number));
	else if (option && option->type == OPT_LINGER)
		snprintf(out, size, number ? "%d s" : "off", numbers[1]);
	else if (option && option->type == OPT_TIMEVAL)
		snprintf(out, size, "%lld s", (long long)seconds);
	else
		snprintf(out, size, "%d", number);
	return strlen(out);
}

/* Of the other end of a connection the server has accepted; 0: an orphan, or nobody can tell. */
static uint32_t peer_inode(struct lab *lab, uint16_t peer_port, uint16_t port)
{
	struct diag_socket peer;

	if (!lab->diag)
		return machine_inode(peer_port, port);
	return diag_tcp(lab->diag, link_addr(lab, SIDE_CLIENT), peer_port,
			link_addr(lab, SIDE_SERVER), port, false, &peer) == 1
		       ? peer.inode
		       : 0;
}

/* On the machine's own network anybody can connect to our port. Is the other end of this
 * connection one of the client's descriptors? */
static bool peer_is_client(struct lab *lab, uint16_t peer_port, uint16_t port)
{
	const struct actor *client = &lab->actors[SIDE_CLIENT];
	const struct conn *conn = conn_by_ports(lab, peer_port, port);
	char path[64], link[64], want[64];
	uint32_t inode;

	/* One the client has closed again already has no descriptor any more. */
	if (lab->network.private || (conn && conn->claimed && !conn->accepted))
		return true;
	inode = peer_inode(lab, peer_port, port);
	if (!inode)
		return false;
	snprintf(want, sizeof(want), "socket:[%u]", inode);
	/* Not by the lab's own list: a connect that has just returned is not in it yet. */
	for (int fd = 3; fd < ACTOR_CONTROL; fd++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", client->pid, fd);
		len = readlink(path, link, sizeof(link) - 1);
		if (len > 0 && (size_t)len == strlen(want) && !memcmp(link, want, (size_t)len))
			return true;
	}
	return false;
}

/* Close a stranger's connection and accept again, both as calls that are journalled. */
static void stranger_turn_away(struct lab *lab, struct actor *actor, int fd, uint16_t port)
{
	struct actor_request close_it = {.op = CALL_CLOSE, .fd = fd};

	stage_note(lab, EVENT_HOST, actor->side,
		   "a connection from port %u is not the client's: it is closed, accept again",
		   port);
	actor->again = true;
	actor->again_request = actor->flight.request;
	actor_send(lab, actor, &close_it, NULL, -1);
}

/* After which calls the actor is asked how the descriptor stands now. */
static void status_ask(struct lab *lab, struct actor *actor, const struct actor_reply *reply)
{
	struct desc *desc = desc_find(actor, actor->flight.request.fd);

	switch (reply->op) {
	case CALL_SOCKET:
	case CALL_ACCEPT:
	case CALL_DUP:
	case ACTOR_TAKE:
		desc = desc_find(actor, (int)reply->ret);
		break;
	case CALL_CONNECT:
	case CALL_SETSOCKOPT:
	case CALL_FCNTL:
		break;
	case CALL_SOCKETPAIR:
	case CALL_PIPE:
		desc = desc_current(actor);
		break;
	default:
		/* Only its reader's descriptor tells what lies in a pipe. */
		if (!desc || desc->channel != CHANNEL_PIPE)
			return;
		desc = desc_of_conn(&lab->actors[SIDE_SERVER], desc->conn);
		break;
	}
	if (desc)
		desc->status_due = true;
}

/* The call's own line shall say which connection it made. */
static void connect_conn(struct lab *lab, struct actor *actor, const struct actor_reply *reply)
{
	struct flight *flight = &actor->flight;
	struct desc *desc = desc_find(actor, flight->request.fd);

	if (flight->conn || !desc)
		return;
	/* Its SYN has been captured by now. */
	if (link_sees(lab))
		observe(lab, false);
	if (!flight->conn && (reply->ret == 0 || reply->err == EINPROGRESS)) {
		conn_learn(lab, desc, reply->port, (uint16_t)flight->request.a);
		flight->conn = desc->conn;
	}
}

void call_returned(struct lab *lab, struct actor *actor, const struct actor_reply *reply,
		   const void *data, int fd)
{
	struct flight *flight = &actor->flight;
	struct event event = {.kind = EVENT_CALL, .side = actor->side};
	char args[ARGS_MAX], words[64];
	struct desc *listener = desc_find(actor, flight->request.fd);
	bool stranger = reply->op == CALL_ACCEPT && reply->ret >= 0 && listener &&
			!peer_is_client(lab, reply->peer_port, listener->port);

	snapshot_grant(lab);
	actor->ret = reply->ret;
	actor->err = reply->err;
	if (reply->op == CALL_CONNECT)
		connect_conn(lab, actor, reply);
	if (!stranger)
		returned_descs(lab, actor, reply, fd);
	if (fd >= 0 && fd != lab->passing)
		close(fd);
	/* A call that was journalled as blocked ends when it returns; any other is told where it
	 * began, before the segments it caused. */
	event.t = (flight->journalled ? reply->leave : reply->enter) - lab->start;
	event.conn = flight->conn;
	event.call.call = flight->call;
	event.call.pid = actor->pid;
	event.call.args = call_args(flight, reply, data, args, sizeof(args));
	event.call.ret = reply->ret;
	event.call.err = reply->err;
	event.call.was_blocked = flight->journalled;
	event.call.us = (reply->leave - reply->enter) / 1000;
	if (reply->len) {
		event.call.data = data;
		event.call.len = reply->len;
	} else if (reply->op == CALL_GETSOCKOPT && reply->ret == 0) {
		event.call.data = words;
		event.call.len = option_words(&flight->request, reply, words, sizeof(words));
	}
	if (flight->call != CALL_COUNT)
		stage_add(lab, &event);
	flight->active = false;
	if (stranger) {
		stranger_turn_away(lab, actor, (int)reply->ret, reply->peer_port);
		return;
	}
	if (actor->again) {
		actor->again = false;
		actor_send(lab, actor, &actor->again_request, NULL, -1);
		return;
	}
	status_ask(lab, actor, reply);
}
