/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study.h - a reader's way through a lesson: what study.c and study_fault.c share. */
#ifndef STUDY_H
#define STUDY_H
#include "lab.h"

struct study {
	struct lab *lab;
	const struct lesson *lesson;
	struct player *player; /* of the step being played, or played last */
	enum study_state state;
	size_t step;
	bool afresh; /* study_again: the link is being started */
	bool lacks;  /* a sysctl was left out */
	bool again;  /* study_again: steps are played until `stop` */
	size_t stop;
	int *predicted;		      /* by step */
	struct study_result *results; /* by step */
	bool *played;		      /* by step: there is a result */
	struct study_verdict *choices, *claims;
	int64_t done;  /* when its last command was; 0: not yet */
	bool *already; /* by command of the step's script */
	struct err err;
};

/* The step begun last. */
const struct step *study_at(const struct study *study);

#endif
