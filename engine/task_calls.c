/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_calls.c - commands that are one system call, or a few on one descriptor. */
#include "task.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define READ_USUAL 4096

/* The descriptor a call of this side is made on; -1: it never had one. */
static int fd_of_call(struct actor *actor, const struct command *command)
{
	struct desc *desc = desc_current(actor);

	if (command->op == OP_ACCEPT ||
	    (command->op == OP_CLOSE && command_has(command, "listen"))) {
		desc = desc_listener(actor);
		return desc ? desc->fd : actor->last_listen_fd;
	}
	if (desc && command->op == OP_CLOSE)
		desc = desc_oldest_copy(actor, desc);
	if (!desc && actor->last_fd >= 0)
		return actor->last_fd;
	if (!desc)
		desc = desc_listener(actor);
	return desc ? desc->fd : actor->last_listen_fd;
}

static enum progress fd_missing(struct task *task)
{
	const char *name = side_name(task->command.side);

	if (task->command.op == OP_ACCEPT)
		return task_refuse(task, "the %s does not listen: `server listen`", name);
	return task_refuse(task, "the %s has no descriptor yet: `open` makes a connected pair",
			   name);
}

static void request_data(const struct command *command, struct actor_request *request,
			 const void **data)
{
	const struct arg *text = command_arg(command, "DATA");

	if (text) {
		*data = text->text;
		request->len = (uint32_t)text->len;
	} else {
		request->size = command_num(command, "SIZE", 0);
		if (request->size > ACTOR_WRITE_MAX)
			request->size = ACTOR_WRITE_MAX;
	}
}

static void request_fill(const struct command *command, struct actor_request *request,
			 const void **data)
{
	int64_t timeout;

	switch (command->op) {
	case OP_ACCEPT:
		request->op = CALL_ACCEPT;
		break;
	case OP_WRITE:
		request->op = CALL_WRITE;
		request_data(command, request, data);
		break;
	case OP_SEND:
		request->op = CALL_SEND;
		request->a = (command_has(command, "nosignal") ? MSG_NOSIGNAL : 0) |
			     (command_has(command, "dontwait") ? MSG_DONTWAIT : 0) |
			     (command_has(command, "oob") ? MSG_OOB : 0);
		request_data(command, request, data);
		break;
	case OP_READ:
		request->op = CALL_READ;
		request->size = command_num(command, "N", READ_USUAL);
		break;
	case OP_RECV:
		request->op = CALL_RECV;
		request->a = (command_has(command, "peek") ? MSG_PEEK : 0) |
			     (command_has(command, "dontwait") ? MSG_DONTWAIT : 0);
		request->size = command_num(command, "N", READ_USUAL);
		break;
	case OP_DRAIN:
		request->op = CALL_DRAIN;
		request->size = command_num(command, "N", 0);
		break;
	case OP_POLL:
		request->op = CALL_POLL;
		request->a = (command_has(command, "in") ? POLLIN : 0) |
			     (command_has(command, "out") ? POLLOUT : 0) |
			     (command_has(command, "rdhup") ? POLLRDHUP : 0);
		if (!request->a)
			request->a = POLLIN;
		timeout = command_num(command, "TIMEOUT", -1);
		request->b = timeout < 0 ? -1 : (int32_t)(timeout / NS_PER_MS);
		break;
	case OP_SHUTDOWN:
		request->op = CALL_SHUTDOWN;
		request->a = command_has(command, "rd")	  ? SHUT_RD
			     : command_has(command, "wr") ? SHUT_WR
							  : SHUT_RDWR;
		break;
	case OP_DUP:
		request->op = CALL_DUP;
		break;
	default:
		request->op = CALL_CLOSE;
		break;
	}
}

enum progress task_simple_call(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	struct actor *actor = &lab->actors[command->side];
	struct actor_request request = {0};
	const void *data = NULL;

	if (task->step++)
		return TASK_DONE;
	if ((command->op == OP_DUP || command->op == OP_ACCEPT) && !desc_room(actor, 1))
		return task_no_room(task, command->side);
	request.fd = fd_of_call(actor, command);
	if (request.fd < 0)
		return fd_missing(task);
	request_fill(command, &request, &data);
	task_send(lab, command->side, &request, data, -1);
	return TASK_AGAIN;
}

/* ------------------------------------------------------------------ options */
union option_value {
	int number;
	struct linger linger;
	struct timeval time;
};

static int seconds_of(int64_t ns)
{
	/* The kernel counts whole seconds; 0 would be refused. */
	return (int)((ns + NS_PER_S - 1) / NS_PER_S);
}

/* The word after `set`, as the option's name. */
static const char *set_word(const struct command *command)
{
	return command->verb + strlen("set ");
}

/* The number that stands behind a keyword: `idle T`. */
static int64_t after_keyword(const struct command *command, const char *keyword)
{
	for (unsigned i = 0; i + 1 < command->nargs; i++)
		if (!strcmp(command->args[i].name, keyword))
			return command->args[i + 1].num;
	return -1;
}

