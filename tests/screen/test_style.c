/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_style.c - the colours of every scheme can be read, and told apart by eyes that lack a cone.
 *
 * Contrast: WCAG 2.2, "relative luminance" and "contrast ratio". Colours as seen with a cone
 * missing: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
 * Vision Deficiency" (2009), severity 1. Distance: CIE 1976 L*a*b*.
 */
#include "glyph.h"
#include "scheme.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define APART 20.0
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct rgb {
	double c[3]; /* linear, 0 to 1 */
};

static const char *const scheme_names[SCHEME_COUNT] = {
	[SCHEME_DARK] = "dark",		[SCHEME_LIGHT] = "light",
	[SCHEME_CONTRAST] = "contrast", [SCHEME_CONTRAST_LIGHT] = "contrast-light",
	[SCHEME_EIGHT] = "8 on dark",	[SCHEME_EIGHT_LIGHT] = "8 on light",
	[SCHEME_MONO] = "mono",
};

/* The first 16: what xterm and the Linux console have. */
enum palette { XTERM, CONSOLE, PALETTES };
static const unsigned first[PALETTES][16] = {
	{0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f,
	 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff},
	{0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
	 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff},
};

static double linear(unsigned byte)
{
	double c = byte / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct rgb rgb_of(unsigned rgb)
{
	return (struct rgb){{linear(rgb >> 16 & 255), linear(rgb >> 8 & 255), linear(rgb & 255)}};
}

static struct rgb rgb_at(enum palette palette, int colour)
{
	static const unsigned steps[] = {0, 95, 135, 175, 215, 255};
	unsigned cube = (unsigned)colour - 16, grey = 8 + 10 * ((unsigned)colour - 232);

	if (colour < 16)
		return rgb_of(first[palette][colour]);
	if (colour >= 232)
		return rgb_of(grey << 16 | grey << 8 | grey);
	return rgb_of(steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6]);
}

static double luminance(struct rgb rgb)
{
	return 0.2126 * rgb.c[0] + 0.7152 * rgb.c[1] + 0.0722 * rgb.c[2];
}

static double contrast(struct rgb a, struct rgb b)
{
	double la = luminance(a) + 0.05, lb = luminance(b) + 0.05;

	return la > lb ? la / lb : lb / la;
}

enum eyes { ALL_CONES, PROTANOPIA, DEUTERANOPIA, TRITANOPIA, EYES };
static const char *const eyes_names[EYES] = {"all cones", "protanopia", "deuteranopia",
					     "tritanopia"};
static const double cones[EYES][3][3] = {
	{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	{{0.152286, 1.052583, -0.204868},
	 {0.114503, 0.786281, 0.099216},
	 {-0.003882, -0.048116, 1.051998}},
	{{0.367322, 0.860646, -0.227968},
	 {0.280085, 0.672501, 0.047413},
	 {-0.011820, 0.042940, 0.968881}},
	{{1.255528, -0.076749, -0.178779},
	 {-0.078411, 0.930809, 0.147602},
	 {0.004733, 0.691367, 0.303900}},
};

/* L*, a*, b* of a colour as these eyes see it. */
static void seen(struct rgb rgb, enum eyes eyes, double lab[3])
{
	static const double xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
					 {0.2126729, 0.7151522, 0.0721750},
					 {0.0193339, 0.1191920, 0.9503041}};
	static const double white[3] = {0.95047, 1, 1.08883};
	double c[3] = {0}, f[3];

	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 3; j++)
			c[i] += cones[eyes][i][j] * rgb.c[j];
		c[i] = c[i] < 0 ? 0 : c[i] > 1 ? 1 : c[i];
	}
	for (int i = 0; i < 3; i++) {
		double t = (xyz[i][0] * c[0] + xyz[i][1] * c[1] + xyz[i][2] * c[2]) / white[i];

		f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
	}
	lab[0] = 116 * f[1] - 16;
	lab[1] = 500 * (f[0] - f[1]);
	lab[2] = 200 * (f[1] - f[2]);
}

static double apart(struct rgb a, struct rgb b, enum eyes eyes)
{
	double la[3], lb[3];

	seen(a, eyes, la);
	seen(b, eyes, lb);
	return sqrt(pow(la[0] - lb[0], 2) + pow(la[1] - lb[1], 2) + pow(la[2] - lb[2], 2));
}

