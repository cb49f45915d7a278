/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * welcome.c - the free lab's first screen.
 *
 *   Both ends of one TCP connection, side by side and live.
 *   Two real processes, their kernel sockets, every call they make ...
 *
 *   ▶ 1  The free lab      `open` connects the two, then it is yours
 *     2  The first lesson  The write that should have failed (6 min)
 *     3  Help              keys and commands
 *
 * A row has a digit, the arrows, Enter and a click; whoever types a command needs none of them.
 */
#include "welcome.h"

#include "mem.h"
#include "view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum way { WAY_FREE, WAY_LESSON, WAY_HELP, WAYS };

/* How much is said: what fits the rows there are. */
enum amount { AMOUNT_LEAST, AMOUNT_FEW, AMOUNT_USUAL, AMOUNT_ALL, AMOUNTS };

#define STEPS_MOST 1000

struct pair {
	const char *what, *means;
};

static const struct pair places[] = {
	{"left and right", "the two ends, as their kernels know them: state, queues, timers"},
	{"between them", "the ladder: each segment on its way across"},
	{"down here", "the journal: calls, segments and states in the order of time"},
};

static const struct pair lines[] = {
	{"open", "socket, bind, listen, connect, accept: a connected pair"},
	{"write \"hello\"", "the server writes; the bytes wait in the client's Recv-Q"},
	{"client read", "the client takes them"},
	{"client close", "its FIN leaves the server in CLOSE_WAIT"},
	{"link wire", "a host each, and every segment between them in your hand"},
};

bool welcome_shows(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);

	return !screen_saved(screen) && !screen->cursor && !reader_reads(&screen->reader) &&
	       !journal_latest(journal, EVENT_COMMAND, SIDE_NONE, journal_last(journal));
}

void welcome_free(struct welcome *welcome)
{
	free(welcome->path);
	free(welcome->title);
	memset(welcome, 0, sizeof(*welcome));
}

/* A page has a letter. */
static bool path_is_lesson(const char *path)
{
	char label[8];

	return isdigit((unsigned char)*catalog_label(path, label, sizeof(label)));
}

/* Offer this lesson; false: it cannot be read, or has been played to its end. */
static bool welcome_take(struct welcome *welcome, const char *path, struct progress *progress)
{
	struct lesson *lesson;
	struct tally tally;
	struct err err;
	bool open;

	if (!path_is_lesson(path) || lesson_read(path, &lesson, &err))
		return false;
	progress_tally(progress, path, lesson->nsteps, &tally);
	open = tally.played < tally.steps;
	if (open) {
		welcome->path = xstrdup(path);
		welcome->title = xstrdup(lesson->title);
		catalog_label(path, welcome->label, sizeof(welcome->label));
		if (tally.played)
			snprintf(welcome->state, sizeof(welcome->state), "%zu/%zu steps",
				 tally.played, tally.steps);
		else
			snprintf(welcome->state, sizeof(welcome->state), "%d min", lesson->minutes);
	}
	lesson_free(lesson);
	return open;
}

/* What was said at the start is not covered by what progress may have to say. */
static struct progress *welcome_progress(struct screen *screen)
{
	char said[sizeof(screen->message)], *more;
	enum style style = screen->message_style;
	struct progress *progress;

	memcpy(said, screen->message, sizeof(said));
	progress = screen_progress(screen);
	if (!*said || !strcmp(said, screen->message))
		return progress;
	more = xstrdup(screen->message);
	screen_say(screen, style, "%s; %s", said, more);
	free(more);
	return progress;
}

/* The lesson that was begun last by the order of the course, or the one after it. */
void welcome_read(struct screen *screen)
{
	struct welcome *welcome = &screen->welcome;
	struct progress *progress;
	size_t last = 0;
	char **paths;

	if (welcome->read)
		return;
	welcome->read = true;
	progress = welcome_progress(screen);
	paths = course_list();
	for (size_t i = 0; paths[i]; i++) {
		struct tally tally;

		progress_tally(progress, paths[i], STEPS_MOST, &tally);
		if (!tally.played)
			continue;
		welcome->back = true;
		last = i;
	}
	for (size_t i = last; i < last + 4 && paths[i]; i++)
		if (welcome_take(welcome, paths[i], progress))
			break;
	course_free(paths);
	welcome->chosen = welcome->back && welcome->path ? WAY_LESSON : WAY_FREE;
}

