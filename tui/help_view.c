/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * help_view.c - the help, from the tables: keys, commands, conditions, every word.
 *
 *   ┏ help ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ PgDn, Space   go on: the next event, or the lesson's step    ┃
 *   ┃ PgUp          back by one event                              ▼
 *   ┗ / looks for a word; Esc leaves ━━━━━━━━━━━━━━━━━━ 1-20 of 300 ┛
 */
#include "keys.h"
#include "mem.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CTRL(c) ((c)&0x1f)
#define ESC 27
#define HELP_COLUMNS 108

static void help_keys(struct page *page)
{
	const struct key *key;

	page_line(page, STYLE_HEADING, "Keys");
	for (size_t i = 0; (key = key_at(i)); i++) {
		char name[64];
		int pad;

		if (!key->help)
			continue;
		pad = 13 - (int)strlen(key->name);
		snprintf(name, sizeof(name), "  %s%*s", key->name, pad > 0 ? pad : 1, "");
		page_begin(page, 0, STYLE_STRONG, name);
		page_flow(page, STYLE_PLAIN, key->help);
		page_end(page);
	}
	page_line(page, STYLE_PLAIN, NULL);
	page_text(
		page, 2, STYLE_DIM,
		"A terminal that keeps F1 to F10 for itself: Alt or Esc and the digit. With a "
		"mouse: a click on a key of the bottom row presses it, one on the line above the "
		"prompt goes on in a lesson, one on a number explains it; one on a side speaks to "
		"it, one on a segment leads to when it crossed and a second opens it, one on a "
		"line "
		"of the journal goes there, the wheel scrolls; Shift held, most terminals select "
		"text as ever.");
	page_line(page, STYLE_PLAIN, NULL);
}

static void help_marks(struct page *page)
{
	static const struct {
		enum glyph glyph;
		const char *means;
	} marks[] = {
		{GLYPH_CHANGED, "changed, or came, with the last step"},
		{GLYPH_ALIVE, "a connection the kernel knows and a process holds"},
		{GLYPH_ORPHAN, "orphan: the kernel has it, no process does any more"},
		{GLYPH_GONE, "gone: the kernel has forgotten it"},
		{GLYPH_BLOCKED, "blocked in a call, and for how long"},
		{GLYPH_STOPPED, "stopped process"},
		{GLYPH_HELD, "a segment that is held in mid-wire; ×4: sent four times by now"},
		{GLYPH_ON_RIGHT, "a segment on its way, delayed"},
		{GLYPH_GAP, "time in which nobody sent anything: the kernel waited"},
		{GLYPH_DEAD, "dead process, closed descriptor, lost segment"},
		{GLYPH_DECIDER, "the event that decided a prediction"},
	};

	page_line(page, STYLE_HEADING, "Marks");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		char mark[16];

		snprintf(mark, sizeof(mark), "  %s", glyph_text(marks[i].glyph, page->utf8));
		page_begin(page, 0, STYLE_CHANGED, mark);
		page_flow(page, STYLE_PLAIN, marks[i].means);
		page_end(page);
	}
	page_line(page, STYLE_PLAIN, NULL);
}

/* A line of prepared text: a term, set off from what it means by two blanks or more, or prose. */
struct prepared {
	int indent, column; /* of the line, and of its text behind a term */
	char *term, *text;
};

static void prepared_read(struct prepared *line, const char *text, size_t len)
{
	size_t blanks = strspn(text, " ");
	const char *gap;

	line->indent = line->column = (int)blanks;
	line->term = NULL;
	line->text = xstrndup(text + blanks, len - blanks);
	gap = strstr(line->text, "  ");
	if (!gap)
		return;
	line->term = xstrndup(line->text, (size_t)(gap - line->text));
	gap += strspn(gap, " ");
	line->column += (int)(gap - line->text);
	memmove(line->text, gap, strlen(gap) + 1);
}

