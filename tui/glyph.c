/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glyph.c - shapes, and text made fit for the terminal. */
#include "glyph.h"

#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const glyphs[GLYPH_COUNT][2] = {
#define X(id, utf8, ascii) {ascii, utf8},
	GLYPHS(X)
#undef X
};

/* What prose uses beyond ASCII, for a terminal that has only that. */
static const struct {
	wchar_t wide;
	const char *ascii;
} likenesses[] = {
	{L'–', "-"},  {L'—', "--"},  {L'‘', "'"},  {L'’', "'"},	     {L'“', "\""},
	{L'”', "\""}, {L'…', "..."}, {L'·', "-"},  {L'•', "*"},	     {L'→', "->"},
	{L'←', "<-"}, {L'▶', ">"},   {L'◀', "<"},  {L'─', "-"},	     {L'│', "|"},
	{L'×', "x"},  {L'≤', "<="},  {L'≥', ">="}, {L'≠', "!="},     {L'µ', "u"},
	{L'§', "S"},  {L'✓', "+"},   {L'✗', "x"},  {L'\u00a0', " "}, {L'\u2011', "-"},
};

/* Checked against the kernel's own font (code page 437) and those of console-setup (Fixed, Terminus
 * and VGA for Lat15, Lat2, Uni2, FullCyrSlav, Greek): what is not in all of them is here. */
static const wchar_t console_likenesses[][2] = {
	{L'━', L'═'}, {L'┃', L'║'}, {L'┏', L'╔'}, {L'┓', L'╗'}, {L'┗', L'╚'},
	{L'┛', L'╝'}, {L'╌', L'-'}, {L'╎', L':'}, {L'▌', L'█'}, {L'●', L'•'},
	{L'○', L'o'}, {L'✗', L'×'}, {L'✘', L'×'}, {L'‖', L'║'}, {L'⋮', L':'},
	{L'▸', L'>'}, {L'◌', L'~'}, {L'◆', L'*'}, {L'✓', L'+'}, {L'✔', L'+'},
};

wchar_t glyph_console(wchar_t wide)
{
	for (size_t i = 0; i < sizeof(console_likenesses) / sizeof(console_likenesses[0]); i++)
		if (console_likenesses[i][0] == wide)
			return console_likenesses[i][1];
	return wide;
}

const char *glyph_text(enum glyph glyph, bool utf8)
{
	return glyphs[glyph][utf8];
}

static const char *locale_wanted(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *wanted;

	for (size_t i = 0; i < 3; i++)
		if ((wanted = getenv(names[i])) && *wanted)
			return wanted;
	return "C";
}

void glyph_locale(char *said, size_t size)
{
	const char *wanted = locale_wanted();
	bool utf8 = strcasestr(wanted, "utf-8") || strcasestr(wanted, "utf8");

	*said = '\0';
	if (setlocale(LC_ALL, "") || setlocale(LC_CTYPE, ""))
		return;
	if (utf8 && setlocale(LC_CTYPE, "C.UTF-8"))
		snprintf(said, size,
			 "this machine has no locale \"%.40s\": C.UTF-8 stands in for it", wanted);
	else
		snprintf(
			said, size,
			"this machine has no locale \"%.40s\": ASCII only; LC_ALL=C.UTF-8 has more",
			wanted);
}

bool glyph_utf8_locale(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* RFC 3629, section 4: the code point and its bytes; 0 bytes where there is none. */
static size_t glyph_decode(const unsigned char *at, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = at[0] >= 0xf0 && at[0] < 0xf5 ? 4
		   : at[0] >= 0xe0		 ? (at[0] < 0xf0 ? 3 : 0)
		   : at[0] >= 0xc2		 ? 2
						 : 0;

	if (at[0] < 0x80) {
		*code = at[0];
		return 1;
	}
	if (!n)
		return 0;
	*code = at[0] & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3fU);
	}
	if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return n;
}

/* Joiners, directional marks and the like change other cells than their own. */
static bool glyph_unruly(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || (code >= 0xfe00 && code <= 0xfe0f) ||
	       code == 0xfeff || code >= 0xe0000;
}

size_t glyph_take(const char **at, bool utf8, wchar_t out[4], int *columns)
{
	uint32_t code = 0;
	size_t n;

	*columns = 0;
	/* A variation selector before nothing is nothing: what it selects some terminals draw two
	 * columns wide, others one. */
	do {
		if (!**at)
			return 0;
		n = glyph_decode((const unsigned char *)*at, &code);
		*at += n ? n : 1;
	} while (n && (code == 0xfe0e || code == 0xfe0f));
	out[0] = L'?';
	out[1] = 0;
	*columns = 1;
	if (!n || glyph_unruly(code))
		return 1;
	if (code < 0x80) {
		out[0] = (wchar_t)code;
		return 1;
	}
	if (!utf8) {
		for (size_t i = 0; i < sizeof(likenesses) / sizeof(likenesses[0]); i++) {
			const char *ascii = likenesses[i].ascii;

			if (likenesses[i].wide != (wchar_t)code)
				continue;
			for (*columns = 0; ascii[*columns]; ++*columns)
				out[*columns] = ascii[*columns];
			out[*columns] = 0;
			return (size_t)*columns;
		}
		return 1;
	}
	*columns = wcwidth((wchar_t)code);
	if (*columns < 0) {
		*columns = 1;
		return 1;
	}
	out[0] = (wchar_t)code;
	return 1;
}