static bool scheme_light(enum scheme scheme)
{
	return scheme == SCHEME_LIGHT || scheme == SCHEME_EIGHT_LIGHT;
}

/* The colours of a meaning in full: where it leaves one to the terminal, on this ground. */
static void paint_resolve(const struct paint *paint, enum scheme scheme, enum palette palette,
			  struct rgb ground, struct rgb *fg, struct rgb *bg)
{
	bool bright = paint->fg >= 0 && paint->fg < 8 && paint->attr & A_BOLD;

	*bg = paint->bg < 0 ? ground : rgb_at(palette, paint->bg);
	if (paint->fg >= 0)
		*fg = rgb_at(palette, paint->fg + (bright ? 8 : 0));
	else /* black on light; the least white that a terminal writes with */
		*fg = rgb_of(scheme_light(scheme) ? 0x000000 : 0xaaaaaa);
}

/* The grounds that terminals have, for schemes that stand on theirs. */
static const struct rgb *grounds(enum scheme scheme, size_t *count)
{
	static struct rgb dark[3], light[3];
	bool some = scheme == SCHEME_DARK || scheme == SCHEME_LIGHT;

	dark[0] = rgb_of(0x000000);
	dark[1] = rgb_of(0x1e1e1e);
	dark[2] = rgb_of(0x002b36);
	light[0] = rgb_of(0xffffff);
	light[1] = rgb_of(0xfdf6e3);
	light[2] = rgb_of(0xeeeeee);
	*count = some ? 3 : 1;
	return scheme_light(scheme) ? light : dark;
}

static double contrast_wanted(enum scheme scheme, enum style style)
{
	if (scheme == SCHEME_CONTRAST || scheme == SCHEME_CONTRAST_LIGHT)
		return 7;
	return style == STYLE_FRAME || style == STYLE_RULE ? 3 : 4.5;
}

/* With `fold`, as a terminal of 8 colours has it. */
static struct paint paint_of(enum scheme scheme, enum style style, bool fold)
{
	struct paint paint = scheme_paint(scheme, style);

	if (fold)
		scheme_fold(scheme, &paint);
	return paint;
}

static unsigned bad_contrast(enum scheme scheme, enum palette palette, bool fold)
{
	size_t count;
	const struct rgb *ground = grounds(scheme, &count);
	unsigned bad = 0;

	for (enum style style = 0; style < STYLE_COUNT; style++)
		for (size_t i = 0; i < count; i++) {
			struct paint paint = paint_of(scheme, style, fold);
			struct rgb fg, bg;

			paint_resolve(&paint, scheme, palette, ground[i], &fg, &bg);
			if (contrast(fg, bg) >= contrast_wanted(scheme, style))
				continue;
			bad++;
			print_message("# %s%s: style %d (%d on %d, ground %zu, palette %d): "
				      "contrast %.2f\n",
				      scheme_names[scheme], fold ? " of 8" : "", style, paint.fg,
				      paint.bg, i, palette, contrast(fg, bg));
		}
	return bad;
}

static void test_contrast(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (enum scheme scheme = 0; scheme < SCHEME_MONO; scheme++)
		for (enum palette palette = 0; palette < PALETTES; palette++)
			bad += bad_contrast(scheme, palette, false);
	for (enum palette palette = 0; palette < PALETTES; palette++) {
		bad += bad_contrast(SCHEME_CONTRAST, palette, true);
		bad += bad_contrast(SCHEME_CONTRAST_LIGHT, palette, true);
	}
	assert_int_equal(bad, 0);
}

/* What stands side by side and is to be told apart. */
static const enum style groups[][6] = {
	{STYLE_CLIENT, STYLE_SERVER, STYLE_CHILD, STYLE_COUNT},
	{STYLE_STATE_OPEN, STYLE_STATE_HALF, STYLE_STATE_GONE, STYLE_DEAD, STYLE_BLOCKED,
	 STYLE_COUNT},
	{STYLE_SYN, STYLE_FIN, STYLE_RST, STYLE_DATA, STYLE_HELD, STYLE_COUNT},
	{STYLE_GOOD, STYLE_ERROR, STYLE_COUNT},
	{STYLE_CHANGED, STYLE_CURSOR, STYLE_DECIDER, STYLE_COUNT},
};

