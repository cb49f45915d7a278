/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rung.h - one row of the ladder: a segment, an ICMP message, or a time that passed. */
#ifndef RUNG_H
#define RUNG_H

#include "crossing.h"
#include "draw.h"

enum rung_mark { RUNG_PLAIN, RUNG_NEW, RUNG_DECIDER, RUNG_PICKED };

/* What a segment is, as a style: by its flags. */
enum style rung_style(const struct event *event);
void rung_draw(const struct canvas *canvas, struct rect at, const struct crossing *crossing,
	       enum rung_mark mark, bool timed);
/* Without time and mark: the arrow alone. */
void rung_draw_bare(const struct canvas *canvas, struct rect at, const struct crossing *crossing);
/* `ns` passed: the length is written where `told`. */
void rung_draw_gap(const struct canvas *canvas, struct rect at, int64_t ns, bool told);
void rung_draw_more(const struct canvas *canvas, struct rect at, int count);
/* "+0.41 s"; returns `out`. */
char *rung_gap(int64_t ns, char *out, size_t size);

#endif
