/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.h - what a cell means; how that looks is the scheme's business. */
#ifndef STYLE_H
#define STYLE_H

#include <curses.h>
#include <stdbool.h>

/* Nothing is told by colour alone: every meaning has a word or a glyph of its own beside it. */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_TITLE,	 /* the bar at the top */
	STYLE_TITLE_DIM, /* the quieter words in it */
	STYLE_PAST,	 /* the mark that this is not now */
	STYLE_WARNING,	 /* something this machine does not give */
	STYLE_FRAME,
	STYLE_FOCUS, /* the frame of the side that is spoken to */
	STYLE_CLIENT,
	STYLE_SERVER,
	STYLE_CHILD,
	STYLE_STATE_OPEN, /* bars with the state of a connection: data flows both ways */
	STYLE_STATE_HALF, /* being made or being ended */
	STYLE_STATE_GONE, /* closed, gone, nothing yet */
	STYLE_DEAD,	  /* a process that has ended */
	STYLE_BLOCKED,	  /* a call that does not return */
	STYLE_CHANGED,	  /* what the last step changed */
	STYLE_LABEL,	  /* "Recv-Q" */
	STYLE_VALUE,	  /* the number behind it */
	STYLE_TIME,
	STYLE_COMMAND, /* a command in the journal */
	STYLE_SEGMENT,
	STYLE_SYN,
	STYLE_FIN,
	STYLE_RST,
	STYLE_DATA,
	STYLE_HELD,   /* a segment that waits in mid-wire */
	STYLE_CHANGE, /* a state change in the journal */
	STYLE_ERROR,
	STYLE_GOOD,
	STYLE_CURSOR,  /* the line the cursor of the past is on */
	STYLE_DECIDER, /* the event that decided a prediction */
	STYLE_RULE,
	STYLE_HEADING,
	STYLE_EMPH,
	STYLE_STRONG,
	STYLE_CODE,
	STYLE_CODE_NOW, /* the line of the listing being played */
	STYLE_QUOTE,
	STYLE_CHOICE, /* the selected line of a menu */
	STYLE_PROMPT,
	STYLE_INPUT,
	STYLE_HINT,
	STYLE_MESSAGE,
	STYLE_KEY,
	STYLE_KEY_TEXT,
	STYLE_COUNT
};

enum scheme {
	SCHEME_DARK,	       /* 256 colours on a dark ground */
	SCHEME_LIGHT,	       /* and on a light one */
	SCHEME_CONTRAST,       /* on black and bold, nothing dim; with 8 colours, too */
	SCHEME_CONTRAST_LIGHT, /* and on white */
	SCHEME_EIGHT,	       /* 8 colours on a dark ground */
	SCHEME_EIGHT_LIGHT,
	SCHEME_MONO,
	SCHEME_COUNT
};

#define STYLE_THEMES "dark", "light", "contrast", "contrast-light", "mono"
bool style_theme(const char *word); /* whether it is one of them */
/* The scheme for this terminal: `theme` is one of STYLE_THEMES; NULL: by the number of colours,
 * COLORFGBG and NO_COLOR (no-color.org). Call between initscr() and style_start(). */
enum scheme style_choose(const char *theme);
/* Set up the colour pairs of a scheme and note what each meaning looks like. */
void style_start(enum scheme scheme, attr_t attrs[STYLE_COUNT], short pairs[STYLE_COUNT]);

#endif
