/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scheme.c - what each meaning looks like. A new scheme is a column here, a new meaning a row.
 *
 * How the colours were chosen, and tests/screen/test_style.c keeps them so:
 *
 *   - Text has a contrast (WCAG 2.2, relative luminance) of at least 4.5 with the ground it is on:
 *     its own, or a terminal's, from black to #002b36 and from white to #eeeeee. In the two
 *     contrast schemes at least 7. Frames and rules, which are no text, at least 3.
 *   - What stands side by side and means different things (the three sides, the states, the kinds
 *     of segment, good and bad, the marks) is at least 20 apart in CIE 1976 L*a*b*, as it is and
 *     as seen with protanopia, deuteranopia and tritanopia (the matrices of Machado, Oliveira and
 *     Fernandes, 2009), or it has an underline or a ground that the other lacks.
 *   - Of 8 colours a terminal may paint its own: the palettes of xterm and of the Linux console are
 *     what is reckoned with. There a bold colour is the bright one of the same number.
 *   - Nothing is told by colour alone: each of them has a word or a glyph of its own beside it.
 */
#include "scheme.h"

#define F(n) ((n) + 1)
#define G(n) (((n) + 1) << 9)
#define _ 0
#define B (1 << 18)
#define U (1 << 19)
#define R (1 << 20)

/* Foreground and ground as a palette's number; left out: the ones that all the scheme stands on. */
/* clang-format off */
static const int many[STYLE_COUNT][4] = {
	/*		       on dark		   on light	       white on black	 black on white */
	[STYLE_PLAIN]	    = {_,		   _,		       B,		 _},
	[STYLE_DIM]	    = {F(246),		   F(241),	       B,		 _},
	[STYLE_TITLE]	    = {F(255)|G(24)|B,	   F(255)|G(24)|B,     F(16)|G(231)|B,	 F(231)|G(16)|B},
	[STYLE_TITLE_DIM]   = {F(189)|G(24),	   F(189)|G(24),       F(16)|G(231),	 F(231)|G(16)},
	[STYLE_PAST]	    = {F(16)|G(214)|B,	   F(16)|G(214)|B,     F(16)|G(226)|B,	 F(16)|G(220)|B},
	[STYLE_WARNING]	    = {F(222)|G(24)|B,	   F(222)|G(24)|B,     F(16)|G(226)|B,	 F(16)|G(220)|B},
	[STYLE_FRAME]	    = {F(243),		   F(244),	       B,		 _},
	[STYLE_FOCUS]	    = {F(255)|B,	   F(16)|B,	       B,		 B},
	[STYLE_CLIENT]	    = {F(87)|B,		   F(20)|B,	       F(123)|B,	 F(20)|B},
	[STYLE_SERVER]	    = {F(215)|B,	   F(94)|B,	       F(220)|B,	 F(88)|B},
	[STYLE_CHILD]	    = {F(177)|B,	   F(90)|B,	       F(177)|B,	 F(53)|B},
	[STYLE_STATE_OPEN]  = {F(16)|G(79)|B,	   F(231)|G(24)|B,     F(16)|G(84)|B,	 F(231)|G(19)|B},
	[STYLE_STATE_HALF]  = {F(16)|G(220)|B,	   F(16)|G(214)|B,     F(16)|G(226)|B,	 F(16)|G(220)|B},
	[STYLE_STATE_GONE]  = {F(252)|G(237)|B,	   F(16)|G(252)|B,     F(231)|G(238)|B,	 F(16)|G(252)|B},
	[STYLE_DEAD]	    = {F(231)|G(160)|B,	   F(231)|G(124)|B,    F(231)|G(88)|B,	 F(231)|G(88)|B},
	[STYLE_BLOCKED]	    = {F(231)|G(91)|B,	   F(231)|G(92)|B,     F(231)|G(54)|B,	 F(231)|G(90)|B},
	[STYLE_CHANGED]	    = {F(226)|B,	   F(94)|B,	       F(226)|B,	 F(88)|B},
	[STYLE_LABEL]	    = {F(247),		   F(240),	       B,		 _},
	[STYLE_VALUE]	    = {F(255),		   F(16),	       B,		 _},
	[STYLE_TIME]	    = {F(246),		   F(241),	       B,		 _},
	[STYLE_COMMAND]	    = {F(255)|B,	   F(16)|B,	       B,		 B},
	[STYLE_SEGMENT]	    = {F(250),		   F(238),	       B,		 _},
	[STYLE_SYN]	    = {F(120),		   F(25),	       F(120)|B,	 F(20)},
	[STYLE_FIN]	    = {F(220),		   F(95),	       F(220)|B,	 F(22)},
	[STYLE_RST]	    = {F(203)|B,	   F(160)|B,	       F(204)|B,	 F(125)|B},
	[STYLE_DATA]	    = {F(255),		   F(16),	       B,		 _},
	[STYLE_HELD]	    = {F(213)|B,	   F(93)|B,	       F(213)|B,	 F(54)|B},
	[STYLE_CHANGE]	    = {F(179),		   F(94),	       F(226)|B,	 F(22)},
	[STYLE_ERROR]	    = {F(203)|B,	   F(160)|B,	       F(209)|B,	 F(124)|B},
	[STYLE_GOOD]	    = {F(86)|B,		   F(23)|B,	       F(87)|B,		 F(23)|B},
	[STYLE_CURSOR]	    = {F(16)|G(214),	   F(16)|G(222),       F(16)|G(226),	 F(16)|G(220)},
	[STYLE_DECIDER]	    = {F(213)|B,	   F(90)|B,	       F(213)|B,	 F(90)|B},
	[STYLE_RULE]	    = {F(243),		   F(244),	       B,		 _},
	[STYLE_HEADING]	    = {F(222)|B,	   F(24)|B,	       F(226)|B,	 F(20)|B},
	[STYLE_EMPH]	    = {U,		   U,		       B|U,		 U},
	[STYLE_STRONG]	    = {F(255)|B,	   F(16)|B,	       B,		 B},
	[STYLE_CODE]	    = {F(151),		   F(23),	       F(123)|B,	 F(20)},
	[STYLE_CODE_NOW]    = {F(255)|G(236)|B,	   F(16)|G(254)|B,     F(16)|G(123)|B,	 F(231)|G(20)|B},
	[STYLE_QUOTE]	    = {F(250),		   F(238),	       B,		 _},
	[STYLE_CHOICE]	    = {F(255)|G(24)|B,	   F(255)|G(24)|B,     F(16)|G(231)|B,	 F(231)|G(16)|B},
	[STYLE_PROMPT]	    = {F(255)|B,	   F(16)|B,	       B,		 B},
	[STYLE_INPUT]	    = {F(255),		   F(16),	       B,		 _},
	[STYLE_HINT]	    = {F(110),		   F(24),	       F(123)|B,	 F(20)},
	[STYLE_MESSAGE]	    = {F(223)|B,	   F(94)|B,	       F(226)|B,	 F(88)|B},
	[STYLE_KEY]	    = {F(255)|G(238)|B,	   F(16)|G(252)|B,     F(16)|G(231)|B,	 F(231)|G(16)|B},
	[STYLE_KEY_TEXT]    = {F(248),		   F(240),	       B,		 _},
};

