/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c - where the screen's events come from: a running lab, or a saved session, which has
 * none. Only here and where something is done is it asked which. */
#include "view.h"

#include <time.h>

bool screen_saved(const struct screen *screen)
{
	return screen->options.session != NULL;
}

const struct journal *screen_journal(const struct screen *screen)
{
	return screen_saved(screen) ? screen->options.session->journal : lab_journal(screen->lab);
}

enum link_kind screen_link(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *note;

	if (!screen_saved(screen))
		return lab_link(screen->lab);
	note = journal_latest(journal, EVENT_LINK, SIDE_NONE, screen_upto(screen));
	return note && note->note.wire.on ? LINK_WIRE : LINK_LOOPBACK;
}

const struct feature_state *screen_feature(const struct screen *screen, enum feature feature)
{
	return screen_saved(screen) ? NULL : lab_feature(screen->lab, feature);
}

int64_t screen_time(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *last;

	if (!screen_saved(screen))
		return lab_now(screen->lab);
	last = journal_at(journal, journal_last(journal));
	return last ? last->t : 0;
}

bool screen_busy(const struct screen *screen)
{
	return !screen_saved(screen) && lab_busy(screen->lab);
}

bool screen_disturbed(const struct screen *screen)
{
	return !screen_saved(screen) && reader_disturbed(&screen->reader, screen->lab);
}

void screen_about(const struct screen *screen, struct session_about *about)
{
	const struct reader *reader = &screen->reader;

	if (screen_saved(screen)) {
		*about = screen->options.session->about;
		return;
	}
	about->epoch = lab_epoch(screen->lab);
	about->title = reader_reads(reader) ? reader->lesson->title : NULL;
}

char *session_when(const struct session *session, char *out, size_t size)
{
	time_t seconds = (time_t)(session->about.epoch / NS_PER_S);
	struct tm tm;

	if (session->about.epoch <= 0 || !localtime_r(&seconds, &tm) ||
	    !strftime(out, size, "%Y-%m-%d %H:%M", &tm))
		*out = '\0';
	return out;
}
