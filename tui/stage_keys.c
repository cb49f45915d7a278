/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_keys.c - the stage's keys: whatever a presenter's remote sends goes on, or does no harm. */
#include "keys.h"
#include "prompt.h"
#include "stage.h"
#include "view.h"
#include "welcome.h"

#include <string.h>

#define CTRL(c) ((c)&0x1f)

enum stage_act { STAGE_NEXT, STAGE_BACK, STAGE_PACE, STAGE_PROMPT, STAGE_NOTHING };

/* While the prompt is hidden. Remotes know of slides: they blank, begin and leave a show. */
static const struct {
	int key;
	enum stage_act act;
} acts[] = {
	{KEY_NPAGE, STAGE_NEXT}, {' ', STAGE_NEXT},	    {'\r', STAGE_NEXT},
	{'\n', STAGE_NEXT},	 {KEY_ENTER, STAGE_NEXT},   {KEY_RIGHT, STAGE_NEXT},
	{KEY_DOWN, STAGE_NEXT},	 {KEY_PPAGE, STAGE_BACK},   {KEY_LEFT, STAGE_BACK},
	{KEY_UP, STAGE_BACK},	 {KEY_F(5), STAGE_NOTHING}, {'b', STAGE_NOTHING},
	{'.', STAGE_NOTHING},	 {'p', STAGE_PACE},	    {':', STAGE_PROMPT},
};

static void stage_do(struct screen *screen, enum stage_act act)
{
	switch (act) {
	case STAGE_NEXT:
		pace_again(screen);
		if (screen->cursor || screen_saved(screen))
			rewind_later(screen); /* not each event: what a command led to */
		else
			screen_next(screen);
		break;
	case STAGE_BACK:
		pace_pause(screen);
		if (screen->cursor || screen_saved(screen))
			rewind_earlier(screen);
		else
			screen_back(screen);
		break;
	case STAGE_PACE:
		if (screen->pace.plays)
			pace_pause(screen);
		else
			pace_play(screen, 0);
		break;
	case STAGE_PROMPT:
		pace_pause(screen);
		screen->asked = true;
		break;
	case STAGE_NOTHING:
		break;
	}
}

/* A key that is held down, or that a nervous hand has pressed twice, is pressed once, and what has
 * just come is seen first. In the past a press costs nothing: there, a held key runs. */
static bool stage_again(struct screen *screen, int key, enum stage_act act)
{
	struct press *press = &screen->press;
	int64_t now = pace_now();
	bool again = key == press->key && now - press->at < PRESS_APART;

	if (act == STAGE_NEXT && now - press->arrived < PRESS_APART)
		again = true;
	press->key = key;
	press->at = now;
	return again && !screen->cursor && !screen_saved(screen);
}

void stage_arrive(struct screen *screen)
{
	screen->press.arrived = pace_now();
}

bool stage_key(struct screen *screen, int key, bool empty)
{
	static const char controls[] = {CTRL('C'), CTRL('D'), CTRL('L'), CTRL('Z')};
	bool enter = key == '\r' || key == '\n' || key == KEY_ENTER;

	if (!screen->options.stage)
		return false;
	if (screen->asked) {
		if (enter && empty)
			screen->asked = false;
		return enter && empty;
	}
	if (welcome_shows(screen) && (enter || key == KEY_UP || key == KEY_DOWN))
		return false; /* one of the ways in */
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (acts[i].key == key) {
			bool goes = acts[i].act == STAGE_NEXT || acts[i].act == STAGE_BACK;

			if (!goes || !stage_again(screen, key, acts[i].act))
				stage_do(screen, acts[i].act);
			return true;
		}
	if (key == '?' || (key >= '1' && key <= '9') || key >= KEY_MIN ||
	    memchr(controls, key, sizeof(controls)))
		return false;
	if (key >= ' ')
		screen_say(screen, STYLE_HINT, "`:` asks for the prompt");
	return true;
}

bool stage_escape(struct screen *screen)
{
	bool asked = screen->options.stage && screen->asked;

	if (asked)
		prompt_interrupt();
	screen->asked = false;
	return asked;
}

bool stage_click(struct screen *screen, int y, int x)
{
	const struct layout *at = &screen->layout;
	struct reader *reader = &screen->reader;
	int choice;

	if (!screen->options.stage || screen->overlay != OVERLAY_NONE)
		return false;
	if (!reader_reads(reader))
		return y >= at->journal.y; /* its rows lead nowhere */
	if (y < at->lesson.y || (at->rule.w == 1 && x > at->rule.x))
		return y >= at->lesson.y;
	choice = stage_view_at(&screen->canvas, at->lesson, reader, y);
	if (choice >= 0 && choice == reader->choice && reader->phase == READER_END) {
		reader_again(reader, (size_t)choice);
	} else if (choice >= 0 && choice != reader->choice) {
		pace_pause(screen);
		reader_guess(reader, choice);
	} else if (!stage_again(screen, KEY_MOUSE, STAGE_NEXT)) {
		stage_do(screen, STAGE_NEXT);
	}
	return true;
}

bool stage_back(struct screen *screen)
{
	struct reader *reader = &screen->reader;

	if (!screen->options.stage || screen->cursor || !reader_reads(reader))
		return false;
	if (reader->top > 0)
		reader->top = 0;
	else if (!reader_step_back(reader))
		screen_say(screen, STYLE_HINT, "this is the beginning");
	return true;
}