/* What this machine does not give, and why the first of it. The wire's device is not for here. */
static void welcome_missing(struct page *page, const struct screen *screen)
{
	const struct feature_state *first = NULL;

	for (enum feature i = 0; i < FEATURE_COUNT; i++) {
		const struct feature_state *state = screen_feature(screen, i);

		if (!state || state->ok || i == FEATURE_TUN)
			continue;
		if (!first)
			page_begin(page, 1, STYLE_ERROR, "Missing here:");
		else
			page_flow(page, STYLE_STRONG, ", ");
		page_flow(page, STYLE_STRONG, state->name);
		first = first ? first : state;
	}
	if (!first)
		return;
	page_flow(page, STYLE_PLAIN, " (");
	page_flow(page, STYLE_PLAIN, first->reason);
	page_flow(page, STYLE_PLAIN, "). `bothends doctor` tells what that means, and the cure.");
	page_end(page);
}

static void way_words(const struct screen *screen, enum way way, enum amount amount,
		      struct pair *words, char *text, size_t size)
{
	const struct welcome *welcome = &screen->welcome;
	bool wire = screen_link(screen) == LINK_WIRE;

	switch (way) {
	case WAY_FREE:
		words->what = "The free lab";
		words->means = amount < AMOUNT_USUAL ? "`open` connects the two"
			       : wire ? "`open` connects the two; `wire hold` stops every segment"
				      : "`open` connects the two; what comes next is yours";
		break;
	case WAY_LESSON:
		words->what = !welcome->path  ? "The lessons"
			      : welcome->back ? "Go on"
					      : "The first lesson";
		words->means = text;
		if (!welcome->path)
			snprintf(text, size, "all that is here");
		else if (welcome->back)
			snprintf(text, size, "lesson %s: %s", welcome->label, welcome->title);
		else
			snprintf(text, size, "%s", welcome->title);
		if (welcome->path && amount >= AMOUNT_USUAL)
			snprintf(text + strlen(text), size - strlen(text), " (%s)", welcome->state);
		break;
	default:
		words->what = "Help";
		words->means = amount < AMOUNT_USUAL ? "keys and commands"
						     : "keys, commands, and what each word means";
		break;
	}
}

static void welcome_ways(struct page *page, const struct screen *screen, enum amount amount)
{
	int name = page->width < 70 ? 17 : 19;

	for (enum way way = 0; way < WAYS; way++) {
		bool here = (int)way == screen->welcome.chosen;
		enum style style = here ? STYLE_CHOICE : STYLE_PLAIN;
		char text[256];
		struct pair words;

		way_words(screen, way, amount, &words, text, sizeof(text));
		struct cell cells[] = {
			{1, style, ""},
			{2, style, here ? glyph_text(GLYPH_RIGHT, page->utf8) : ""},
			{3, here ? STYLE_CHOICE : STYLE_KEY_TEXT,
			 (const char *[]){"1", "2", "3"}[way]},
			{name, here ? STYLE_CHOICE : STYLE_STRONG, words.what},
			{page->width - 6 - name, style, words.means},
		};
		page->tag = TAG_CHOICE + (int)way;
		page_cells(page, cells, sizeof(cells) / sizeof(cells[0]));
		page->tag = 0;
		if (amount == AMOUNT_ALL && way + 1 < WAYS)
			page_line(page, STYLE_PLAIN, NULL);
	}
}

static void welcome_pairs(struct page *page, const char *heading, const struct pair *pairs,
			  size_t count, enum style style)
{
	page_line(page, STYLE_PLAIN, NULL);
	page_text(page, 1, STYLE_HEADING, heading);
	for (size_t i = 0; i < count; i++) {
		struct cell cells[] = {
			{3, STYLE_PLAIN, ""},
			{19, style, pairs[i].what},
			{page->width - 22, STYLE_PLAIN, pairs[i].means},
		};

		page_cells(page, cells, 3);
	}
}

