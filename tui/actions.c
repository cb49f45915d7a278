/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * actions.c - all that can be done to the side that is spoken to: what makes sense now with what it
 * would bring about, then the rest with the reason why not. Choosing one runs it, or puts it on the
 * prompt where there is something to change in it.
 */
#include "prompt.h"
#include "situation.h"
#include "view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum section {
	SECTION_CALLS,
	SECTION_OPTIONS,
	SECTION_PROCESS,
	SECTION_WIRE,
	SECTION_HOST,
	SECTION_LAB,
	SECTIONS
};
static const char *const sections[SECTIONS] = {
	"Calls", "Options and signals", "Process", "Wire", "Host", "Lab",
};

enum whose { OF_ANY, OF_CLIENT, OF_SERVER, OF_LISTENER /* the server, or the child */ };

#define EDIT true

/* In the order in which they are shown within their section. */
static const struct action {
	enum section section;
	enum whose whose;
	unsigned needs;
	const char *verb;    /* of its row in the table of usages */
	const char *command; /* as it would be typed */
	bool edit;	     /* it goes on the prompt, to be changed there */
	const char *means;   /* where nothing is foretold; NULL: the usage's line */
} actions[] = {
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_FD, "write", "write \"hello\"", EDIT, NULL},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_FD, "read", "read", false, NULL},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_ANY_FD, "close", "close", false,
	 "close its descriptor"},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_ANY_FD, "shutdown", "shutdown wr", EDIT,
	 "end one direction; the descriptor stays"},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_NUMBER, "poll", "poll in out rdhup 0ms", EDIT,
	 "poll(2) and its revents, at once"},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_FD, "send", "send \"hello\" nosignal", EDIT,
	 "send(2), with MSG_NOSIGNAL"},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_FD, "recv", "recv dontwait", EDIT,
	 "recv(2), with MSG_DONTWAIT"},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_FD, "drain", "drain", false, NULL},
	{SECTION_CALLS, OF_ANY, NEED_FREE | NEED_ANY_FD, "dup", "dup", false, NULL},
	{SECTION_CALLS, OF_SERVER, NEED_FREE | NEED_NO_CHILD, "fork", "fork", false, NULL},
	{SECTION_CALLS, OF_SERVER, NEED_FREE | NEED_LISTENER, "accept", "accept", false,
	 "takes a connection that waits, or blocks"},
	{SECTION_CALLS, OF_CLIENT, NEED_UP | NEED_RUNNING | NEED_IDLE, "connect", "connect", false,
	 "socket and connect, to the server's port"},
	{SECTION_CALLS, OF_SERVER, NEED_UP | NEED_RUNNING | NEED_IDLE, "listen", "listen", false,
	 NULL},
	{SECTION_CALLS, OF_LISTENER, NEED_FREE | NEED_LISTENER, "close", "close listen", false,
	 "close the listener's descriptor"},

	{SECTION_OPTIONS, OF_ANY, NEED_UP | NEED_RUNNING | NEED_IDLE | NEED_SET_FD, "set linger",
	 "set linger 0", EDIT, "close sends RST, and throws unsent data away"},
	{SECTION_OPTIONS, OF_ANY, NEED_FREE, "signal", "signal SIGPIPE ignore", EDIT,
	 "what the process does on a signal"},
	{SECTION_OPTIONS, OF_ANY, NEED_FREE | NEED_ANY_FD, "get", "get error", EDIT,
	 "getsockopt(2); SO_ERROR is taken away by it"},
