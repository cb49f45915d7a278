/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * style.c - meanings times schemes. A new scheme is a column here, a new meaning a row.
 */
#include "style.h"

#include <stdlib.h>
#include <string.h>

#define NONE (-1)
#define B A_BOLD
#define R A_REVERSE
#define U A_UNDERLINE
#define D A_DIM

struct paint {
	short fg, bg;
	attr_t attr;
};

static const struct paint paints[STYLE_COUNT][SCHEME_COUNT] = {
	/*		       256 colours, dark     8 colours			     no colour */
	[STYLE_PLAIN] = {{NONE, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_DIM] = {{245, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_TITLE] = {{255, 24, B}, {COLOR_WHITE, COLOR_BLUE, B}, {NONE, NONE, R | B}},
	[STYLE_TITLE_DIM] = {{153, 24, 0}, {COLOR_WHITE, COLOR_BLUE, 0}, {NONE, NONE, R}},
	[STYLE_PAST] = {{232, 214, B}, {COLOR_BLACK, COLOR_YELLOW, 0}, {NONE, NONE, B}},
	[STYLE_WARNING] = {{214, 24, B}, {COLOR_YELLOW, COLOR_BLUE, B}, {NONE, NONE, R | B}},
	[STYLE_FRAME] = {{240, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_FOCUS] = {{255, NONE, B}, {COLOR_WHITE, NONE, B}, {NONE, NONE, B}},
	[STYLE_CLIENT] = {{81, NONE, B}, {COLOR_CYAN, NONE, B}, {NONE, NONE, B}},
	[STYLE_SERVER] = {{215, NONE, B}, {COLOR_YELLOW, NONE, B}, {NONE, NONE, B}},
	[STYLE_CHILD] = {{177, NONE, B}, {COLOR_MAGENTA, NONE, B}, {NONE, NONE, B}},
	[STYLE_STATE_OPEN] = {{255, 28, B}, {COLOR_WHITE, COLOR_GREEN, B}, {NONE, NONE, R | B}},
	[STYLE_STATE_HALF] = {{232, 179, B}, {COLOR_BLACK, COLOR_YELLOW, 0}, {NONE, NONE, R | B}},
	[STYLE_STATE_GONE] = {{252, 238, B}, {COLOR_BLACK, COLOR_WHITE, 0}, {NONE, NONE, R}},
	[STYLE_DEAD] = {{255, 124, B}, {COLOR_WHITE, COLOR_RED, B}, {NONE, NONE, R | B}},
	[STYLE_BLOCKED] = {{255, 54, B}, {COLOR_WHITE, COLOR_MAGENTA, B}, {NONE, NONE, B | U}},
	[STYLE_CHANGED] = {{226, NONE, B}, {COLOR_YELLOW, NONE, B}, {NONE, NONE, B}},
	[STYLE_LABEL] = {{247, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_VALUE] = {{255, NONE, 0}, {COLOR_WHITE, NONE, B}, {NONE, NONE, 0}},
	[STYLE_TIME] = {{243, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_COMMAND] = {{255, NONE, B}, {COLOR_WHITE, NONE, B}, {NONE, NONE, B}},
	[STYLE_SEGMENT] = {{250, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_SYN] = {{114, NONE, 0}, {COLOR_GREEN, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_FIN] = {{221, NONE, 0}, {COLOR_YELLOW, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_RST] = {{203, NONE, B}, {COLOR_RED, NONE, B}, {NONE, NONE, B}},
	[STYLE_DATA] = {{255, NONE, 0}, {COLOR_WHITE, NONE, B}, {NONE, NONE, 0}},
	[STYLE_CHANGE] = {{179, NONE, 0}, {COLOR_YELLOW, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_ERROR] = {{210, NONE, B}, {COLOR_RED, NONE, B}, {NONE, NONE, B}},
	[STYLE_GOOD] = {{114, NONE, B}, {COLOR_GREEN, NONE, B}, {NONE, NONE, B}},
	[STYLE_CURSOR] = {{232, 214, 0}, {COLOR_BLACK, COLOR_YELLOW, 0}, {NONE, NONE, R}},
	[STYLE_DECIDER] = {{226, NONE, B}, {COLOR_YELLOW, NONE, B}, {NONE, NONE, B}},
	[STYLE_RULE] = {{240, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_HEADING] = {{222, NONE, B}, {COLOR_YELLOW, NONE, B}, {NONE, NONE, B | U}},
	[STYLE_EMPH] = {{NONE, NONE, U}, {NONE, NONE, U}, {NONE, NONE, U}},
	[STYLE_STRONG] = {{255, NONE, B}, {COLOR_WHITE, NONE, B}, {NONE, NONE, B}},
	[STYLE_CODE] = {{151, NONE, 0}, {COLOR_CYAN, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_CODE_NOW] = {{255, 236, B}, {COLOR_CYAN, NONE, B}, {NONE, NONE, B}},
	[STYLE_QUOTE] = {{250, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_CHOICE] = {{255, 24, B}, {COLOR_WHITE, COLOR_BLUE, B}, {NONE, NONE, R}},
	[STYLE_PROMPT] = {{255, NONE, B}, {COLOR_WHITE, NONE, B}, {NONE, NONE, B}},
	[STYLE_INPUT] = {{255, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_HINT] = {{109, NONE, 0}, {COLOR_CYAN, NONE, 0}, {NONE, NONE, 0}},
	[STYLE_MESSAGE] = {{223, NONE, B}, {COLOR_YELLOW, NONE, B}, {NONE, NONE, B}},
	[STYLE_KEY] = {{255, 238, B}, {COLOR_BLACK, COLOR_WHITE, 0}, {NONE, NONE, R}},
	[STYLE_KEY_TEXT] = {{248, NONE, 0}, {NONE, NONE, 0}, {NONE, NONE, 0}},
};

enum scheme style_choose(const char *theme)
{
	const char *no_color = getenv("NO_COLOR");

	if ((theme && !strcmp(theme, "mono")) || (!theme && no_color && *no_color) || !has_colors())
		return SCHEME_MONO;
	start_color(); /* COLORS is 0 before; in mono it would paint white on black */
	return COLORS >= 256 && COLOR_PAIRS >= 128 ? SCHEME_DARK : SCHEME_EIGHT;
}

void style_start(enum scheme scheme, attr_t attrs[STYLE_COUNT], short pairs[STYLE_COUNT])
{
	short last = 0, fore[STYLE_COUNT] = {0}, back[STYLE_COUNT] = {0};
	bool own = false; /* -1 is the terminal's own colour */

	if (scheme != SCHEME_MONO)
		own = use_default_colors() == OK;
	for (int style = 0; style < STYLE_COUNT; style++) {
		const struct paint *paint = &paints[style][scheme];
		short fg = paint->fg, bg = paint->bg, pair;

		attrs[style] = paint->attr;
		pairs[style] = 0;
		if (scheme == SCHEME_MONO || (fg == NONE && bg == NONE))
			continue;
		if (!own) {
			fg = fg == NONE ? COLOR_WHITE : fg;
			bg = bg == NONE ? COLOR_BLACK : bg;
		}
		for (pair = 1; pair <= last; pair++)
			if (fore[pair] == fg && back[pair] == bg)
				break;
		if (pair > last) {
			if (pair >= COLOR_PAIRS || init_pair(pair, fg, bg) != OK)
				continue;
			last = pair;
			fore[pair] = fg;
			back[pair] = bg;
		}
		pairs[style] = pair;
	}
}
