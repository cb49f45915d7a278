/* SPDX-License-Identifier: GPL-3.0-or-later */
/* situation.c - which needs of an action are met on a side now, and why others are not. */
#include "situation.h"

#include "view.h"

#include <stdio.h>
#include <string.h>

static bool has_fd(const struct snapshot *snapshot, bool listener)
{
	for (unsigned i = 0; snapshot && i < snapshot->nfds && i < SNAPSHOT_FDS; i++)
		if ((snapshot->fds[i].channel == CHANNEL_LISTENER) == listener &&
		    snapshot->fds[i].channel != CHANNEL_NONE)
			return true;
	return false;
}

/* A socket that `set` made has no connection yet, and no channel. */
static bool has_socket(const struct snapshot *snapshot)
{
	for (unsigned i = 0; snapshot && i < snapshot->nfds && i < SNAPSHOT_FDS; i++)
		if (snapshot->fds[i].channel != CHANNEL_LISTENER)
			return true;
	return false;
}

static const struct snapshot *end_snapshot(const struct scene_side *end)
{
	return end->alive && end->snapshot ? end->snapshot->snapshot : NULL;
}

static unsigned met_process(const struct scene_side *end)
{
	unsigned met = end->down ? 0 : NEED_UP;

	met |= end->alive ? NEED_ALIVE : 0;
	met |= end->alive && end->stopped ? NEED_STOPPED : NEED_RUNNING;
	met |= end->alive && end->blocked ? NEED_BLOCKED : NEED_IDLE;
	return met;
}

static unsigned met_descriptors(const struct situation *situation)
{
	const struct snapshot *own = situation->own;
	bool listener = has_fd(own, true), fd = has_socket(own);
	bool never = !own || own->last_fd < 0;
	unsigned met = 0;

	met |= fd ? NEED_FD : 0;
	met |= listener ? NEED_LISTENER : 0;
	met |= fd || (never && listener) ? NEED_ANY_FD : 0;
	met |= fd || listener || !never ? NEED_NUMBER : 0;
	/* A process that has ended is started again, but no child is. */
	if (situation->end->alive ? fd || listener || never : situation->side != SIDE_CHILD)
		met |= NEED_SET_FD;
	return met;
}

static bool end_ready(const struct scene_side *end)
{
	unsigned needs = NEED_UP | NEED_RUNNING | NEED_IDLE;

	return (met_process(end) & needs) == needs;
}

/* The oldest held, and another of its sender. */
static bool two_held(const struct crossings *crossings)
{
	const struct event *oldest = NULL;

	for (int i = crossings->nwait; i-- > 0;) {
		const struct event *event = crossings->wait[i].event;

		if (event->segment.fate != FATE_HELD)
			continue;
		if (oldest && event->side == oldest->side)
			return true;
		oldest = oldest ? oldest : event;
	}
	return false;
}

static unsigned met_wire(const struct screen *screen, struct situation *situation)
{
	const struct wire_state *wire = situation->scene.wire;
	struct crossings crossings;
	struct ladder ladder;
	unsigned met = NEED_WIRE;
	bool hold;

	if (screen_link(screen) != LINK_WIRE || !wire)
		return NEED_LOOPBACK | NEED_WHOLE | NEED_FLOWING;
	screen_ladder(screen, &ladder);
	crossings_take(ladder.journal, ladder.from, situation->scene.n, 0, true, &crossings);
	situation->held = crossings_held(&crossings);
	situation->cut = wire->cut;
	situation->hold = hold = wire->hold[SIDE_CLIENT] || wire->hold[SIDE_SERVER];
	met |= situation->held ? NEED_HELD : 0;
	met |= situation->held || !hold ? NEED_TAKES : 0;
	met |= two_held(&crossings) || (!situation->held && !hold) ? NEED_REORDERS : 0;
	if (situation->held || hold || wire->cut || wire->loss || wire->delay ||
	    wire->unreachable || wire->next_drop || wire->next_duplicate || wire->next_reorder)
		met |= NEED_TROUBLE;
	met |= wire->cut ? 0 : NEED_WHOLE;
	met |= wire->hold[SIDE_CLIENT] && wire->hold[SIDE_SERVER] ? 0 : NEED_FLOWING;
	return met;
}

static unsigned met_feature(const struct screen *screen, enum feature feature, unsigned need)
{
	const struct feature_state *state = screen_feature(screen, feature);

	return state && state->ok ? need : 0;
}

void situation_of(const struct screen *screen, struct situation *situation)
{
	const struct journal *journal = screen_journal(screen);
	struct scene *scene = &situation->scene;

	memset(situation, 0, sizeof(*situation));
	scene_at(journal, journal_last(journal), scene);
	situation->side = screen->focus;
	situation->end = &scene->side[screen->focus];
	situation->peer = &scene->side[screen->focus == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT];
	situation->own = end_snapshot(situation->end);
	situation->other = end_snapshot(situation->peer);
	situation->met = met_process(situation->end) | met_descriptors(situation) |
			 met_wire(screen, situation) | met_feature(screen, FEATURE_TUN, NEED_TUN) |
			 met_feature(screen, FEATURE_SYSCTL, NEED_SYSCTL);
	if (!scene->side[SIDE_CHILD].alive)
		situation->met |= NEED_NO_CHILD;
	if (end_ready(&scene->side[SIDE_CLIENT]) && end_ready(&scene->side[SIDE_SERVER]))
		situation->met |= NEED_PAIR;
}

