/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flight.c - a call under way: when is it blocked, and not merely on a slow machine? */
#include "task.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#define ASK_AGAIN (10 * NS_PER_MS)
#define SLOW_MOST (2 * NS_PER_S) /* from then on whatever has not returned counts as blocked */
#define BULK 65536		 /* who moves more is at work for long, and yet has not returned */

static bool flight_bulk(const struct flight *flight)
{
	return flight->call == CALL_DRAIN || flight->request.size > BULK;
}

/* Its process has taken the request and sleeps, and no answer is on its way. */
static bool flight_blocked(const struct lab *lab, const struct actor *actor)
{
	const struct flight *flight = &actor->flight;
	struct pollfd answer = {.fd = actor->control, .events = POLLIN};
	int64_t age = lab_now(lab) - flight->sent;
	int letter, unread;

	if (age < BLOCKED_AFTER)
		return false;
	letter = process_letter(actor->pid);
	if (age > SLOW_MOST || letter == 'T' || letter == 't')
		return true;
	if (actor->control < 0 || ioctl(actor->control, SIOCOUTQ, &unread) || unread)
		return false;
	if (letter == 'R' && !flight_bulk(flight))
		return false;
	return poll(&answer, 1, 0) == 0;
}

void flights_check(struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct actor *actor = &lab->actors[side];
		struct flight *flight = &actor->flight;
		struct event event = {.kind = EVENT_BLOCKED, .side = actor->side};
		char args[ARGS_MAX];

		if (!flight_young(flight))
			continue;
		/* The server's child may have been stopped: only the server was told. */
		if (!actor->ours && lab_now(lab) - flight->sent >= BLOCKED_AFTER)
			process_check(lab);
		if (!flight_young(flight) || !flight_blocked(lab, actor))
			continue;
		flight->journalled = true;
		/* Without a capture no SYN told which connection this is. */
		if (flight->call == CALL_CONNECT && !link_sees(lab))
			flight->conn = conn_found(lab, actor);
		event.conn = flight->conn;
		event.t = flight->sent;
		event.call.call = flight->call;
		event.call.pid = actor->pid;
		event.call.args = call_args(flight, NULL, NULL, args, sizeof(args));
		stage_add(lab, &event);
	}
}

bool flight_young(const struct flight *flight)
{
	return flight->active && !flight->journalled && flight->call != CALL_COUNT;
}

int64_t flight_check_at(const struct lab *lab, const struct flight *flight)
{
	int64_t at = flight->sent + BLOCKED_AFTER, now = lab_now(lab);

	if (!flight_young(flight))
		return NEVER;
	return at > now ? at : now + ASK_AGAIN;
}
