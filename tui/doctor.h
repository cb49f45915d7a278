/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doctor.h - what the parts of `bothends doctor` share. */
#ifndef DOCTOR_H
#define DOCTOR_H
#include "lab.h"

/* One row of the table; the text is broken between words to stay within the width. */
void doctor_row(const char *name, const char *state, const char *text);
/* Do one command of the language, for at most five seconds; false: refused or not done, and why. */
bool doctor_do(struct lab *lab, const char *line, struct err *err);

/* What came of trying the wire. */
struct wire_trial {
	bool ok;
	char reason[240], cure[240];
};
/* Start a lab on the wire and open a connection, in a process of its own: one lab a process. */
void doctor_try_wire(struct wire_trial *trial);
/* A row for each link. */
void doctor_links(const struct lab *lab, const struct wire_trial *trial);

#endif