#define SET(option, value, means)                                                          \
	{                                                                                  \
		SECTION_OPTIONS, OF_ANY, NEED_UP | NEED_RUNNING | NEED_IDLE | NEED_SET_FD, \
			"set " option, "set " option " " value, EDIT, means                \
	}
	SET("nonblock", "on", NULL),
	SET("rcvtimeo", "2s", "a read gives up after 2 s: EAGAIN"),
	SET("sndtimeo", "2s", "a write gives up after 2 s: EAGAIN"),
	SET("keepalive", "idle 5s interval 1s count 3", "probe an idle peer after 5 s"),
	SET("user-timeout", "5s", "unacknowledged for 5 s: ETIMEDOUT"),
	SET("nodelay", "on", NULL),
	SET("cork", "on", NULL),
	SET("rcvbuf", "4k", NULL),
	SET("sndbuf", "4k", NULL),
	SET("linger2", "5s", NULL),
	SET("reuseaddr", "on", "bind although the port is in TIME_WAIT"),

	{SECTION_PROCESS, OF_ANY, NEED_UP | NEED_ALIVE | NEED_STOPPED, "cont", "cont", false, NULL},
	{SECTION_PROCESS, OF_ANY, NEED_UP | NEED_ALIVE | NEED_RUNNING | NEED_BLOCKED, "interrupt",
	 "interrupt", false, NULL},
	{SECTION_PROCESS, OF_ANY, NEED_UP | NEED_ALIVE | NEED_RUNNING, "stop", "stop", false,
	 "freeze it; its kernel goes on acknowledging"},
	{SECTION_PROCESS, OF_ANY, NEED_UP | NEED_ALIVE, "kill", "kill", EDIT,
	 "SIGTERM; its kernel closes what it had open"},
	{SECTION_PROCESS, OF_ANY, NEED_FREE, "exit", "exit", EDIT,
	 "it exits; its kernel closes what it had open"},

	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_HELD, "wire release", "wire release", false, NULL},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_FLOWING, "wire hold", "wire hold", false,
	 "stop every segment in mid-wire"},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_TAKES, "wire drop", "wire drop", false, NULL},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_TAKES, "wire duplicate", "wire duplicate", false,
	 NULL},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_REORDERS, "wire reorder", "wire reorder", false,
	 "a sender's second goes before its first"},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_WHOLE, "wire cut", "wire cut", false, NULL},
	{SECTION_WIRE, OF_ANY, NEED_WIRE | NEED_TROUBLE, "wire mend", "wire mend", false,
	 "all of it ends, and what is held arrives"},
	{SECTION_WIRE, OF_ANY, NEED_WIRE, "wire delay", "wire delay 200ms", EDIT, NULL},
	{SECTION_WIRE, OF_ANY, NEED_WIRE, "wire loss", "wire loss 20", EDIT,
	 "lose every fifth segment or so"},
	{SECTION_WIRE, OF_ANY, NEED_WIRE, "wire unreachable", "wire unreachable host", EDIT, NULL},

	{SECTION_HOST, OF_ANY, NEED_WIRE | NEED_UP, "crash", "crash", false, NULL},
	{SECTION_HOST, OF_ANY, NEED_WIRE, "reboot", "reboot", false,
	 "up again, and it knows no connection: RST"},
	{SECTION_HOST, OF_ANY, NEED_WIRE | NEED_UP, "poweroff", "poweroff 5s", EDIT,
	 "SIGTERM, 5 s of grace, SIGKILL"},

	{SECTION_LAB, OF_ANY, NEED_PAIR, "open", "open", false,
	 "a connected pair: every call is shown"},
	{SECTION_LAB, OF_ANY, 0, "reset", "reset", false, "a fresh pair of processes, connected"},
	{SECTION_LAB, OF_ANY, NEED_TUN, "link", "link wire", false,
	 "the lab afresh: a host each, and a cable"},
	{SECTION_LAB, OF_ANY, 0, "link", "link loopback", false,
	 "the lab afresh, both ends on one host"},
	{SECTION_LAB, OF_ANY, NEED_LOOPBACK | NEED_PAIR, "open", "open socketpair", false,
	 "to compare: both ends in one kernel"},
	{SECTION_LAB, OF_ANY, NEED_LOOPBACK | NEED_PAIR, "open", "open pipe", false,
	 "to compare: client writes, server reads"},
	{SECTION_LAB, OF_ANY, NEED_SYSCTL, "sysctl", "sysctl tcp_retries2", EDIT,
	 "show or set a setting of both hosts"},
};
#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

static bool action_is_for(const struct action *action, enum side side)
{
	switch (action->whose) {
	case OF_CLIENT:
		return side == SIDE_CLIENT;
	case OF_SERVER:
		return side == SIDE_SERVER;
	case OF_LISTENER:
		return side != SIDE_CLIENT;
	default:
		return true;
	}
}

static bool starts_with(const char *line, const char *verb)
{
	size_t len = strlen(verb);

	return !strncmp(line, verb, len) && (!line[len] || line[len] == ' ');
}

