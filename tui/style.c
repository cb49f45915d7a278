/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.c - which scheme a terminal gets, and its colour pairs. */
#include "style.h"

#include "scheme.h"

#include <stdlib.h>
#include <string.h>

/* Some terminals tell: "0;15" is black on white. */
static bool ground_is_light(void)
{
	const char *colours = getenv("COLORFGBG"), *ground = colours ? strrchr(colours, ';') : NULL;

	return ground && (!strcmp(ground, ";15") || !strcmp(ground, ";7"));
}

bool style_theme(const char *word)
{
	static const char *const themes[] = {STYLE_THEMES};

	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++)
		if (!strcmp(word, themes[i]))
			return true;
	return false;
}

enum scheme style_choose(const char *theme)
{
	const char *no_color = getenv("NO_COLOR");
	bool light = theme ? !strcmp(theme, "light") : ground_is_light();

	if ((theme && !strcmp(theme, "mono")) || (!theme && no_color && *no_color) || !has_colors())
		return SCHEME_MONO;
	start_color(); /* COLORS is 0 before; in mono it would paint white on black */
	if (theme && !strcmp(theme, "contrast"))
		return SCHEME_CONTRAST;
	if (theme && !strcmp(theme, "contrast-light"))
		return SCHEME_CONTRAST_LIGHT;
	if (COLORS < 256 || COLOR_PAIRS < 128)
		return light ? SCHEME_EIGHT_LIGHT : SCHEME_EIGHT;
	return light ? SCHEME_LIGHT : SCHEME_DARK;
}

/* What this terminal has of a paint. `own`: -1 is the terminal's own colour. */
static struct paint style_paint(enum scheme scheme, enum style style, bool own)
{
	struct paint paint = scheme_paint(scheme, style);
	bool light = scheme == SCHEME_LIGHT || scheme == SCHEME_EIGHT_LIGHT;

	if (!own && paint.fg < 0)
		paint.fg = light ? COLOR_BLACK : COLOR_WHITE;
	if (!own && paint.bg < 0)
		paint.bg = light ? COLOR_WHITE : COLOR_BLACK;
	if (COLORS < 256)
		scheme_fold(scheme, &paint);
	return paint;
}

void style_start(enum scheme scheme, attr_t attrs[STYLE_COUNT], short pairs[STYLE_COUNT])
{
	short last = 0, fore[STYLE_COUNT] = {0}, back[STYLE_COUNT] = {0}, pair;
	bool own = false;

	if (scheme != SCHEME_MONO)
		own = use_default_colors() == OK;
	for (int style = 0; style < STYLE_COUNT; style++) {
		struct paint paint = style_paint(scheme, (enum style)style, own);

		attrs[style] = paint.attr;
		pairs[style] = 0;
		if (scheme == SCHEME_MONO || (paint.fg < 0 && paint.bg < 0))
			continue;
		for (pair = 1; pair <= last; pair++)
			if (fore[pair] == paint.fg && back[pair] == paint.bg)
				break;
		if (pair > last) {
			if (pair >= COLOR_PAIRS || init_pair(pair, paint.fg, paint.bg) != OK)
				continue;
			last = pair;
			fore[pair] = paint.fg;
			back[pair] = paint.bg;
		}
		pairs[style] = pair;
	}
}