/* In the order in which they stand in the way; NULL: the words depend on the situation. */
static const struct {
	unsigned need;
	const char *why;
} reasons[] = {
	{NEED_WIRE, "not on loopback: `link wire` first"},
	{NEED_LOOPBACK, "not on the wire: `link loopback` first"},
	{NEED_TUN, "no wire here: see `bothends doctor`"},
	{NEED_UP, NULL},
	{NEED_ALIVE, NULL},
	{NEED_RUNNING, "it is stopped: `cont` first"},
	{NEED_IDLE, NULL},
	{NEED_FD, NULL},
	{NEED_ANY_FD, NULL},
	{NEED_SET_FD, NULL},
	{NEED_NUMBER, NULL},
	{NEED_LISTENER, NULL},
	{NEED_STOPPED, "it is not stopped"},
	{NEED_BLOCKED, "it is not blocked in a call"},
	{NEED_NO_CHILD, "there is a child already: `child exit` ends it"},
	{NEED_PAIR, NULL},
	{NEED_SYSCTL, "the machine's own settings are left alone"},
	{NEED_HELD, "nothing is held: `wire hold` first"},
	{NEED_TAKES, "nothing is held yet; with the next segment"},
	{NEED_REORDERS, "two segments of one sender must be held"},
	{NEED_TROUBLE, "there is nothing to mend"},
	{NEED_WHOLE, "it is cut already: `wire mend` ends that"},
	{NEED_FLOWING, "everything is on hold already"},
};

static void why_dead(const struct situation *situation, char *out, size_t size)
{
	static const char *const again[] = {"connect", "listen", "server fork"};
	const struct event *process = situation->end->process;

	if (process && process->process.what == PROCESS_KILLED)
		snprintf(out, size, "killed by %s: `%s` starts another",
			 signal_name(process->process.status), again[situation->side]);
	else
		snprintf(out, size, "it has exited: `%s` starts another", again[situation->side]);
}

static void why_no_fd(const struct situation *situation, char *out, size_t size)
{
	const struct snapshot *own = situation->own;

	if (own && own->last_fd >= 0)
		snprintf(out, size, "fd %d is closed: it would fail with EBADF", own->last_fd);
	else if (has_fd(own, true))
		snprintf(out, size, "no connection: `accept` first");
	else
		snprintf(out, size, "no descriptor yet: `open` makes a connected pair");
}

static void why_no_pair(const struct situation *situation, char *out, size_t size)
{
	for (enum side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const struct scene_side *end = &situation->scene.side[side];

		if (end_ready(end))
			continue;
		snprintf(out, size, "the %s %s", side_name(side),
			 end->down	? "has no host: `reboot` starts it"
			 : end->stopped ? "is stopped"
					: "is blocked in a call");
		return;
	}
}

static void why_words(const struct situation *situation, unsigned need, char *out, size_t size)
{
	const struct scene_side *end = situation->end;

	switch (need) {
	case NEED_UP:
		snprintf(out, size, "the host is down: `reboot` starts it");
		break;
	case NEED_ALIVE:
		why_dead(situation, out, size);
		break;
	case NEED_IDLE:
		snprintf(out, size, "blocked in %s: `interrupt` wakes it",
			 end->blocked ? call_name(end->blocked->call.call) : "a call");
		break;
	case NEED_LISTENER:
		snprintf(out, size, "it does not listen: `%slisten` first",
			 situation->side == SIDE_SERVER ? "" : "server ");
		break;
	case NEED_PAIR:
		why_no_pair(situation, out, size);
		break;
	default:
		why_no_fd(situation, out, size);
		break;
	}
}

char *situation_why(const struct situation *situation, unsigned needs, char *out, size_t size)
{
	unsigned missing = needs & ~situation->met;

	snprintf(out, size, "not now");
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!(missing & reasons[i].need))
			continue;
		if (reasons[i].why)
			snprintf(out, size, "%s", reasons[i].why);
		else
			why_words(situation, reasons[i].need, out, size);
		break;
	}
	return out;
}

char *situation_hint(const struct screen *screen, int columns, char *out, size_t size)
{
	const char *side = side_name(screen->focus),
		   *dot = glyph_text(GLYPH_DOT, screen->canvas.utf8);
	struct situation situation;
	char why[128];

	situation_of(screen, &situation);
	if (~situation.met & NEED_FREE)
		snprintf(out, size, "%s %s %s", side, dot,
			 situation_why(&situation, NEED_FREE, why, sizeof(why)));
	else if (!(situation.met & NEED_NUMBER))
		snprintf(out, size, "`open` connects the two; F4: all that the %s can do", side);
	else if (!(situation.met & NEED_FD))
		snprintf(out, size, "F4: what the %s can do; `reset`: a fresh pair", side);
	else
		snprintf(out, size, "F4: what the %s can do; %sF7: what a number means", side,
			 columns < 76 ? "" : "F5: look into a segment; ");
	return out;
}