/* An underline or a ground of its own: a shape, whatever the colours. */
static bool shape_differs(const struct paint *a, const struct paint *b, short ground)
{
	attr_t shapes = A_UNDERLINE | A_REVERSE;

	return (a->attr & shapes) != (b->attr & shapes) || (a->bg == ground) != (b->bg == ground);
}

static bool told_apart(enum scheme scheme, enum palette palette, bool fold, enum style a,
		       enum style b)
{
	struct paint pa = paint_of(scheme, a, fold), pb = paint_of(scheme, b, fold);
	struct paint plain = paint_of(scheme, STYLE_PLAIN, fold);
	struct rgb ground = rgb_of(scheme_light(scheme) ? 0xffffff : 0), fa, fb, ba, bb;
	bool apart_all = true;

	if (shape_differs(&pa, &pb, plain.bg))
		return true;
	paint_resolve(&pa, scheme, palette, ground, &fa, &ba);
	paint_resolve(&pb, scheme, palette, ground, &fb, &bb);
	for (enum eyes eyes = 0; eyes < EYES; eyes++) {
		double text = apart(fa, fb, eyes), grounds_apart = apart(ba, bb, eyes);

		if (text >= APART || grounds_apart >= APART)
			continue;
		apart_all = false;
		print_message("# %s%s, palette %d, %s: styles %d and %d: %.1f, grounds %.1f\n",
			      scheme_names[scheme], fold ? " of 8" : "", palette, eyes_names[eyes],
			      a, b, text, grounds_apart);
	}
	return apart_all;
}

static unsigned bad_groups(enum scheme scheme, enum palette palette, bool fold)
{
	unsigned bad = 0;

	for (size_t i = 0; i < COUNT(groups); i++)
		for (const enum style *a = groups[i]; *a != STYLE_COUNT; a++)
			for (const enum style *b = a + 1; *b != STYLE_COUNT; b++)
				bad += !told_apart(scheme, palette, fold, *a, *b);
	return bad;
}

static void test_colour_blind(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (enum scheme scheme = 0; scheme < SCHEME_MONO; scheme++)
		for (enum palette palette = 0; palette < PALETTES; palette++)
			bad += bad_groups(scheme, palette, false);
	assert_int_equal(bad, 0);
}

/* A line of a terminal of one colour: what the eye must find without reading. */
static void test_mono(void **state)
{
	static const enum style marked[] = {STYLE_TITLE,  STYLE_STATE_OPEN, STYLE_DEAD,
					    STYLE_CURSOR, STYLE_CHOICE,	    STYLE_KEY};

	(void)state;
	for (enum style style = 0; style < STYLE_COUNT; style++) {
		struct paint paint = scheme_paint(SCHEME_MONO, style);

		assert_true(paint.fg < 0 && paint.bg < 0);
	}
	for (size_t i = 0; i < COUNT(marked); i++)
		assert_true(scheme_paint(SCHEME_MONO, marked[i]).attr & A_REVERSE);
	assert_true(scheme_paint(SCHEME_MONO, STYLE_BLOCKED).attr & A_UNDERLINE);
	assert_int_not_equal(scheme_paint(SCHEME_MONO, STYLE_STATE_OPEN).attr,
			     scheme_paint(SCHEME_MONO, STYLE_STATE_GONE).attr);
	assert_int_equal(scheme_paint(SCHEME_MONO, STYLE_PLAIN).attr, 0);
}

/* Each of our shapes is one that the fonts of the Linux console have. */
static void test_console(void **state)
{
	static const wchar_t fonts[] = L"─│┌┐└┘═║╔╗╚╝▶◀▲▼█•×»«░■…·";

	(void)state;
	for (enum glyph glyph = 0; glyph < GLYPH_COUNT; glyph++) {
		const char *text = glyph_text(glyph, true);
		wchar_t wide[4];
		int columns;

		assert_int_equal(glyph_take(&text, true, wide, &columns), 1);
		assert_int_equal(columns, 1); /* also where East Asian widths are ambiguous */
		wide[0] = glyph_console(wide[0]);
		if (wide[0] >= 0x80 && !wcschr(fonts, wide[0]))
			fail_msg("glyph %d, U+%04X, is not on the console", glyph,
				 (unsigned)wide[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contrast),
		cmocka_unit_test(test_colour_blind),
		cmocka_unit_test(test_mono),
		cmocka_unit_test(test_console),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("style", tests, NULL, NULL);
}
