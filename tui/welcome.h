/* SPDX-License-Identifier: GPL-3.0-or-later */
/* welcome.h - the free lab's first screen: what this is, and the ways in. */
#ifndef WELCOME_H
#define WELCOME_H

#include "lab.h"
#include "page.h"

/* Fill a page (started by the caller) with it, and with what this machine does not give. */
void welcome_fill(struct page *page, const struct lab *lab);

#endif
