/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segment_view.h - one segment, opened: every field of its headers, and what became of it. */
#ifndef SEGMENT_VIEW_H
#define SEGMENT_VIEW_H

#include "crossing.h"
#include "page.h"

struct segment_view {
	const struct journal *journal;
	uint64_t from, upto; /* events after the one, up to the other */
	struct pick pick;
};

/* All that is known of it, on an empty page; false: there is no such segment. */
bool segment_view_fill(const struct segment_view *view, struct page *page);
/* "segment 7: client → server, F."; returns `out`. */
char *segment_view_title(const struct segment_view *view, char *out, size_t size);

#endif