static void welcome_fill(struct page *page, const struct screen *screen, enum amount amount)
{
	if (amount >= AMOUNT_ALL)
		page_line(page, STYLE_PLAIN, NULL);
	page_text(page, 1, STYLE_HEADING, "Both ends of one TCP connection, side by side, live.");
	if (amount >= AMOUNT_FEW)
		page_text(page, 1, STYLE_PLAIN,
			  amount == AMOUNT_FEW
				  ? "Two real processes, their sockets, each call and segment."
				  : "Two real processes and their kernel sockets: every call they "
				    "make, every segment between them, and what each kernel thinks "
				    "of its end.");
	if (amount >= AMOUNT_USUAL)
		page_line(page, STYLE_PLAIN, NULL);
	welcome_ways(page, screen, amount);
	if (amount >= AMOUNT_USUAL)
		page_blank(page);
	welcome_missing(page, screen);
	if (amount < AMOUNT_ALL)
		return;
	welcome_pairs(page, "What is where", places, sizeof(places) / sizeof(places[0]),
		      STYLE_LABEL);
	welcome_pairs(page, "Lines to begin with", lines, sizeof(lines) / sizeof(lines[0]),
		      STYLE_CODE);
}

/* As much as fits. */
static void welcome_page(const struct screen *screen, int width, int room, struct page *page)
{
	memset(page, 0, sizeof(*page));
	for (int amount = AMOUNTS; amount-- > 0;) {
		page_start(page, width > 100 ? 100 : width, screen->canvas.utf8);
		welcome_fill(page, screen, (enum amount)amount);
		if ((int)page->count <= room)
			return;
	}
}

int welcome_rows(const struct screen *screen, int width, int room)
{
	struct page page;
	int rows;

	welcome_page(screen, width, room, &page);
	rows = (int)page.count;
	page_free(&page);
	return rows < room ? rows : room;
}

void welcome_draw(const struct screen *screen, struct rect at)
{
	const struct canvas *canvas = &screen->canvas;
	int chosen = TAG_CHOICE + screen->welcome.chosen;
	struct page page;

	welcome_page(screen, at.w, at.h, &page);
	page_draw(canvas, &page, at, 0);
	/* The row that is chosen is one bar, its gaps too. */
	for (int y = 0; y < at.h && y < (int)page.count; y++) {
		const struct row *row = &page.rows[y];
		int x = at.x;

		if (row->tag != chosen)
			continue;
		draw_fill(canvas, (struct rect){at.y + y, at.x, 1, page.width}, STYLE_CHOICE);
		for (size_t i = 0; i < row->count; i++)
			x += draw_text(canvas, at.y + y, x, at.x + page.width - x, STYLE_CHOICE,
				       row->runs[i].text);
	}
	page_free(&page);
}

static void welcome_choose(struct screen *screen)
{
	const struct welcome *welcome = &screen->welcome;

	if (welcome->chosen == WAY_FREE)
		screen_command(screen, "open");
	else if (welcome->chosen == WAY_HELP)
		screen_command(screen, "help");
	else if (welcome->path)
		screen_open_lesson(screen, welcome->path);
	else
		screen_command(screen, "lesson");
}

bool welcome_key(struct screen *screen, int key)
{
	struct welcome *welcome = &screen->welcome;

	if (!welcome_shows(screen) || screen->layout.lesson.h == 0)
		return false;
	if (key >= '1' && key < '1' + WAYS) {
		welcome->chosen = key - '1';
		welcome_choose(screen);
	} else if (key == KEY_DOWN && welcome->chosen < WAYS - 1) {
		welcome->chosen++;
	} else if (key == KEY_UP && welcome->chosen > 0) {
		welcome->chosen--; /* above the first is what was typed before */
	} else if (key == '\r' || key == '\n' || key == KEY_ENTER || key == KEY_NPAGE ||
		   key == ' ') {
		welcome_choose(screen); /* a presenter's one key goes on from here, too */
	} else {
		return false;
	}
	return true;
}

bool welcome_click(struct screen *screen, int y)
{
	struct rect at = screen->layout.lesson;
	struct page page;
	int tag = 0;

	if (!welcome_shows(screen))
		return false;
	welcome_page(screen, at.w, at.h, &page);
	if (y >= at.y && y - at.y < (int)page.count)
		tag = page.rows[y - at.y].tag;
	page_free(&page);
	if (tag < TAG_CHOICE)
		return false;
	screen->welcome.chosen = tag - TAG_CHOICE;
	welcome_choose(screen);
	return true;
}
