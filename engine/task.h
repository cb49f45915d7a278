/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TASK_H
#define TASK_H

#include "core.h"

/*
 * task.h - the one command under way.
 *
 * A card (task.c's table) gives an operation its function. It is called again and again until it
 * says that it is done; between two calls of it every call it has sent has returned or was
 * journalled as blocked, and every report has come in.
 */
enum progress {
	TASK_AGAIN, /* something was sent or is due at once: call me when it has settled */
	TASK_IDLE,  /* nothing to do before task->wake */
	TASK_DONE,
	TASK_REFUSED, /* task->err says why */
};

struct task {
	bool active;
	struct command command;
	int64_t patience;
	int64_t began;
	int64_t wake;  /* when to be called although nothing happened */
	int step, sub; /* the functions' own; 0 when it starts */
	int count;
	bool free; /* the side has been found free */
	uint16_t port;
	int outcome; /* 0, -1: refused */
	int held;
	struct err err;
};

/* One round; true when something went on. */
bool task_turn(struct lab *lab);
int64_t task_deadline(const struct lab *lab);
void task_free(struct lab *lab);
/* Refuse with a message. */
enum progress task_refuse(struct task *task, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Refuse: the side has as many descriptors open as the lab keeps. */
enum progress task_no_room(struct task *task, enum side side);
/* Start a dead process anew, for a command that makes sense for a fresh one; TASK_REFUSED where
 * that fails, TASK_DONE otherwise, also where there is nothing to start. */
enum progress task_revive(struct lab *lab, struct task *task, enum side side);
/* Is this side able to make a call now? TASK_DONE: yes; TASK_IDLE: blocked, wait for it;
 * TASK_REFUSED: dead, stopped, or blocked for longer than the patience. */
enum progress task_side_free(struct lab *lab, struct task *task, enum side side);

/* task_calls.c, task_pair.c, task_process.c, task_wire.c, task_host.c, task_expect.c: the functions
 * of the cards. */
enum progress task_simple_call(struct lab *lab, struct task *task);
enum progress task_set(struct lab *lab, struct task *task);
enum progress task_get(struct lab *lab, struct task *task);
enum progress task_fork(struct lab *lab, struct task *task);
enum progress task_listen(struct lab *lab, struct task *task);
enum progress task_connect(struct lab *lab, struct task *task);
enum progress task_open(struct lab *lab, struct task *task);
enum progress task_reset(struct lab *lab, struct task *task);
enum progress task_link(struct lab *lab, struct task *task);
enum progress task_signal(struct lab *lab, struct task *task);
enum progress task_kill(struct lab *lab, struct task *task);
enum progress task_exit(struct lab *lab, struct task *task);
enum progress task_stop(struct lab *lab, struct task *task);
enum progress task_interrupt(struct lab *lab, struct task *task);
enum progress task_sysctl(struct lab *lab, struct task *task);
enum progress task_wire_cut(struct lab *lab, struct task *task);
enum progress task_wire_mend(struct lab *lab, struct task *task);
enum progress task_wire_hold(struct lab *lab, struct task *task);
enum progress task_wire_release(struct lab *lab, struct task *task); /* drop and duplicate too */
enum progress task_wire_reorder(struct lab *lab, struct task *task);
enum progress task_wire_delay(struct lab *lab, struct task *task);
enum progress task_wire_loss(struct lab *lab, struct task *task);
enum progress task_wire_unreachable(struct lab *lab, struct task *task);
enum progress task_crash(struct lab *lab, struct task *task);
enum progress task_reboot(struct lab *lab, struct task *task);
enum progress task_poweroff(struct lab *lab, struct task *task);
enum progress task_wait(struct lab *lab, struct task *task);
enum progress task_expect(struct lab *lab, struct task *task);

/* Send one call to a side. */
void task_send(struct lab *lab, enum side side, const struct actor_request *request,
	       const void *data, int fd);
/* The connection a client blocked in connect(2) is making, found without a capture; 0: none. */
unsigned conn_found(struct lab *lab, struct actor *client);

#endif
