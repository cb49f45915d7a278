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
};

/* In the order in which they are shown. `sample` is what goes on the prompt, to be changed there;
 * NULL: the command is whole as it is. */
static const struct {
	const char *verb;
	unsigned needs;
	const char *sample;
} actions[] = {
	{"open", NEED_FRESH | NEED_FREE, NULL},
	{"interrupt", NEED_BLOCKED | NEED_RUNNING, NULL},
	{"cont", NEED_STOPPED, NULL},
	{"write", NEED_FREE | NEED_FD, "write \"hello\""},
	{"read", NEED_FREE | NEED_FD, NULL},
	{"poll", NEED_FREE | NEED_FD, "poll in out rdhup 0ms"},
	{"close", NEED_FREE | NEED_FD, NULL},
	{"shutdown", NEED_FREE | NEED_FD, "shutdown wr"},
	{"send", NEED_FREE | NEED_FD, "send \"hello\" nosignal"},
	{"recv", NEED_FREE | NEED_FD, "recv dontwait"},
	{"signal", NEED_FREE, "signal SIGPIPE ignore"},
	{"set linger", NEED_FREE | NEED_FD, "set linger 0"},
	{"get", NEED_FREE | NEED_FD, "get error"},
	{"listen", NEED_FREE | NEED_NO_LISTENER, NULL},
	{"accept", NEED_FREE | NEED_LISTENER, NULL},
	{"connect", NEED_FREE | NEED_NO_FD, NULL},
	{"dup", NEED_FREE | NEED_FD, NULL},
	{"fork", NEED_FREE | NEED_NO_CHILD, NULL},
	{"kill", NEED_RUNNING, NULL},
	{"exit", NEED_FREE, NULL},
	{"stop", NEED_RUNNING, NULL},
	{"reset", NEED_USED, NULL},
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
	return met;
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

static void actions_add(struct screen *screen, size_t i)
{
	const struct usage *usage;
	const char *line;

	for (size_t row = 0; (usage = usage_at(row)); row++) {
		if (!strcmp(usage->group, "Conditions") ||
		    !usage_for(usage, screen->focus, &line) || !starts_with(line, actions[i].verb))
			continue;
		menu_add(&screen->menu, line, usage->help,
			 actions[i].sample ? actions[i].sample : actions[i].verb);
		return;
	}
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
			actions_add(screen, i);
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

	snprintf(value, sizeof(value), "%s", item ? item->value : "");
	overlay_close(screen);
	if (!*value)
		return;
	if (overlay == OVERLAY_LESSONS)
		screen_open_lesson(screen, value);
	else if (overlay == OVERLAY_ACTIONS)
		actions_choose(screen, value);
}
