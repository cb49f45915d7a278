/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.h - memory given out piece by piece and taken back all at once. Pieces never move. */
#ifndef ARENA_H
#define ARENA_H

#include "lab.h"

struct arena {
	struct arena_block *blocks;
	size_t bytes; /* of all blocks */
};

void *arena_copy(struct arena *arena, const void *data, size_t len, size_t align);
void arena_free(struct arena *arena);

/* Copy everything an event points to into the arena, and let it point there. */
void event_own(struct event *event, struct arena *arena);

#endif