/* Its row of the language: "SIDE close [listen]" and what `help` has to say. */
static const struct usage *action_usage(const struct action *action)
{
	const struct usage *usage;

	for (size_t row = 0; (usage = usage_at(row)); row++) {
		const char *line = usage->usage, *space = strchr(line, ' ');

		if (!strcmp(usage->group, "Conditions"))
			continue;
		if (!strncmp(line, "SIDE ", 5) || !strncmp(line, "client ", 7) ||
		    !strncmp(line, "server ", 7))
			line = space + 1;
		if (starts_with(line, action->verb))
			return usage;
	}
	return NULL;
}

static void action_detail(struct menu *menu, const struct usage *usage)
{
	char text[512];

	if (!usage)
		return;
	snprintf(text, sizeof(text), "%s: %s.%s%s%s%s",
		 usage->usage + (strncmp(usage->usage, "SIDE ", 5) ? 0 : 5), usage->help,
		 *usage->more ? " " : "", usage->more, *usage->man ? " See " : "", usage->man);
	menu_detail(menu, text);
}

static void action_add(struct menu *menu, const struct situation *situation,
		       const struct action *action, bool can)
{
	const struct usage *usage = action_usage(action);
	char words[160], label[8] = "";

	if (!can)
		situation_why(situation, action->needs, words, sizeof(words));
	else if (!*forecast(situation, action->command, words, sizeof(words)))
		snprintf(words, sizeof(words), "%s",
			 action->means ? action->means
			 : usage       ? usage->help
				       : "");
	menu_add(menu, action->command, words, action->command);
	action_detail(menu, usage);
	if (!can)
		menu_off(menu);
	else if (menu->numbered < 9)
		snprintf(label, sizeof(label), "%zu", ++menu->numbered);
	menu_label(menu, label);
}

static bool action_can(const struct situation *situation, const struct action *action)
{
	return (action->needs & situation->met) == action->needs;
}

static void actions_section(struct menu *menu, const struct situation *situation,
			    enum section section, bool can)
{
	bool headed = !can;

	for (size_t i = 0; i < ACTIONS; i++) {
		const struct action *action = &actions[i];

		if (action->section != section || !action_is_for(action, situation->side) ||
		    action_can(situation, action) != can)
			continue;
		if (!headed)
			menu_heading(menu, sections[section]);
		headed = true;
		action_add(menu, situation, action, can);
	}
}

/* The section that the situation asks for comes first. */
static enum section actions_first(const struct situation *situation)
{
	if (situation->met & (NEED_STOPPED | NEED_BLOCKED))
		return SECTION_PROCESS;
	if (situation->held)
		return SECTION_WIRE;
	if (!(situation->met & NEED_UP))
		return SECTION_HOST;
	return situation->met & (NEED_FD | NEED_LISTENER) ? SECTION_CALLS : SECTION_LAB;
}

/* What makes sense now, the most wanted section first; then what does not. */
void actions_open(struct screen *screen)
{
	struct menu *menu = &screen->menu;
	struct situation situation;
	enum section first;
	char title[96];

	overlay_close(screen);
	situation_of(screen, &situation);
	first = actions_first(&situation);
	snprintf(title, sizeof(title), "what the %s can do now", side_name(screen->focus));
	if (situation.own && situation.own->state != STATE_NONE)
		snprintf(title + strlen(title), sizeof(title) - strlen(title), " %s %s",
			 glyph_text(GLYPH_DOT, screen->canvas.utf8),
			 situation.own->gone ? "gone" : state_name(situation.own->state));
	menu_title(menu, title);
	menu->letters = true;
	menu->seen = journal_last(screen_journal(screen));
	actions_section(menu, &situation, first, true);
	for (enum section section = 0; section < SECTIONS; section++)
		if (section != first)
			actions_section(menu, &situation, section, true);
	menu_heading(menu, "Not now");
	for (enum section section = 0; section < SECTIONS; section++)
		actions_section(menu, &situation, section, false);
	menu_move(menu, -1000);
	screen->overlay = OVERLAY_ACTIONS;
}

void actions_follow(struct screen *screen)
{
	struct menu old = screen->menu;

	if (journal_last(screen_journal(screen)) == old.seen)
		return;
	memset(&screen->menu, 0, sizeof(screen->menu));
	actions_open(screen);
	menu_stand(&screen->menu, &old);
	menu_clear(&old);
}

/* Run the chosen action, or leave it on the prompt where there is something to fill in. */
static void actions_choose(struct screen *screen, const char *value)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (actions[i].edit && !strcmp(actions[i].command, value)) {
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
