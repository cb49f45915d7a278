/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_host.c - a host crashes, is shut down, or comes up again. */
#include "task.h"
#include "wire.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GRACE (5 * NS_PER_S)
#define LAST_WORDS (50 * NS_PER_MS) /* what the ends of the processes send gets out */

static bool host_actors(struct lab *lab, enum side side, struct actor *actors[2])
{
	actors[0] = &lab->actors[side];
	actors[1] = side == SIDE_SERVER ? &lab->actors[SIDE_CHILD] : NULL;
	return actors[0]->alive || (actors[1] && actors[1]->alive);
}

/* Nothing gets out any more; then everything in it ends. */
static void host_vanish(struct lab *lab, enum side side, const char *text)
{
	struct host *host = &lab->wire->host[side];
	struct actor *actors[2];

	host_silence(host);
	stage_host(lab, side, HOST_DOWN, text);
	host_actors(lab, side, actors);
	for (int i = 2; i-- > 0;)
		if (actors[i])
			actor_end(lab, actors[i]);
	ends_vanish(lab, side);
	host_end(host);
}

void hosts_check(struct lab *lab)
{
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (!lab->wire->lost[side])
			continue;
		lab->wire->lost[side] = false;
		host_vanish(lab, side, "its device is gone: this is a crash");
	}
}

static enum progress down_already(struct task *task)
{
	const char *name = side_name(task->command.side);

	return task_refuse(task, "the %s's host is down already: `%s reboot` starts it again", name,
			   name);
}

enum progress task_crash(struct lab *lab, struct task *task)
{
	if (link_down(lab, task->command.side))
		return down_already(task);
	host_vanish(lab, task->command.side, "crash");
	return TASK_DONE;
}

enum progress task_reboot(struct lab *lab, struct task *task)
{
	enum side side = task->command.side;

	if (!link_down(lab, side))
		host_vanish(lab, side, "crash");
	if (host_start(&lab->wire->host[side], side, &lab->settings, lab->life_read, &task->err) ||
	    wire_watch(lab, side)) {
		lab->wire->host[side].down = true;
		return TASK_REFUSED;
	}
	stage_host(lab, side, HOST_UP, "reboot: a new kernel, the same address");
	return TASK_DONE;
}

/* SIGTERM to all, the grace time, SIGKILL to who is left; then the network goes. */
enum progress task_poweroff(struct lab *lab, struct task *task)
{
	enum side side = task->command.side;
	int64_t end = task->began + command_num(&task->command, "GRACE", GRACE);
	struct actor *actors[2];
	bool alive;

	if (!task->step && link_down(lab, side))
		return down_already(task);
	alive = host_actors(lab, side, actors);
	if (!task->step++) {
		stage_host(lab, side, HOST_SAID, "poweroff: SIGTERM to every process");
		for (int i = 0; i < 2; i++)
			if (actors[i] && actors[i]->alive)
				syscall(SYS_pidfd_send_signal, actors[i]->pidfd, SIGTERM, NULL, 0);
	}
	process_check(lab);
	alive = host_actors(lab, side, actors);
	if (alive && lab_now(lab) < end) {
		task->wake = end;
		return TASK_IDLE;
	}
	if (alive) {
		stage_host(lab, side, HOST_SAID, "poweroff: SIGKILL to who is left");
		for (int i = 2; i-- > 0;)
			if (actors[i])
				actor_end(lab, actors[i]);
	}
	observe(lab, false);
	if (!task->sub++)
		task->count = (int)((lab_now(lab) - task->began + LAST_WORDS) / NS_PER_MS);
	if (lab_now(lab) < task->began + task->count * NS_PER_MS) {
		task->wake = task->began + task->count * NS_PER_MS;
		return TASK_IDLE;
	}
	host_vanish(lab, side, "poweroff");
	return TASK_DONE;
}
