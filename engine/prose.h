/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prose.h - Markdown that is read, not run: cmark's nodes to blocks and spans. */
#ifndef PROSE_H
#define PROSE_H
#include "lab.h"

#include <cmark.h>

struct prose { /* zero it to start */
	struct block *blocks;
	size_t count;
	bool full; /* past the bounds: said once, nothing more is taken */
};

/* Append a top-level node. What is not text (HTML, the address of a link or picture) is left out,
 * and no control character gets through. -1, line set, past the bounds or where a block that
 * runs stands inside a list or quote. */
int prose_add(struct prose *prose, cmark_node *node, struct err *err);
/* The text of a heading or paragraph on one line; malloc'd, "" when there is none. */
char *prose_line(cmark_node *node);
/* Bytes to one line of clean text: control characters, entities' ones too, become spaces. */
char *prose_clean(const char *text, size_t len);
void prose_free(struct block *blocks, size_t count);

/* The first word of a fence's info string is one of those that run. */
bool prose_runs(cmark_node *node);
/* That word is not, but looks like one mistyped: which; NULL otherwise. */
const char *prose_nearly_runs(cmark_node *node);

#endif
