/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state_file.h - where what is kept between runs lives. */
#ifndef STATE_FILE_H
#define STATE_FILE_H

/* $XDG_STATE_HOME/bothends/NAME, otherwise ~/.local/state/bothends/NAME; malloc'd, NULL: there is
 * no HOME either. A relative path does not count (XDG Base Directory Specification). */
char *state_file_path(const char *name);
/* Make the directories that this path leads through, for the user alone. Returns why the last one
 * could not be made, an errno; 0: it is there. */
int state_file_directories(char *path);

#endif
