/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_pair.c - commands that bring two ends together: listen, connect, open, reset, link. */
#include "diag.h"
#include "machine.h"
#include "task.h"
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 128
#define PORT_TRIES 16
#define FORGET_PASSES 8 /* of some hundred sockets each */
#define CALL_WAIT (2 * NS_PER_S)

/* `wanted`: so many descriptors it will need. */
static enum progress side_ready(struct lab *lab, struct task *task, enum side side, unsigned wanted)
{
	struct actor *actor = &lab->actors[side];

	if (task_revive(lab, task, side) == TASK_REFUSED)
		return TASK_REFUSED;
	if (!desc_room(actor, wanted))
		return task_no_room(task, side);
	return task_side_free(lab, task, side);
}

static void call_send(struct lab *lab, enum side side, int op, int fd, int a, int b)
{
	struct actor_request request = {.op = op, .fd = fd, .a = a, .b = b};

	task_send(lab, side, &request, NULL, -1);
}

/* A socket that was made (by `set`) and not used yet. */
static struct desc *desc_fresh(struct actor *actor)
{
	struct desc *desc = desc_current(actor);

	return desc && desc->channel == CHANNEL_TCP && !desc->conn && !desc->connecting &&
			       !desc->bound
		       ? desc
		       : NULL;
}

static bool call_failed(const struct actor *actor)
{
	return !actor->alive || (actor->flight.active ? false : actor->ret < 0);
}

/* Is a call under way that blocks for nothing, in a process that a busy machine does not let run?
 */
static bool call_late(struct lab *lab, struct task *task, const struct actor *actor)
{
	const struct flight *flight = &actor->flight;

	if (!actor->alive || !flight->active || flight->call == CALL_CONNECT ||
	    lab_now(lab) >= flight->sent + CALL_WAIT)
		return false;
	task->wake = flight->sent + CALL_WAIT;
	return true;
}

/* socket, bind, (getsockname,) listen. The port: what was asked for, else one that is free. */
static enum progress listen_go_on(struct lab *lab, struct task *task, uint16_t port, int backlog)
{
	struct actor *server = &lab->actors[SIDE_SERVER];
	struct desc *fresh = desc_fresh(server);

	if (call_late(lab, task, server))
		return TASK_IDLE;
	switch (task->sub++) {
	case 0:
		if (!fresh) {
			call_send(lab, SIDE_SERVER, CALL_SOCKET, -1, 0, 0);
			return TASK_AGAIN;
		}
		task->sub++;
		break;
	case 1:
		if (call_failed(server))
			return TASK_DONE;
		break;
	case 2:
		/* In a network of our own we count ports; elsewhere the kernel finds a free one. */
		if (call_failed(server) && server->err == EADDRINUSE && !port &&
		    lab->network.private && task->count++ < PORT_TRIES) {
			task->sub = 1;
			server->ret = 0;
			return TASK_AGAIN;
		}
		if (call_failed(server))
			return TASK_DONE;
		if (!task->port) {
			call_send(lab, SIDE_SERVER, CALL_GETSOCKNAME, desc_current(server)->fd, 0,
				  0);
			return TASK_AGAIN;
		}
		task->sub++;
		/* fallthrough */
	case 3:
		call_send(lab, SIDE_SERVER, CALL_LISTEN, desc_current(server)->fd, backlog, 0);
		task->sub = 4;
		return TASK_AGAIN;
	default:
		return TASK_DONE;
	}
	fresh = desc_fresh(server);
	if (!fresh)
		return TASK_DONE;
	task->port = port ? port : lab->network.private ? lab->port_next++ : 0;
	call_send(lab, SIDE_SERVER, CALL_BIND, fresh->fd, task->port,
		  (int)link_addr(lab, SIDE_SERVER));
	return TASK_AGAIN;
}

/* socket, (fcntl,) connect. */
static enum progress connect_go_on(struct lab *lab, struct task *task, uint16_t port, bool nonblock)
{
	struct actor *client = &lab->actors[SIDE_CLIENT];
	struct desc *desc = desc_fresh(client);

