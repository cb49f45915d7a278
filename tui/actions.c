/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * actions.c - what makes sense now on the side that is spoken to: the rows of the usage table whose
 * needs are met. Choosing one runs it, or puts it on the prompt where something is to be filled in.
 */
#include "prompt.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum need {
	NEED_FREE = 1, /* alive, neither blocked nor stopped */
	NEED_FD = 2,   /* has an open descriptor of a connection */
	NEED_NO_FD = 4,
	NEED_LISTENER = 8,
	NEED_NO_LISTENER = 16,
	NEED_BLOCKED = 32,
	NEED_STOPPED = 64,
	NEED_RUNNING = 128, /* alive and not stopped, blocked or not */
	NEED_USED = 256,    /* something has been done before */
	NEED_NO_CHILD = 512,
	NEED_FRESH = 1024, /* nobody has a connection */
	NEED_LOOPBACK = 2048,
	NEED_WIRE = 4096,
	NEED_HELD = 8192, /* a segment is held, or two */
	NEED_HELD_TWO = 16384,
	NEED_TROUBLE = 32768, /* the cable does more than carry */
	NEED_WHOLE = 65536,   /* it is not cut */
	NEED_UP = 131072,     /* the side's host */
	NEED_DOWN = 262144,
};

/* Why an action that is listed all the same makes no sense now: the first need not met. */
static const struct {
	unsigned need;
	const char *why;
} reasons[] = {
	{NEED_WIRE, "not on loopback: `link wire` first"},
	{NEED_HELD, "nothing is held: `wire hold` first"},
	{NEED_HELD_TWO, "two must be held: `wire hold` first"},
	{NEED_TROUBLE, "nothing is to be mended"},
	{NEED_WHOLE, "it is cut: `wire mend` first"},
	{NEED_UP, "the host is down: `reboot` first"},
	{NEED_DOWN, "the host is up"},
};

/* In the order in which they are shown. `sample` is what goes on the prompt, to be changed there;
 * NULL: the command is whole as it is. `listed`: also while its needs are not met, at the end. */
static const struct {
	const char *verb;
	unsigned needs;
	const char *sample;
	bool listed;
} actions[] = {
	{"open", NEED_FRESH | NEED_FREE, NULL, false},
	{"interrupt", NEED_BLOCKED | NEED_RUNNING, NULL, false},
	{"cont", NEED_STOPPED, NULL, false},
	{"wire release", NEED_WIRE | NEED_HELD, NULL, true},
	{"write", NEED_FREE | NEED_FD, "write \"hello\"", false},
	{"read", NEED_FREE | NEED_FD, NULL, false},
	{"poll", NEED_FREE | NEED_FD, "poll in out rdhup 0ms", false},
	{"close", NEED_FREE | NEED_FD, NULL, false},
	{"shutdown", NEED_FREE | NEED_FD, "shutdown wr", false},
	{"wire hold", NEED_WIRE, NULL, true},
	{"wire drop", NEED_WIRE | NEED_HELD, NULL, true},
	{"wire duplicate", NEED_WIRE | NEED_HELD, NULL, true},
	{"wire reorder", NEED_WIRE | NEED_HELD_TWO, NULL, true},
	{"wire cut", NEED_WIRE | NEED_WHOLE, NULL, true},
	{"wire mend", NEED_WIRE | NEED_TROUBLE, NULL, true},
	{"wire delay", NEED_WIRE, "wire delay 200ms", true},
	{"wire loss", NEED_WIRE, "wire loss 20", true},
	{"wire unreachable", NEED_WIRE, "wire unreachable host", true},
	{"crash", NEED_WIRE | NEED_UP, NULL, true},
	{"reboot", NEED_WIRE, NULL, true},
	{"poweroff", NEED_WIRE | NEED_UP, "poweroff 5s", true},
	{"send", NEED_FREE | NEED_FD, "send \"hello\" nosignal", false},
	{"recv", NEED_FREE | NEED_FD, "recv dontwait", false},
	{"signal", NEED_FREE, "signal SIGPIPE ignore", false},
	{"set linger", NEED_FREE | NEED_FD, "set linger 0", false},
	{"get", NEED_FREE | NEED_FD, "get error", false},
	{"listen", NEED_FREE | NEED_NO_LISTENER, NULL, false},
	{"accept", NEED_FREE | NEED_LISTENER, NULL, false},
	{"connect", NEED_FREE | NEED_NO_FD, NULL, false},
	{"dup", NEED_FREE | NEED_FD, NULL, false},
	{"fork", NEED_FREE | NEED_NO_CHILD, NULL, false},
	{"kill", NEED_RUNNING, NULL, false},
	{"exit", NEED_FREE, NULL, false},
	{"stop", NEED_RUNNING, NULL, false},
	{"reset", NEED_USED, NULL, false},
	{"link", NEED_LOOPBACK, "link wire", false},
	{"link", NEED_WIRE, "link loopback", false},
};

static bool has_fd(const struct scene_side *end, bool listener)
{
	const struct snapshot *snapshot = end->snapshot ? end->snapshot->snapshot : NULL;

	for (unsigned i = 0; snapshot && i < snapshot->nfds && i < SNAPSHOT_FDS; i++)
		if ((snapshot->fds[i].channel == CHANNEL_LISTENER) == listener &&
		    snapshot->fds[i].channel != CHANNEL_NONE)
			return true;
	return false;
}