#define BLACK F(COLOR_BLACK)
#define RED F(COLOR_RED)
#define GREEN F(COLOR_GREEN)
#define YELLOW F(COLOR_YELLOW)
#define BLUE F(COLOR_BLUE)
#define MAGENTA F(COLOR_MAGENTA)
#define CYAN F(COLOR_CYAN)
#define WHITE F(COLOR_WHITE)
#define ON(name) G(COLOR_##name)

/* Bold black is grey, and on a light ground a bold colour too bright. */
static const int few[STYLE_COUNT][3] = {
	/*		       8 on dark		8 on light		no colour */
	[STYLE_PLAIN]	    = {_,			_,			_},
	[STYLE_DIM]	    = {_,			_,			_},
	[STYLE_TITLE]	    = {WHITE|ON(BLUE)|B,	WHITE|ON(BLUE)|B,	R|B},
	[STYLE_TITLE_DIM]   = {WHITE|ON(BLUE),		WHITE|ON(BLUE),		R},
	[STYLE_PAST]	    = {BLACK|ON(CYAN),		BLACK|ON(CYAN),		B},
	[STYLE_WARNING]	    = {YELLOW|ON(BLUE)|B,	YELLOW|ON(BLUE)|B,	R|B},
	[STYLE_FRAME]	    = {_,			_,			_},
	[STYLE_FOCUS]	    = {WHITE|B,			B,			B},
	[STYLE_CLIENT]	    = {CYAN|B,			BLUE,			B},
	[STYLE_SERVER]	    = {YELLOW|B,		RED,			B},
	[STYLE_CHILD]	    = {MAGENTA|B,		MAGENTA|U,		B},
	[STYLE_STATE_OPEN]  = {BLACK|ON(GREEN),		BLACK|ON(GREEN),	R|B},
	[STYLE_STATE_HALF]  = {BLACK|ON(CYAN)|U,	BLACK|ON(CYAN)|U,	R|B},
	[STYLE_STATE_GONE]  = {BLACK|ON(WHITE),		BLACK|ON(WHITE),	R},
	[STYLE_DEAD]	    = {WHITE|ON(RED)|B,		WHITE|ON(RED)|B,	R|B},
	[STYLE_BLOCKED]	    = {WHITE|ON(BLUE)|B,	WHITE|ON(BLUE)|B,	B|U},
	[STYLE_CHANGED]	    = {YELLOW|B,		RED,			B},
	[STYLE_LABEL]	    = {_,			_,			_},
	[STYLE_VALUE]	    = {WHITE|B,			_,			_},
	[STYLE_TIME]	    = {_,			_,			_},
	[STYLE_COMMAND]	    = {WHITE|B,			B,			B},
	[STYLE_SEGMENT]	    = {_,			_,			_},
	[STYLE_SYN]	    = {CYAN|B,			BLUE,			_},
	[STYLE_FIN]	    = {YELLOW|B,		MAGENTA,		_},
	[STYLE_RST]	    = {RED|B,			RED|U,			B},
	[STYLE_DATA]	    = {_,			_,			_},
	[STYLE_HELD]	    = {MAGENTA|B,		MAGENTA|U,		B},
	[STYLE_CHANGE]	    = {YELLOW|B,		BLUE,			_},
	[STYLE_ERROR]	    = {RED|B,			RED,			B},
	[STYLE_GOOD]	    = {CYAN|B,			BLUE,			B},
	[STYLE_CURSOR]	    = {BLACK|ON(CYAN),		BLACK|ON(CYAN),		R},
	[STYLE_DECIDER]	    = {MAGENTA|B,		MAGENTA|U,		B},
	[STYLE_RULE]	    = {_,			_,			_},
	[STYLE_HEADING]	    = {YELLOW|B,		BLUE|U,			B|U},
	[STYLE_EMPH]	    = {U,			U,			U},
	[STYLE_STRONG]	    = {WHITE|B,			B,			B},
	[STYLE_CODE]	    = {CYAN,			BLUE,			_},
	[STYLE_CODE_NOW]    = {BLACK|ON(CYAN),		BLACK|ON(CYAN),		B},
	[STYLE_QUOTE]	    = {_,			_,			_},
	[STYLE_CHOICE]	    = {WHITE|ON(BLUE)|B,	WHITE|ON(BLUE)|B,	R},
	[STYLE_PROMPT]	    = {WHITE|B,			B,			B},
	[STYLE_INPUT]	    = {_,			_,			_},
	[STYLE_HINT]	    = {CYAN,			BLUE,			_},
	[STYLE_MESSAGE]	    = {YELLOW|B,		RED,			B},
	[STYLE_KEY]	    = {BLACK|ON(WHITE),		BLACK|ON(WHITE),	R},
	[STYLE_KEY_TEXT]    = {_,			_,			_},
};
/* clang-format on */

