/* SPDX-License-Identifier: GPL-3.0-or-later */
/* legend.h - how to read the ladder, shown while nothing has crossed. */
#ifndef LEGEND_H
#define LEGEND_H

#include "draw.h"

/* `wire`: what waits or is lost in mid-wire, too. */
void legend_draw(const struct canvas *canvas, struct rect at, bool wire);

#endif