/* What the cable and the host allow. */
static unsigned needs_wire(const struct screen *screen, const struct scene *scene)
{
	const struct wire_state *wire = scene->wire;
	struct crossings crossings;
	struct ladder ladder;
	unsigned met = 0;
	int held;

	if (screen_link(screen) != LINK_WIRE || !wire)
		return NEED_LOOPBACK;
	screen_ladder(screen, &ladder);
	crossings_take(ladder.journal, ladder.from, scene->n, 0, true, &crossings);
	held = crossings_held(&crossings);
	met |= NEED_WIRE | (held ? NEED_HELD : 0) | (held > 1 ? NEED_HELD_TWO : 0);
	if (held || wire->hold[SIDE_CLIENT] || wire->hold[SIDE_SERVER] || wire->cut || wire->loss ||
	    wire->delay || wire->unreachable || wire->next_drop || wire->next_duplicate ||
	    wire->next_reorder)
		met |= NEED_TROUBLE;
	met |= wire->cut ? 0 : NEED_WHOLE;
	return met | (scene->side[screen->focus].down ? NEED_DOWN : NEED_UP);
}

static unsigned needs_met(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	uint64_t last = journal_last(journal);
	struct scene scene;
	const struct scene_side *end;
	unsigned met = 0;

	scene_at(journal, last, &scene);
	end = &scene.side[screen->focus];
	if (end->alive && !end->stopped && !end->blocked)
		met |= NEED_FREE;
	if (end->alive && !end->stopped)
		met |= NEED_RUNNING;
	if (end->alive && end->stopped)
		met |= NEED_STOPPED;
	if (end->alive && end->blocked)
		met |= NEED_BLOCKED;
	if (end->alive)
		met |= has_fd(end, false) ? NEED_FD : NEED_NO_FD;
	met |= has_fd(end, true) ? NEED_LISTENER : NEED_NO_LISTENER;
	if (!scene.side[SIDE_CHILD].alive)
		met |= NEED_NO_CHILD;
	if (journal_latest(journal, EVENT_COMMAND, SIDE_NONE, last))
		met |= NEED_USED;
	if (!has_fd(&scene.side[SIDE_CLIENT], false) && !has_fd(&scene.side[SIDE_SERVER], false))
		met |= NEED_FRESH;
	return met | needs_wire(screen, &scene);
}

/* A usage line without its side, and whether this side may use it at all. */
static bool usage_for(const struct usage *usage, enum side focus, const char **line)
{
	const char *text = usage->usage, *space = strchr(text, ' ');
	size_t len = space ? (size_t)(space - text) : strlen(text);
	char word[16];

	*line = text;
	if (len >= sizeof(word))
		return true;
	memcpy(word, text, len);
	word[len] = '\0';
	if (!strcmp(word, "SIDE")) {
		*line = space + 1;
		return true;
	}
	if (side_from_name(word) < 0)
		return true;
	*line = space + 1;
	return !strcmp(word, side_name(focus));
}

static bool starts_with(const char *line, const char *verb)
{
	size_t len = strlen(verb);

	return !strncmp(line, verb, len) && (!line[len] || line[len] == ' ');
}

static void actions_add(struct screen *screen, size_t i, const char *why)
{
	const struct usage *usage;
	const char *line;

	for (size_t row = 0; (usage = usage_at(row)); row++) {
		if (!strcmp(usage->group, "Conditions") ||
		    !usage_for(usage, screen->focus, &line) || !starts_with(line, actions[i].verb))
			continue;
		menu_add(&screen->menu, line, why ? why : usage->help,
			 actions[i].sample ? actions[i].sample : actions[i].verb);
		if (why)
			menu_off(&screen->menu);
		return;
	}
}

static const char *actions_why(unsigned missing)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (missing & reasons[i].need)
			return reasons[i].why;
	return "not now";
}

void actions_open(struct screen *screen)
{
	unsigned met = needs_met(screen);
	char title[64];

	overlay_close(screen);
	snprintf(title, sizeof(title), "what the %s can do now", side_name(screen->focus));
	menu_title(&screen->menu, title);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if ((actions[i].needs & met) == actions[i].needs)
			actions_add(screen, i, NULL);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].listed && (actions[i].needs & met) != actions[i].needs)
			actions_add(screen, i, actions_why(actions[i].needs & ~met));
	screen->overlay = OVERLAY_ACTIONS;
}

/* Run the chosen action, or leave it on the prompt where there is something to fill in. */
static void actions_choose(struct screen *screen, const char *value)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (actions[i].sample && !strcmp(actions[i].sample, value)) {
			prompt_set(value);
			screen_say(screen, STYLE_HINT, "change it as you like, then Enter");
			return;
		}
	screen_command(screen, value);
}

void overlay_close(struct screen *screen)
{
	free(screen->help_word);
	screen->help_word = NULL;
	page_free(&screen->help);
	menu_clear(&screen->menu);
	screen->overlay = OVERLAY_NONE;
}

void overlay_choose(struct screen *screen)
{
	const struct item *item = menu_chosen(&screen->menu);
	enum overlay overlay = screen->overlay;
	char value[4096];

	if (item && item->off) {
		screen_say(screen, STYLE_HINT, "%s: %s", item->text, item->more);
		return;
	}
	snprintf(value, sizeof(value), "%s", item ? item->value : "");
	overlay_close(screen);
	if (!*value)
		return;
	if (overlay == OVERLAY_LESSONS && *value == '/')
		screen_open_lesson(screen, value);
	else if (overlay == OVERLAY_ACTIONS)
		actions_choose(screen, value);
	else
		screen_command(screen, value);
}
