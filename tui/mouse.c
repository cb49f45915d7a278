/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mouse.c - what is under a click. Everything a mouse does, a key does too. */
#include "journal_view.h"
#include "keys.h"
#include "prompt.h"
#include "view.h"

#define OURS (BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED)

/* What came at once, the newest first: curses has room for eight. */
static struct {
	MEVENT events[8];
	size_t count;
} mouse;

static bool inside(struct rect at, int y, int x)
{
	return y >= at.y && y < at.y + at.h && x >= at.x && x < at.x + at.w;
}

static void mouse_wheel(struct screen *screen, int by)
{
	const struct reader *reader = &screen->reader;
	bool text = reader_reads(reader) && reader->more &&
		    !(reader->phase == READER_END && reader->choice >= 0);

	if (screen->overlay == OVERLAY_HELP || screen->overlay == OVERLAY_SEGMENT)
		help_scroll(screen, by);
	else if (screen->overlay != OVERLAY_NONE)
		menu_move(&screen->menu, by);
	else if (by < 0 && !(screen->options.stage && !screen->cursor))
		screen_back(screen);
	else if (screen->cursor || text)
		screen_next(screen); /* never on or, on the stage, back in a lesson: a wheel turns
					by itself */
}

/* An answer is chosen; a step at the end, too, and a second click plays it again. */
static void mouse_choose(struct screen *screen, int choice)
{
	struct reader *reader = &screen->reader;
	bool again = reader->phase == READER_END && choice >= 0 && choice == reader->choice;

	if (again)
		reader_again(reader, (size_t)choice);
	else
		reader_guess(reader, choice);
}

/* What the rows around the panels name is done by a click on it. */
static bool mouse_named(struct screen *screen, int y, int x)
{
	const struct layout *at = &screen->layout;
	int key = inside(at->keys, y, x) ? keys_under(screen, at->keys, x) : 0;

	if (key)
		key_do(screen, key);
	else if (screen->overlay != OVERLAY_NONE)
		return false;
	else if (inside(at->title, y, x) && screen->cursor && !screen_saved(screen))
		screen_now(screen); /* "End: now" */
	else if (inside(at->message, y, x) && !screen->cursor && !screen->walking &&
		 reader_reads(&screen->reader))
		key_do(screen, KEY_NPAGE); /* "PgDn: ..." */
	else
		return false;
	return true;
}

static void mouse_click(struct screen *screen, int y, int x)
{
	const struct layout *at = &screen->layout;
	struct journal_view view;
	uint64_t n;
	int item;

	if (mouse_named(screen, y, x))
		return;
	if (screen->overlay != OVERLAY_NONE && inside(at->overlay, y, x)) {
		item = screen->overlay == OVERLAY_HELP || screen->overlay == OVERLAY_SEGMENT
			       ? -1
			       : menu_at(at->overlay, &screen->menu, y);
		if (item >= 0) {
			screen->menu.chosen = (size_t)item;
			overlay_choose(screen);
		}
		return;
	}
	if (screen->overlay == OVERLAY_NONE && explain_click(screen, y, x))
		return;
	if (screen->walking && inside(at->message, y, x) && walk_click_act(screen, x))
		return;
	if (inside(at->ladder, y, x))
		walk_click(screen, y);
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++)
		if (at->end[side].h && inside(at->end[side], y, x)) {
			screen->focus = side;
			prompt_focus(side);
		}
	screen_journal_view(screen, &view);
	if (inside(at->journal, y, x) && (n = journal_view_at(at->journal, &view, y)))
		rewind_to(screen, n);
	if (at->lesson.h && inside(at->lesson, y, x) && welcome_click(screen, y))
		return;
	if (at->lesson.h && inside(at->lesson, y, x) && reader_reads(&screen->reader))
		mouse_choose(screen,
			     lesson_view_at(&screen->canvas, at->lesson, &screen->reader, y));
}

static void mouse_do(struct screen *screen, const MEVENT *event)
{
	if (!screen_fits(screen))
		return;
	if (event->bstate & BUTTON1_PRESSED && stage_click(screen, event->y, event->x))
		return;
	pace_pause(screen);
	if (event->bstate & BUTTON4_PRESSED)
		mouse_wheel(screen, -1);
	else if (event->bstate & BUTTON5_PRESSED)
		mouse_wheel(screen, 1);
	else
		mouse_click(screen, event->y, event->x);
}

bool mouse_read(void)
{
	MEVENT event;

	mouse.count = 0;
	while (getmouse(&event) == OK)
		if (event.bstate & OURS && mouse.count < sizeof(mouse.events) / sizeof(event))
			mouse.events[mouse.count++] = event;
	return mouse.count;
}

void mouse_take(struct screen *screen)
{
	while (mouse.count)
		mouse_do(screen, &mouse.events[--mouse.count]);
}