/* Text that was wrapped for a terminal, wrapped anew for this width. */
static void help_prepared(struct page *page, const char *text)
{
	int column = -1; /* where the open paragraph's text stands; -1: none is open */

	for (size_t len; *text; text += len + (text[len] == '\n')) {
		struct prepared line;
		char *marker;

		len = strcspn(text, "\n");
		if (strspn(text, " ") >= len) {
			page_end(page);
			page_line(page, STYLE_PLAIN, NULL);
			column = -1;
			continue;
		}
		prepared_read(&line, text, len);
		if (!line.term && line.indent == column && strncmp(line.text, "See ", 4) != 0) {
			page_flow(page, STYLE_PLAIN, " ");
			page_flow(page, STYLE_PLAIN, line.text);
		} else {
			page_end(page);
			if (line.term && line.column < page->width / 2) {
				marker =
					xasprintf("%-*s", line.column - line.indent - 1, line.term);
				page_begin(page, line.indent, STYLE_STRONG, marker);
				free(marker);
			} else {
				page_begin(page, line.indent, STYLE_PLAIN, NULL);
			}
			/* A short line at the left is a heading and has no second. */
			page_flow(page, !line.indent && len < 50 ? STYLE_HEADING : STYLE_PLAIN,
				  line.text);
			column = !line.indent && len < 50 ? -1 : line.column;
		}
		free(line.term);
		free(line.text);
	}
	page_end(page);
}

static void help_build(struct screen *screen, int width)
{
	struct page *page = &screen->help;
	struct err err = {0};
	char *text = help_text(screen->help_word, &err), *index;

	page_start(page, width, screen->canvas.utf8);
	if (!screen->help_word) {
		help_keys(page);
		help_marks(page);
	}
	help_prepared(page, text ? text : err.text);
	if (!screen->help_word) {
		index = help_index();
		page_line(page, STYLE_PLAIN, NULL);
		help_prepared(page, index);
		free(index);
	}
	free(text);
}

/* Prose is read in lines of a hundred columns, not of two hundred. */
static struct rect help_box(struct rect at)
{
	int w = at.w > HELP_COLUMNS ? HELP_COLUMNS : at.w;

	return (struct rect){at.y, at.x + (at.w - w) / 2, at.h, w};
}

/* Go to the next row with the word, from `from` on. */
static void help_seek(struct screen *screen, int from, int by)
{
	struct search *search = &screen->search;
	int high = screen->layout.overlay.h - 2;

	search->row = search_row(search, &screen->help, from, by);
	if (search->row >= 0 &&
	    (search->row < screen->help_top + 1 || search->row >= screen->help_top + high - 1))
		screen->help_top = search->row > high / 3 ? search->row - high / 3 : 0;
}

/* A word that nothing is known of may still be a part of what is. */
static bool help_offer(struct screen *screen, const char *word, const char *why)
{
	struct layout *at = &screen->layout;
	struct search *search = &screen->search;

	overlay_close(screen);
	screen->overlay = OVERLAY_HELP;
	screen->help_top = 0;
	*search = (struct search){.row = -1};
	snprintf(search->word, sizeof(search->word), "%s", word);
	at->overlay = (struct rect){1, 0, at->rows - 4, at->columns};
	help_build(screen, help_box(at->overlay).w - 4);
	help_seek(screen, 0, 1);
	if (search->row < 0)
		overlay_close(screen);
	else
		screen_say(screen, STYLE_HINT, "%s", why);
	return search->row >= 0;
}

void help_open(struct screen *screen, const char *word)
{
	struct err err = {0};
	char *text = help_text(word, &err);

	if (!text) {
		if (!help_offer(screen, word, err.text))
			screen_say(screen, STYLE_ERROR, "%s", err.text);
		return;
	}
	free(text);
	overlay_close(screen);
	screen->overlay = OVERLAY_HELP;
	screen->help_word = word ? xstrdup(word) : NULL;
	screen->help_top = 0;
	screen->search = (struct search){.row = -1};
}

