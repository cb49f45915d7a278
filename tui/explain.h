/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - what the value of a number of a panel means now, in words. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "lab.h"
#include "limit.h"

struct explained {
	const char *word; /* as explanation_find() takes it */
	enum side side;
	const struct scene_side *end;
	int64_t at; /* ns: the time shown */
	const struct limits *limits;
};
/* "12 bytes have arrived that the process has not read"; "" where the value says nothing more than
 * the word does. Returns `out`. */
char *explain_value(const struct explained *of, char *out, size_t size);
/* explain_info.c: of a field of tcp_info; */
void explain_info(const struct snapshot *snapshot, const struct info_field *field, char *out,
		  size_t size);
/* of a socket option, or of a signal's disposition; false: it is neither. */
bool explain_option(const struct snapshot *snapshot, const char *word, char *out, size_t size);

#endif
