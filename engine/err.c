/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab.h"

#include <stdarg.h>

int err_set(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	char what[sizeof(err->text)], whole[2 * sizeof(err->text) + 2];
	va_list ap;

	if (!err)
		return -1;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof(whole), "%s: %s", what, err->text);
	snprintf(err->text, sizeof(err->text), "%.*s", (int)sizeof(err->text) - 1, whole);
	return -1;
}

char *err_format(const struct err *err, char *out, size_t size)
{
	if (err->file[0] && err->line)
		snprintf(out, size, "%s:%d: %s", err->file, err->line, err->text);
	else if (err->file[0])
		snprintf(out, size, "%s: %s", err->file, err->text);
	else if (err->line)
		snprintf(out, size, "line %d: %s", err->line, err->text);
	else
		snprintf(out, size, "%s", err->text);
	return out;
}
