/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line_print.c - what the line mode prints.
 *
 *   server> c close
 *      2.4133  client  close(3) = 0
 *      2.4134  client  sends F. 1 ack 1
 *   server>                                      an empty line asks for both ends:
 *   client · pid 4242: ◌ FIN_WAIT2 · orphan; fd 3 ✗ closed; ...
 */
#include "line.h"

#include "facts.h"
#include "keys.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts made for the screen name its keys; here each is the word that stands behind it. */
static const char *key_word(const char *text, size_t *len)
{
	const struct key *key;

	for (size_t i = 0; (key = key_at(i)); i++) {
		bool named = key->name && (key->name[0] == 'F' || !strncmp(key->name, "Pg", 2));

		*len = key->name ? strlen(key->name) : 0;
		if (!named || !key->command || strncmp(text, key->name, *len) ||
		    (text[*len] >= '0' && text[*len] <= '9'))
			continue;
		if (!strcmp(key->command, ":actions"))
			return "`?`";
		if (!strcmp(key->command, ":steps"))
			return "`again N`";
		return key->command[0] == ':' ? NULL : key->command;
	}
	return NULL;
}

void line_put(const struct line *line, const char *text)
{
	char bytes[MB_LEN_MAX];
	wchar_t wide[4];
	int columns;

	while (*text) {
		size_t n;

		if (*text == '\n') {
			putchar(*text++);
			continue;
		}
		n = glyph_take(&text, line->screen.canvas.utf8, wide, &columns);
		for (size_t i = 0; i < n; i++) {
			mbstate_t state = {0};
			size_t len = wcrtomb(bytes, wide[i], &state);

			if (len != (size_t)-1)
				fwrite(bytes, 1, len, stdout);
		}
	}
}

void line_printf(const struct line *line, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (text)
		line_put(line, text);
	free(text);
}

/* Something the screen says, in words that fit here. */
static void line_say(const struct line *line, const char *text)
{
	while (*text) {
		size_t len = 0;
		const char *word = key_word(text, &len);
		char one[8] = "";

		if (word) {
			line_printf(line, *word == '`' ? "%s" : "`%s`", word);
			text += len;
			continue;
		}
		one[0] = *text++;
		for (len = 1; (*text & 0xc0) == 0x80 && len < 4; len++)
			one[len] = *text++;
		line_put(line, one);
	}
}

void line_page(const struct line *line, const struct page *page)
{
	for (size_t y = 0; y < page->count; y++) {
		const struct row *row = &page->rows[y];

		line_printf(line, "%*s", row->indent, "");
		for (size_t i = 0; i < row->count; i++)
			line_say(line, row->runs[i].text);
		line_put(line, "\n");
	}
}

/* As `run` prints it, but an arrow or a mark, which is nothing to the ear, is the word for it. */
static void line_event(const struct line *line, const struct event *event)
{
	char text[4096], *rest;

	event_format(event, line->screen.canvas.utf8, text, sizeof(text));
	rest = strchr(text + strspn(text, " "), ' ');
	line_printf(line, "%9.4f  ", (double)event->t / (double)NS_PER_S);
	if (event->kind == EVENT_SEGMENT && rest)
		line_printf(line, "%s  sends%s\n", side_name(event->side), rest);
	else if (event->kind == EVENT_ICMP && rest)
		line_printf(line, "router  sends%s to the %s\n", rest, side_name(event->icmp.to));
	else if (event->kind == EVENT_EXPECT && rest)
		line_printf(line, "%s%s\n",
			    event->expect.held > 0   ? "held:"
			    : event->expect.held < 0 ? "unknown:"
						     : "not held:",
			    rest);
	else
		line_printf(line, "%s\n", text);
}

/* As `run` does it; and what was typed is seen already. */
static bool line_shows(const struct line *line, const struct event *event)
{
	if (event->kind == EVENT_COMMAND)
		return (line->echo || screen_saved(&line->screen) || event->command.line) &&
		       strncmp(event->command.text, "expect", 6) != 0;
	return event->kind != EVENT_SNAPSHOT;
}

/* The newest event that is to be told: a saved session goes as far as its reader. */
static uint64_t line_upto(const struct line *line)
{
	const struct screen *screen = &line->screen;

	return screen_saved(screen) ? screen_upto(screen) : journal_last(screen_journal(screen));
}

static void line_journal(struct line *line)
{
	const struct journal *journal = screen_journal(&line->screen);
	const uint64_t upto = line_upto(line);

	if (line->told + 1 < journal_first(journal))
		line->told = journal_first(journal) - 1;
	while (line->told < upto) {
		const struct event *event = journal_at(journal, ++line->told);

		if (event && line_shows(line, event))
			line_event(line, event);
	}
}