struct paint scheme_paint(enum scheme scheme, enum style style)
{
	static const struct paint grounds[SCHEME_COUNT] = {
		[SCHEME_DARK] = {-1, -1, 0},	  [SCHEME_LIGHT] = {-1, -1, 0},
		[SCHEME_CONTRAST] = {231, 16, 0}, [SCHEME_CONTRAST_LIGHT] = {16, 231, 0},
		[SCHEME_EIGHT] = {-1, -1, 0},	  [SCHEME_EIGHT_LIGHT] = {-1, -1, 0},
		[SCHEME_MONO] = {-1, -1, 0},
	};
	int cell = scheme < SCHEME_EIGHT ? many[style][scheme] : few[style][scheme - SCHEME_EIGHT];
	struct paint paint = grounds[scheme];

	if (cell & 0x1ff)
		paint.fg = (short)((cell & 0x1ff) - 1);
	if (cell >> 9 & 0x1ff)
		paint.bg = (short)((cell >> 9 & 0x1ff) - 1);
	paint.attr =
		(cell & B ? A_BOLD : 0) | (cell & U ? A_UNDERLINE : 0) | (cell & R ? A_REVERSE : 0);
	return paint;
}

void scheme_fold(enum scheme scheme, struct paint *paint)
{
	short paper = scheme_paint(scheme, STYLE_PLAIN).bg;
	bool dark = paper == 16, bar = paint->bg != paper;

	if (scheme != SCHEME_CONTRAST && scheme != SCHEME_CONTRAST_LIGHT)
		return;
	paint->fg = dark == bar ? COLOR_BLACK : COLOR_WHITE;
	paint->bg = dark == bar ? COLOR_WHITE : COLOR_BLACK;
	if (paint->fg == COLOR_BLACK) /* bold black is grey */
		paint->attr &= ~A_BOLD;
}
