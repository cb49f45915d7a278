/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputrc.h - whether readline can be given the reader's ~/.inputrc. */
#ifndef INPUTRC_H
#define INPUTRC_H

#include "lab.h"

/* Look at the file that readline will read, and at those it includes. -1 and one line where that
 * would hang or crash it: then it reads none. Call before readline starts. */
int inputrc_check(struct err *err);

#endif
