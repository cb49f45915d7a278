/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steps_view.c - the steps of the lesson, to play again from one.
 *
 *   ┏ play again, up to a step ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ 1 A connection                         ✓ played             ┃
 *   ┃▶2 The client closes                    ✗ not as predicted   ┃
 *   ┃ 3 The write                            ○ not played         ┃
 */
#include "view.h"

#include <stdio.h>

static void steps_state(struct screen *screen, const struct study_result *result)
{
	enum style style = STYLE_GOOD;
	enum glyph glyph = GLYPH_TRUE;
	const char *words = "played";
	char state[64];

	if (!result) {
		style = STYLE_DIM;
		glyph = GLYPH_GONE;
		words = "not played";
	} else if (result->predicted >= 0 && result->measured == result->predicted) {
		words = "as predicted";
	} else if (result->predicted >= 0 && result->measured >= 0) {
		style = STYLE_ERROR;
		glyph = GLYPH_FALSE;
		words = "not as predicted";
	}
	snprintf(state, sizeof(state), "%s %s", glyph_text(glyph, screen->canvas.utf8), words);
	menu_state(&screen->menu, style, state);
}

void steps_open(struct screen *screen)
{
	const struct reader *reader = &screen->reader;

	if (screen->overlay == OVERLAY_STEPS) {
		overlay_close(screen);
		return;
	}
	if (!reader->study) {
		screen_say(screen, STYLE_HINT, "no lesson is being played: F2 lists them");
		return;
	}
	overlay_close(screen);
	menu_title(&screen->menu, "play again, up to a step");
	for (size_t i = 0; i < reader->lesson->nsteps; i++) {
		char line[32];

		snprintf(line, sizeof(line), "again %zu", i + 1);
		menu_add(&screen->menu, reader->lesson->steps[i].heading, "", line);
		menu_style(&screen->menu, STYLE_PLAIN);
		steps_state(screen, study_result(reader->study, i));
	}
	menu_move(&screen->menu, (int)reader->step);
	screen->menu.numbers = true;
	screen->overlay = OVERLAY_STEPS;
}