static void set_value(const struct command *command, const struct sockopt *option,
		      union option_value *value, uint32_t *len)
{
	int64_t time = command_num(command, "TIME", 0);

	*len = sizeof(value->number);
	switch (option->type) {
	case OPT_LINGER:
		value->linger.l_onoff = !command_has(command, "off");
		value->linger.l_linger = (int)command_num(command, "SECONDS", 0);
		*len = sizeof(value->linger);
		break;
	case OPT_TIMEVAL:
		value->time.tv_sec = time / NS_PER_S;
		value->time.tv_usec = time % NS_PER_S / 1000;
		*len = sizeof(value->time);
		break;
	case OPT_MS:
		value->number = (int)(time / NS_PER_MS);
		break;
	case OPT_SECONDS:
		value->number = seconds_of(time);
		break;
	case OPT_BOOL:
		value->number = !command_has(command, "off");
		break;
	default:
		value->number = (int)command_num(command, "SIZE", 0);
		break;
	}
}

static void set_send(struct lab *lab, const struct task *task, int fd, const struct sockopt *option,
		     const union option_value *value, uint32_t len)
{
	struct actor_request request = {.op = CALL_SETSOCKOPT, .fd = fd};

	request.a = option->level;
	request.b = option->option;
	request.len = len;
	if (option->level < 0) { /* O_NONBLOCK is fcntl's */
		request.op = CALL_FCNTL;
		request.a = value->number;
		request.len = 0;
	}
	task_send(lab, task->command.side, &request, request.len ? value : NULL, -1);
}

/* `set keepalive` may be four calls: which one is due at this step. */
static const struct sockopt *keepalive_part(const struct command *command, int part,
					    union option_value *value)
{
	static const char *const words[] = {"idle", "interval", "count"};
	static const char *const names[] = {"keepidle", "keepintvl", "keepcnt"};
	int64_t number = after_keyword(command, words[part]);

	if (number < 0)
		return NULL;
	value->number = part == 2 ? (int)number : seconds_of(number);
	return sockopt_find(names[part]);
}

enum progress task_set(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	struct actor *actor = &lab->actors[command->side];
	const struct sockopt *option = sockopt_find(set_word(command));
	union option_value value = {0};
	uint32_t len = sizeof(value.number);
	struct desc *desc = desc_current(actor);
	int fd;

	if (!desc)
		desc = desc_listener(actor);
	/* Before there is a socket, it makes one; after the last close, EBADF is the answer. */
	fd = desc ? desc->fd : actor->last_fd;
	if (fd < 0 && task->step == 0) {
		struct actor_request request = {.op = CALL_SOCKET, .fd = -1};

		if (task->sub++)
			return TASK_DONE; /* socket(2) was refused */
		task_send(lab, command->side, &request, NULL, -1);
		return TASK_AGAIN;
	}
	if (task->step == 0) {
		task->step = 1;
		set_value(command, option, &value, &len);
		set_send(lab, task, fd, option, &value, len);
		return TASK_AGAIN;
	}
	while (!strcmp(option->name, "keepalive") && task->step <= 3) {
		const struct sockopt *part = keepalive_part(command, task->step++ - 1, &value);

		if (!part || command_has(command, "off"))
			continue;
		set_send(lab, task, fd, part, &value, len);
		return TASK_AGAIN;
	}
	return TASK_DONE;
}

enum progress task_get(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	struct actor *actor = &lab->actors[command->side];
	const struct arg *word = command_arg(command, "OPTION");
	const struct sockopt *option = word ? sockopt_find(word->text) : NULL;
	struct actor_request request = {.op = CALL_GETSOCKOPT};

	if (task->step++ || !option)
		return TASK_DONE;
	request.fd = fd_of_call(actor, command);
	if (request.fd < 0)
		return fd_missing(task);
	request.a = option->level;
	request.b = option->option;
	if (option->level < 0) {
		request.op = CALL_FCNTL;
		request.a = -1;
	}
	task_send(lab, command->side, &request, NULL, -1);
	return TASK_AGAIN;
}

/* -------------------------------------------------------------------- fork */
enum progress task_fork(struct lab *lab, struct task *task)
{
	struct actor *child = &lab->actors[SIDE_CHILD];
	struct actor_request request = {.op = CALL_FORK, .fd = -1};
	int pair[2];

	if (task->step++) {
		/* The child's first word brings its epoll: the panel needs it. */
		if (child->alive && !child->hello && child->control >= 0) {
			task->wake = lab_now(lab) + NS_PER_MS;
			return TASK_IDLE;
		}
		return TASK_DONE;
	}
	if (child->alive)
		return task_refuse(task,
				   "the server has a child already (pid %d): `child exit` or "
				   "`child kill` ends it",
				   child->pid);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return task_refuse(task, "no descriptors for the child's control socket");
	request.a = pair[1];
	request.b = pair[0]; /* kept for when the call returns: actor.c */
	task_send(lab, SIDE_SERVER, &request, NULL, pair[1]);
	close(pair[1]);
	return TASK_AGAIN;
}