void help_scroll(struct screen *screen, int by)
{
	screen->help_top += by;
	if (screen->help_top < 0)
		screen->help_top = 0;
}

/* While the word is typed the help goes along; Enter keeps it, Esc forgets it. */
static bool help_asked(struct screen *screen, int key)
{
	struct search *search = &screen->search;

	if (key == '\r' || key == '\n' || key == KEY_ENTER) {
		search->asking = false;
		return true;
	}
	if (key == ESC || key == CTRL('C')) {
		*search = (struct search){.row = -1};
		return true;
	}
	if (!search_type(search, key)) {
		search->asking = false;
		return false;
	}
	help_seek(screen, search->row >= 0 ? search->row : screen->help_top, 1);
	return true;
}

bool help_key(struct screen *screen, int key, bool empty)
{
	struct search *search = &screen->search;

	if (search->asking)
		return help_asked(screen, key);
	if (!empty)
		return false;
	if (key == '/') {
		*search = (struct search){.asking = true, .row = -1};
		return true;
	}
	if ((key != 'n' && key != 'N') || !*search->word)
		return false;
	if (search->row < 0)
		help_seek(screen, screen->help_top, 1);
	else
		help_seek(screen, search->row + (key == 'n' ? 1 : -1), key == 'n' ? 1 : -1);
	return true;
}

static void help_border(const struct screen *screen, struct rect at, int last)
{
	const struct canvas *canvas = &screen->canvas;
	const struct search *search = &screen->search;
	int y = at.y + at.h - 1, x = at.x + at.w - 1, top = screen->help_top, columns;
	char where[48];

	snprintf(where, sizeof(where), " %d-%d of %zu ", top + 1,
		 last > 0 ? top + at.h - 2 : (int)screen->help.count, screen->help.count);
	columns = (int)strlen(where);
	draw_text(canvas, y, x - columns, columns, STYLE_DIM, where);
	columns = at.w - 3 - columns;
	if (search->asking)
		draw_printf(canvas, y, at.x + 1, columns, STYLE_INPUT, " /%s_ %s", search->word,
			    *search->word && search->row < 0 ? "  not here " : "");
	else if (*search->word && search->row < 0)
		draw_printf(canvas, y, at.x + 1, columns, STYLE_ERROR, " %s is not here; / again ",
			    search->word);
	else if (*search->word)
		draw_printf(canvas, y, at.x + 1, columns, STYLE_DIM,
			    " %s in %u rows: n, N go on; / again; Esc leaves ", search->word,
			    search_count(search, &screen->help));
	else
		draw_clip(canvas, y, at.x + 1, columns, STYLE_DIM,
			  columns < 52 ? " / looks for a word; Esc leaves "
				       : " / looks for a word; PgUp PgDn scroll; Esc leaves ");
}

void help_draw(struct screen *screen, struct rect whole)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = help_box(whole), inner = {at.y + 1, at.x + 2, at.h - 2, at.w - 4};
	int last;

	if (screen->help.width != inner.w || !screen->help.count) {
		help_build(screen, inner.w);
		if (*screen->search.word)
			help_seek(screen, 0, 1);
	}
	last = (int)screen->help.count - inner.h;
	if (screen->help_top > last)
		screen->help_top = last > 0 ? last : 0;
	draw_fill(canvas, whole, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, at.x + 1, at.w - 2, STYLE_HEADING, " help%s%s ",
		    screen->help_word ? ": " : "", screen->help_word ? screen->help_word : "");
	page_draw(canvas, &screen->help, inner, screen->help_top);
	search_draw(canvas, &screen->search, &screen->help, inner, screen->help_top);
	help_border(screen, at, last);
	if (screen->help_top)
		draw_glyph(canvas, at.y + 1, at.x + at.w - 1, STYLE_CHANGED, GLYPH_UP);
	if (screen->help_top < last)
		draw_glyph(canvas, at.y + at.h - 2, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
}
