/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys.c - keys to command lines. */
#include "keys.h"

#include "prompt.h"

#include <stdio.h>
#include <string.h>

#define CTRL(c) ((c)&0x1f)
#define ESC 27

/* What begins with a colon is a request to the screen that the command language has no word for. */
static const struct key keys[] = {
	{KEY_NPAGE, false, "PgDn", "next", "next",
	 "go on: in the past one event forward, in a lesson its next step"},
	{' ', true, "Space", "next", NULL, "the same, on an empty prompt"},
	{KEY_PPAGE, false, "PgUp", "back", "back",
	 "back by one event: both ends as they were then"},
	{KEY_LEFT, true, "Left, Right", ":earlier", NULL,
	 "back or forward by a command, on an empty prompt: to where all it led to has happened"},
	{KEY_RIGHT, true, NULL, ":later", NULL, NULL},
	{KEY_HOME, true, "Home", ":first", NULL, "to the first event, on an empty prompt"},
	{KEY_END, false, "End", "end", NULL, "return to now, or to the end of a saved session"},
	{'\t', false, "Tab", NULL, "complete", "complete a word, or list what can stand here"},
	{KEY_F(1), false, "F1", "help", "help", "help; `help WORD` tells about one word"},
	{KEY_F(2), false, "F2", "lesson", "lessons", "the list of lessons"},
	{KEY_F(3), false, "F3", ":side", "side", "speak to the next side"},
	{KEY_F(4), false, "F4", ":actions", "actions",
	 "what this side can do now; `?` on an empty prompt too"},
	{'?', true, "?", ":ask", NULL,
	 "the step's hint, where it has one that was not shown yet; otherwise as F4"},
	{KEY_F(5), false, "F5", ":walk", "ladder",
	 "walk on the ladder: arrows; Enter or r releases a held segment, d drops, 2 duplicates "
	 "it, o or Space opens any; Esc leaves"},
	{KEY_SR, false, "Shift-Up", ":older", NULL,
	 "the same, at once: the segment before; Alt-Up"},
	{KEY_SF, false, "Shift-Down", ":newer", NULL, "and the one after; Alt-Down"},
	{KEY_F(6), false, "F6", ":steps", NULL, "the lesson's steps, to play again from one"},
	{KEY_F(7), false, "F7", ":explain", "explain",
	 "what each number of the panels is: arrows; or click on one; Esc leaves"},
	{0, false, "p", NULL, NULL, "with --stage: go on by itself, or pause; as `play`, `pause`"},
	{0, false, ":", NULL, NULL, "with --stage: the prompt; Esc or an empty Enter hides it"},
	{KEY_F(9), false, "F9", ":select", NULL,
	 "leave the mouse to the terminal, to select text; again: take it back"},
	{KEY_F(10), false, "F10", "quit", "quit", "leave; Ctrl-D on an empty prompt too"},
	{CTRL('D'), true, "Ctrl-D", "quit", NULL, NULL},
	{0, false, "Up, Down", NULL, NULL,
	 "what was typed before; another answer to a question, another step at a lesson's end"},
	{0, false, "1 to 9", NULL, NULL,
	 "answer a question, pick from a menu, or a step at a lesson's end"},
	{0, false, "/", NULL, NULL, "in the help and in a list: look for a word; n and N go on"},
	{0, false, "Esc", NULL, NULL, "leave the help, or a menu"},
	{CTRL('C'), false, "Ctrl-C", ":interrupt", NULL, "clear the line, or give up a wait"},
	{CTRL('L'), false, "Ctrl-L", ":redraw", NULL, "draw the screen anew"},
	{CTRL('Z'), false, "Ctrl-Z", ":suspend", NULL, "stop the lab; `fg` brings it back"},
	{KEY_MOUSE, false, "mouse", ":mouse", NULL, NULL},
};

const struct key *key_at(size_t i)
{
	return i < sizeof(keys) / sizeof(keys[0]) ? &keys[i] : NULL;
}

static const struct key *key_find(int key, bool empty)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key && keys[i].key == key && keys[i].command &&
		    (empty || !keys[i].empty))
			return &keys[i];
	return NULL;
}

/* In an overlay: true when the key was for it. */
static bool key_overlay(struct screen *screen, int key, bool empty)
{
	bool segment = screen->overlay == OVERLAY_SEGMENT;
	bool help = screen->overlay == OVERLAY_HELP || segment; /* text, to be scrolled */
	int page = screen->layout.overlay.h - 3, by = 0;

	if (screen->overlay == OVERLAY_NONE)
		return false;
	if (segment && empty && walk_key(screen, key))
		return true;
	if (screen->overlay == OVERLAY_HELP && help_key(screen, key, empty))
		return true;
	if (!help && empty) {
		enum menu_answer answer = menu_key(&screen->menu, key);

		if (answer == MENU_PICKED)
			overlay_choose(screen);
		if (answer != MENU_REFUSED)
			return true;
	}
	switch (key) {
	case ESC:
	case CTRL('C'):
		overlay_close(screen);
		return true;
	case KEY_UP:
		by = -1;
		break;
	case KEY_DOWN:
		by = 1;
		break;
	case KEY_PPAGE:
		by = -page;
		break;
	case KEY_NPAGE:
		by = page;
		break;
	case KEY_HOME:
		by = -100000;
		break;
	case KEY_END:
		by = 100000;
		break;
	case '\r':
	case '\n':
	case KEY_ENTER:
		if (help || !empty)
			return false;
		overlay_choose(screen);
		return true;
	case ' ':
		if (!empty || !help)
			return false;
		by = page;
		break;
	default:
		if (help || !empty || key <= ' ' || key > '~')
			return false;
		screen_say(screen, STYLE_HINT, "no %c in this list; / searches, Esc leaves", key);
		return true;
	}
	if (help)
		help_scroll(screen, by);
	else
		menu_move(&screen->menu, by);
	return true;
}

