/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_plain.c - text of a file, or a file's name, on its way to a terminal: nothing but characters
 * that the locale shows, and ends of lines. */
#include "cli.h"
#include "mem.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* What a locale without it shows instead. */
static const struct {
	wchar_t sign;
	const char *instead;
} signs[] = {
	{0x2013, "-"},	{0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201c, "\""},
	{0x201d, "\""}, {0x2022, "*"}, {0x25b6, ">"}, {0xb5, "u"},   {0x2026, "..."},
	{0xa7, "s."},	{0xa0, " "},   {0xd7, "x"},
};

/* One character of UTF-8 at `*at`, which then is behind it; -1: it is none, or longer than it need
 * be: an end of a line could hide in that. */
static long next_sign(const unsigned char **at)
{
	static const long least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char first = *(*at)++;
	const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	long sign = first & (0x3f >> more);

	if (first < 0x80)
		return first;
	if (first < 0xc2 || first > 0xf4)
		return -1;
	for (int i = 0; i < more; i++) {
		if ((**at & 0xc0) != 0x80)
			return -1;
		sign = sign << 6 | (*(*at)++ & 0x3f);
	}
	return sign < least[more] ? -1 : sign;
}

/* Ends of lines and paragraphs, and what turns the direction of the text around it. */
static bool sign_turns(long sign)
{
	return (sign >= 0x2028 && sign <= 0x202e) || (sign >= 0x2066 && sign <= 0x2069);
}

static void add_sign(struct strbuf *out, long sign)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = {0};
	size_t n;

	if (sign == '\n' || (sign >= ' ' && sign < 0x7f)) {
		bytes[0] = (char)sign;
		strbuf_add(out, bytes, 1);
		return;
	}
	n = sign >= 0xa0 && iswprint((wint_t)sign) && !sign_turns(sign)
		    ? wcrtomb(bytes, (wchar_t)sign, &state)
		    : (size_t)-1;
	if (n != (size_t)-1) {
		strbuf_add(out, bytes, n);
		return;
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (sign == signs[i].sign) {
			strbuf_puts(out, signs[i].instead);
			return;
		}
	strbuf_puts(out, "?");
}

char *cli_plain(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	struct strbuf out = {0};

	strbuf_puts(&out, "");
	while (*at)
		add_sign(&out, next_sign(&at));
	return strbuf_take(&out);
}