static void line_end(const struct line *line, enum side side, const struct scene_side *end,
		     const struct limits *limits, int64_t at)
{
	struct page page = {0};
	struct facts facts;
	char pid[48];

	facts_of(end, at, limits, line->screen.canvas.utf8, &facts);
	page_start(&page, line->width, line->screen.canvas.utf8);
	snprintf(pid, sizeof(pid), "%s, pid %d:", side_name(side), (int)end->pid);
	page_begin(&page, 0, STYLE_PLAIN, pid);
	for (unsigned i = 0; i < facts.count; i++) {
		const struct fact *fact = &facts.fact[i];

		if (fact->id > FACT_OPTIONS && fact->id != FACT_CALL) /* `get info` has those */
			continue;
		for (unsigned j = 0; j < fact->count; j++)
			page_flow(&page, STYLE_PLAIN, fact->parts[j].text);
		page_flow(&page, STYLE_PLAIN, i + 1 < facts.count ? "; " : "");
	}
	page_end(&page);
	line_page(line, &page);
	page_free(&page);
}

void line_ends(const struct line *line)
{
	const struct screen *screen = &line->screen;
	const struct journal *journal = screen_journal(screen);
	uint64_t upto = screen_upto(screen);
	const struct event *event = screen->cursor ? journal_at(journal, upto) : NULL;
	int64_t at = event ? event->t : screen_time(screen);
	struct limits limits;
	struct scene scene;

	scene_at(journal, upto, &scene);
	limits_read(journal, upto, &limits);
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++)
		if (scene.side[side].started)
			line_end(line, side, &scene.side[side], &limits, at);
}

/* Where in time the reader is. What lies on the way on in a saved session was told. */
static void line_past(const struct line *line, bool back)
{
	const struct screen *screen = &line->screen;
	const bool saved = screen_saved(screen);
	const struct journal *journal = screen_journal(screen);
	const struct event *event = journal_at(journal, screen->cursor);

	if (!event) {
		line_put(line, saved ? "this is the end of the session\n" : "this is now\n");
	} else if (!saved || back) {
		line_printf(
			line, "%sevent %" PRIu64 " of %" PRIu64 ":\n", saved ? "" : "the past, ",
			journal_list_count(journal, LIST_LINES, SIDE_NONE, event->n),
			journal_list_count(journal, LIST_LINES, SIDE_NONE, journal_last(journal)));
		line_event(line, event);
	}
	if (!saved || back)
		line_ends(line);
}

static void line_pace(const struct line *line)
{
	const int64_t every = line->screen.pace.every;

	if (line->plays)
		line_printf(line, "(goes on by itself every %g s; `pause` stops it)\n",
			    (double)every / (double)NS_PER_S);
}

static void line_menu(const struct line *line)
{
	const struct menu *menu = &line->screen.menu;
	bool lessons = line->screen.overlay == OVERLAY_LESSONS;

	for (size_t i = 0; i < menu->count; i++) {
		const struct item *item = &menu->items[i];

		if (lessons)
			line_printf(line, "%-3s ", item->label);
		line_printf(line, "%s%s", item->text, item->heading ? ":" : "");
		if (item->more && *item->more)
			line_printf(line, "  %s", item->more);
		if (item->state && *item->state)
			line_printf(line, "  %s", item->state);
		line_put(line, "\n");
	}
	if (lessons)
		line_put(line, "`lesson NUMBER` opens one.\n");
}

/* What would lie over the screen is printed once. */
static void line_overlay(struct line *line)
{
	struct screen *screen = &line->screen;
	struct err err = {0};
	char *text;

	if (screen->overlay == OVERLAY_HELP) {
		text = help_text(screen->help_word, &err);
		line_printf(line, "%s\n", text ? text : err.text);
		free(text);
		if (!screen->help_word)
			line_put(line, "An empty line shows both ends, `?` what makes sense now; "
				       "Ctrl-C gives up a wait, twice it leaves.\n");
	} else if (screen->overlay != OVERLAY_NONE) {
		line_menu(line);
	}
	overlay_close(screen);
}

bool line_news(const struct line *line)
{
	const struct screen *screen = &line->screen;

	return line->told < line_upto(line) || screen->message[0] ||
	       screen->overlay != OVERLAY_NONE || line_reader_moved(line) ||
	       line->cursor != screen->cursor || line->plays != screen->pace.plays;
}

void line_tell(struct line *line)
{
	struct screen *screen = &line->screen;
	bool back = screen_saved(screen) && line->told > line_upto(line);

	line_journal(line);
	if (back)
		line->told = line_upto(line);
	if (screen->message[0]) {
		line_put(line, screen->message_style == STYLE_ERROR ? "error: " : "");
		line_say(line, screen->message);
		line_put(line, "\n");
		screen->message[0] = '\0';
	}
	line_overlay(line);
	line_reader(line);
	if (line->cursor != screen->cursor) {
		line->cursor = screen->cursor;
		line_past(line, back);
	}
	if (line->plays != screen->pace.plays) {
		line->plays = screen->pace.plays;
		line_pace(line);
	}
	fflush(stdout);
}