/* A question that waits for its answer: true when the key was one. */
static bool key_question(struct screen *screen, int key)
{
	struct reader *reader = &screen->reader;
	int choice = reader->choice;

	if (!reader_asks(reader) || screen->cursor)
		return false;
	if (key >= '1' && key <= '9')
		return reader_guess(reader, key - '1');
	if (key == KEY_DOWN)
		return reader_guess(reader, choice + 1) || choice >= 0;
	if (key == KEY_UP)
		return reader_guess(reader, choice < 0 ? 0 : choice - 1) || choice >= 0;
	if ((key == '\r' || key == KEY_ENTER) && choice >= 0) {
		if (reader->phase == READER_END)
			reader_again(reader, (size_t)choice);
		else
			screen_next(screen);
		return true;
	}
	return false;
}

static bool key_digit(int key)
{
	return key >= '0' && key <= '9';
}

/* A digit that answers nothing. */
static void key_no_answer(struct screen *screen)
{
	const struct reader *reader = &screen->reader;
	size_t count = reader_choices(reader);

	if (screen->cursor)
		screen_say(screen, STYLE_HINT, "this is the past: End returns to now");
	else if (count)
		screen_say(screen, STYLE_HINT, "%s 1 to %zu",
			   reader->phase == READER_END ? "the steps are" : "the answers are",
			   count);
	else
		screen_say(screen, STYLE_HINT, "no question is open here");
}

/* Alt with an arrow has a number of the terminal's own. */
static int key_alias(int key)
{
	const char *name = key > KEY_MAX ? keyname(key) : NULL;

	if (name && !strcmp(name, "kUP3"))
		return KEY_SR;
	if (name && !strcmp(name, "kDN3"))
		return KEY_SF;
	return key;
}

/* What goes on, and what does nothing, does not stop what goes on by itself. */
static void key_pace(struct screen *screen, int key)
{
	static const int harmless[] = {KEY_MOUSE, CTRL('L'), CTRL('Z')};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (key == harmless[i])
			return;
	if (key == KEY_NPAGE || (key == ' ' && prompt_empty()))
		pace_again(screen);
	else
		pace_pause(screen);
}

/* A key that is held down in the past runs up to now, and no further. */
static bool key_stops(struct screen *screen, int key)
{
	struct press *press = &screen->press;
	int64_t now = pace_now();
	bool held = press->past && key == press->key && now - press->at < PRESS_APART;

	if (key != KEY_NPAGE && key != ' ')
		return false;
	press->past = screen->cursor || held;
	press->key = key;
	press->at = now;
	return held && !screen->cursor && !screen_saved(screen);
}

void key_do(struct screen *screen, int key)
{
	bool empty = prompt_empty();
	const struct key *bound;
	char byte = (char)key;

	if (key == KEY_RESIZE)
		return;
	key = key_alias(key);
	screen->message[0] = '\0';
	if (key != CTRL('C'))
		screen->interrupts = 0;
	if (key_overlay(screen, key, empty)) {
		pace_pause(screen);
		return;
	}
	if (!screen->walking && !screen->explaining && stage_key(screen, key, empty))
		return;
	key_pace(screen, key);
	/* A digit that answers a question is no key of the walk's. */
	if (empty && screen->walking && !(key_digit(key) && reader_asks(&screen->reader)) &&
	    walk_key(screen, key))
		return;
	if (empty && screen->explaining && explain_key(screen, key))
		return;
	if (empty && welcome_key(screen, key))
		return;
	if (empty && key_question(screen, key))
		return;
	if (empty && key_digit(key) && reader_reads(&screen->reader)) {
		key_no_answer(screen); /* nor is it a command */
		return;
	}
	prompt_forget_matches();
	bound = key_find(key, empty);
	if (key == KEY_END && !screen->cursor && !empty)
		bound = NULL; /* the end of the line, then */
	if (bound && key_stops(screen, key))
		return;
	if (bound)
		screen_command(screen, bound->command);
	else if (key >= 0x80 && key < 256 && !glyph_utf8_locale())
		screen_say(screen, STYLE_ERROR,
			   "the locale has ASCII only; `write \"\\xc3\\xa4\"` writes any byte");
	else if (key < 256)
		prompt_feed(&byte, 1);
	else
		prompt_key(key);
	if (prompt_overflowed())
		screen_say(screen, STYLE_ERROR,
			   "too long: a line has at most 4000 bytes, a paste 64 lines");
}

void keys_take(struct screen *screen, WINDOW *input)
{
	int key, next;

	while (!screen->left && !screen->suspend && (key = wgetch(input)) != ERR) {
		if (key == KEY_MOUSE && !mouse_read())
			continue;
		if (key != ESC) {
			key_do(screen, key);
			continue;
		}
		/* With a digit Esc is a function key, with what looks like a key's sequence it is
		 * readline's, alone it leaves an overlay. */
		next = wgetch(input);
		if (next >= '0' && next <= '9') {
			key_do(screen, KEY_F(next == '0' ? 10 : next - '0'));
		} else if (next == ERR || next == KEY_MOUSE ||
			   (screen->overlay != OVERLAY_NONE && next != '[' && next != 'O')) {
			screen->message[0] = '\0';
			prompt_forget_matches();
			if (!key_overlay(screen, ESC, true) && !stage_escape(screen)) {
				walk_leave(screen);
				explain_leave(screen);
			}
			if (next != ERR)
				ungetch(next);
		} else {
			if (!screen->options.stage || screen->asked)
				prompt_feed("\033", 1);
			key_do(screen, next);
		}
	}
}