	if (call_late(lab, task, client))
		return TASK_IDLE;
	switch (task->sub++) {
	case 0:
		if (!desc) {
			call_send(lab, SIDE_CLIENT, CALL_SOCKET, -1, 0, 0);
			return TASK_AGAIN;
		}
		task->sub = 2;
		if (!nonblock)
			break;
		/* fallthrough */
	case 1:
		if (desc && nonblock) {
			call_send(lab, SIDE_CLIENT, CALL_FCNTL, desc->fd, 1, 0);
			task->sub = 2;
			return TASK_AGAIN;
		}
		break;
	case 2:
		break;
	default:
		return TASK_DONE;
	}
	task->sub = 3;
	if (!desc)
		return TASK_DONE; /* socket(2) was refused */
	desc->connecting = port;
	call_send(lab, SIDE_CLIENT, CALL_CONNECT, desc->fd, port, (int)link_addr(lab, SIDE_SERVER));
	return TASK_AGAIN;
}

enum progress task_listen(struct lab *lab, struct task *task)
{
	enum progress ready;

	if (!task->free) {
		ready = side_ready(lab, task, SIDE_SERVER, 1);
		if (ready != TASK_DONE)
			return ready;
		task->free = true;
	}
	return listen_go_on(lab, task, (uint16_t)command_num(&task->command, "PORT", 0),
			    (int)command_num(&task->command, "N", BACKLOG));
}

static bool lab_listens(struct lab *lab, uint16_t port)
{
	for (int side = SIDE_SERVER; side < SIDE_COUNT; side++)
		for (unsigned i = 0; i < lab->actors[side].ndescs; i++) {
			const struct desc *desc = &lab->actors[side].descs[i];

			if (desc->open && desc->channel == CHANNEL_LISTENER && desc->port == port)
				return true;
		}
	return false;
}

/* On the machine's own network a file of a stranger's must reach none of its services. */
static enum progress port_of_others(struct lab *lab, struct task *task, uint16_t port)
{
	int others;

	if (lab->network.private || lab_listens(lab, port))
		return TASK_DONE;
	others = machine_listens(port);
	if (!others)
		return TASK_DONE;
	return task_refuse(task,
			   "connect: %s on port %u of this machine, and without a private network "
			   "the client reaches no service but the lab's own server",
			   others > 0 ? "somebody listens" : "nobody can tell who listens", port);
}

enum progress task_connect(struct lab *lab, struct task *task)
{
	uint16_t port = (uint16_t)command_num(&task->command, "PORT",
					      lab->port_last ? lab->port_last : lab->port_next);
	enum progress ready;

	if (!task->free) {
		if (port_of_others(lab, task, port) != TASK_DONE)
			return TASK_REFUSED;
		ready = side_ready(lab, task, SIDE_CLIENT, 1);
		if (ready != TASK_DONE)
			return ready;
		task->free = true;
	}
	return connect_go_on(lab, task, port, command_has(&task->command, "nonblock"));
}

static enum progress open_tcp(struct lab *lab, struct task *task)
{
	struct actor *server = &lab->actors[SIDE_SERVER];
	enum progress progress;

	switch (task->step) {
	case 0:
		progress = listen_go_on(lab, task, 0, BACKLOG);
		if (progress != TASK_DONE)
			return progress;
		if (!desc_listener(server) || call_failed(server))
			return TASK_DONE;
		task->step = 1;
		task->sub = 0;
		/* fallthrough */
	case 1:
		progress = connect_go_on(lab, task, lab->port_last, false);
		if (progress != TASK_DONE)
			return progress;
		task->step = 2;
		if (call_failed(&lab->actors[SIDE_CLIENT]) || !desc_listener(server))
			return TASK_DONE;
		call_send(lab, SIDE_SERVER, CALL_ACCEPT, desc_listener(server)->fd, 0, 0);
		return TASK_AGAIN;
	default:
		return TASK_DONE;
	}
}

/* The client makes both ends, keeps the writing one and hands the other to the server. */
static enum progress open_channel(struct lab *lab, struct task *task, int op)
{
	struct actor *client = &lab->actors[SIDE_CLIENT];
	struct actor_request take = {.op = ACTOR_TAKE, .fd = -1};
	int read_end;

	switch (task->step++) {
	case 0:
		call_send(lab, SIDE_CLIENT, op, -1, 0, 0);
		return TASK_AGAIN;
	case 1:
		if (call_failed(client) || lab->passing < 0 || client->ndescs < 2)
			return TASK_DONE;
		read_end = client->descs[client->ndescs - 2].fd;
		task_send(lab, SIDE_SERVER, &take, NULL, lab->passing);
		close(lab->passing);
		lab->passing = -1;
		stage_note(lab, EVENT_HOST, SIDE_CLIENT,
			   "descriptor %d is handed to the server, as a fork would leave it there",
			   read_end);
		call_send(lab, SIDE_CLIENT, CALL_CLOSE, read_end, 0, 0);
		return TASK_AGAIN;
	default:
		return TASK_DONE;
	}
}

