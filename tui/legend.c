/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * legend.c - how to read the ladder, shown while nothing has crossed.
 *
 *    no segment yet                 ───── S ────▶   SYN: a connection begins
 *    S SYN    F FIN                 ◀── P. 5 ────   P: 5 bytes of data
 *    P data   R RST    . ACK        ── F. ×2 ‖      held in mid-wire, sent twice
 *    (narrow)                       (wide: the rungs themselves, and what they mean)
 */
#include "legend.h"

#include "rung.h"

#include <stdio.h>

#define WIDE 50 /* columns from which rungs are shown */
#define ARROW 22

struct sample {
	const char *letter, *word; /* where the ladder is narrow; NULL: not there */
	unsigned flags;
	unsigned len, sent;
	enum side from;
	enum fate fate;
	const char *means;
};

static const struct sample samples[] = {
	{"S", "SYN", TH_S, 0, 1, SIDE_CLIENT, FATE_DELIVERED, "SYN: it begins"},
	{".", "ACK", TH_A, 0, 1, SIDE_SERVER, FATE_DELIVERED, "it acknowledges"},
	{"P", "data", TH_P | TH_A, 5, 1, SIDE_CLIENT, FATE_DELIVERED, "5 bytes of data"},
	{"F", "FIN", TH_F | TH_A, 0, 1, SIDE_SERVER, FATE_DELIVERED, "FIN: no more data"},
	{"R", "RST", TH_R, 0, 1, SIDE_CLIENT, FATE_DELIVERED, "RST: over at once"},
	{NULL, NULL, TH_P | TH_A, 5, 2, SIDE_CLIENT, FATE_HELD, "held, sent twice"},
	{NULL, NULL, TH_P | TH_A, 5, 1, SIDE_CLIENT, FATE_DELAYED, "on its way"},
	{NULL, NULL, TH_P | TH_A, 5, 1, SIDE_SERVER, FATE_DROPPED, "will not arrive"},
	{NULL, NULL, TH_P | TH_A, 5, 1, SIDE_CLIENT, FATE_DUPLICATED, "arrived twice"},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void sample_draw(const struct canvas *canvas, struct rect at, const struct sample *sample)
{
	struct event event = {.kind = EVENT_SEGMENT, .side = sample->from};
	struct crossing crossing = {&event, &event};

	event.segment.to = sample->from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;
	event.segment.flags = sample->flags;
	event.segment.len = sample->len;
	event.segment.sent = sample->sent;
	event.segment.win = 64;
	event.segment.fate = sample->fate;
	rung_draw_bare(canvas, (struct rect){at.y, at.x, 1, ARROW}, &crossing);
	draw_clip(canvas, at.y, at.x + ARROW + 2, at.w - ARROW - 2, STYLE_LABEL, sample->means);
}

static void legend_letters(const struct canvas *canvas, struct rect at)
{
	int x = at.x + 2, y = at.y + 2;

	for (size_t i = 0; i < SAMPLES && samples[i].letter && y < at.y + at.h; i++) {
		draw_text(canvas, y, x, 2, STYLE_STRONG, samples[i].letter);
		draw_text(canvas, y, x + 2, at.x + at.w - x - 2, STYLE_LABEL, samples[i].word);
		x += 9;
		if (x + 6 > at.x + at.w) {
			x = at.x + 2;
			y++;
		}
	}
}

void legend_draw(const struct canvas *canvas, struct rect at, bool wire)
{
	int x = at.x + 2;

	if (at.h < 2)
		return;
	draw_clip(canvas, at.y + (at.h > 3), x, at.w - 3, STYLE_DIM, "no segment yet");
	if (at.h < 5)
		return;
	if (at.w < WIDE || at.h < (int)SAMPLES + 4) {
		legend_letters(canvas, (struct rect){at.y + 1, at.x, at.h - 1, at.w});
		return;
	}
	for (size_t i = 0; i < SAMPLES; i++)
		if (wire || samples[i].letter)
			sample_draw(canvas, (struct rect){at.y + 3 + (int)i, x, 1, at.w - 3},
				    &samples[i]);
}
