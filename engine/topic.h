/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topic.h - a true line about a word that is neither a command nor a condition. */
#ifndef TOPIC_H
#define TOPIC_H
#include <stddef.h>

struct topic {
	const char *word; /* "EPIPE", "CLOSE_WAIT" */
	const char *text; /* a sentence or two */
	const char *man;
};
const struct topic *topic_at(size_t i); /* NULL past the end */
const struct topic *topic_find(const char *word);

#endif