enum progress task_open(struct lab *lab, struct task *task)
{
	enum progress ready;

	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER && !task->free; side++) {
		ready = side_ready(lab, task, side, 2);
		if (ready != TASK_DONE)
			return ready;
	}
	task->free = true;
	if (lab->wire &&
	    (command_has(&task->command, "socketpair") || command_has(&task->command, "pipe")))
		return task_refuse(task, "a pipe or a socketpair joins two processes of one host: "
					 "`link loopback`");
	if (command_has(&task->command, "socketpair"))
		return open_channel(lab, task, CALL_SOCKETPAIR);
	if (command_has(&task->command, "pipe"))
		return open_channel(lab, task, CALL_PIPE);
	return open_tcp(lab, task);
}

/* What the private loopback's kernel still remembers of the pairs before (TIME_WAIT, orphans) would
 * be shown as the new pair's own. False: it is not to be forgotten here. */
static bool loopback_forget(struct lab *lab)
{
	if (!lab->network.private || !lab->diag)
		return false;
	for (int i = 0; i < FORGET_PASSES; i++) {
		int ended = diag_destroy(lab->diag);

		if (ended <= 0)
			return ended == 0;
	}
	return false;
}

/* New processes; on the wire new hosts too, so that nothing of the old ones is heard any more. So
 * it is on loopback where the lab starts `afresh`. */
static int restart(struct lab *lab, enum link_kind link, bool afresh, struct err *err)
{
	bool same = link == lab->options.link && !lab->wire;
	bool down[2] = {link_down(lab, SIDE_CLIENT), link_down(lab, SIDE_SERVER)};

	for (int side = SIDE_COUNT; side-- > 0;)
		actor_end(lab, &lab->actors[side]);
	lab->actors[SIDE_CHILD].pid = 0;
	lab->port_last = 0;
	if (same)
		lab_observe(lab, false); /* their last segments stand before the new pair */
	if (lab->wire)
		wire_forget(lab);
	else if (!same || (afresh && loopback_forget(lab)))
		ends_forget(lab);
	if (!same && link_start(lab, link, err))
		return -1;
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (down[side])
			stage_host(lab, side, HOST_UP, "a new kernel, the same address");
	return actor_start(lab, SIDE_CLIENT, err) || actor_start(lab, SIDE_SERVER, err) ? -1 : 0;
}

enum progress task_reset(struct lab *lab, struct task *task)
{
	if (!task->free && restart(lab, lab->options.link, false, &task->err))
		return TASK_REFUSED;
	if (!task->free && lab->wire)
		stage_note(lab, EVENT_LINK, SIDE_NONE, "mend");
	task->free = true;
	return open_tcp(lab, task);
}

/* A machine that has no wire keeps the lab it has. */
enum progress task_link(struct lab *lab, struct task *task)
{
	const struct feature_state *tun = &lab->features[FEATURE_TUN];
	bool wire = command_has(&task->command, "wire");
	struct err err = {0};

	if (wire && !tun->ok)
		return task_refuse(task, "the wire is not to be had here: %s; %s", tun->reason,
				   tun->cure);
	settings_undo(&lab->settings);
	if (restart(lab, wire ? LINK_WIRE : LINK_LOOPBACK, true, &task->err)) {
		restart(lab, LINK_LOOPBACK, true, &err);
		link_tell(lab);
		return TASK_REFUSED;
	}
	link_tell(lab);
	return TASK_DONE;
}

unsigned conn_found(struct lab *lab, struct actor *client)
{
	struct desc *desc = desc_find(client, client->flight.request.fd);
	struct conn *conn;
	uint16_t port;

	if (!desc || !lab->diag)
		return 0;
	port = diag_connecting(lab->diag, desc->connecting);
	if (!port)
		return 0;
	conn = conn_new(lab, CHANNEL_TCP);
	conn->port[SIDE_CLIENT] = port;
	conn->port[SIDE_SERVER] = desc->connecting;
	conn->claimed = true;
	desc->conn = conn->id;
	return conn->id;
}
