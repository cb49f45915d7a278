/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.c - a file of commands: all of it understood before any of it is played. */
#include "lab.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRIPT_BYTES (4 << 20)
#define SCRIPT_COMMANDS 10000

static int script_line(struct script *script, size_t *room, const char *line, size_t len,
		       int number, struct err *err)
{
	struct command command;

	if (len && line[len - 1] == '\r')
		len--;
	if (command_parse(line, len, SIDE_NONE, &command, err) < 0)
		return -1;
	command.line = number;
	if (command.op == OP_NONE) {
		command_clear(&command);
		return 0;
	}
	if (command.screen)
		err_set(err, "`%s` is the screen's own: it cannot stand in a file", command.verb);
	else if (script->count == SCRIPT_COMMANDS)
		err_set(err, "more than %d commands in one script", SCRIPT_COMMANDS);
	if (command.screen || script->count == SCRIPT_COMMANDS) {
		command_clear(&command);
		return -1;
	}
	if (script->count == *room) {
		*room = *room ? *room * 2 : 16;
		script->commands = xrealloc(script->commands, *room * sizeof(*script->commands));
	}
	script->commands[script->count++] = command;
	return 0;
}

int script_parse_at(const char *file, int line, const char *text, size_t len, struct script *script,
		    struct err *err)
{
	size_t room = 0;

	memset(script, 0, sizeof(*script));
	memset(err, 0, sizeof(*err));
	snprintf(err->file, sizeof(err->file), "%s", file);
	if (len > SCRIPT_BYTES)
		return err_set(err, "more than %d MiB", SCRIPT_BYTES >> 20);
	script->file = xstrdup(file);
	for (size_t at = 0; at < len; line++) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t length = end ? (size_t)(end - text) - at : len - at;

		err->line = line;
		if (script_line(script, &room, text + at, length, line, err) < 0) {
			script_clear(script);
			return -1;
		}
		at += length + 1;
	}
	memset(err, 0, sizeof(*err));
	return 0;
}

int script_parse(const char *file, const char *text, size_t len, struct script *script,
		 struct err *err)
{
	return script_parse_at(file, 1, text, len, script, err);
}

void script_clear(struct script *script)
{
	for (size_t i = 0; i < script->count; i++)
		command_clear(&script->commands[i]);
	free(script->commands);
	free(script->file);
	memset(script, 0, sizeof(*script));
}

static int file_open(const char *file, struct err *err)
{
	struct stat about;
	int fd;

	if (!strcmp(file, "-"))
		return STDIN_FILENO;
	/* A FIFO without a writer would block in open: ask first, and open without waiting. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_set(err, "%s", strerror(errno));
	if (fstat(fd, &about) < 0)
		err_set(err, "%s", strerror(errno));
	else if (S_ISDIR(about.st_mode))
		err_set(err, "is a directory");
	else if (!S_ISREG(about.st_mode))
		err_set(err, "is not a regular file");
	else
		return fd;
	close(fd);
	return -1;
}

char *file_read(const char *file, size_t *len, struct err *err)
{
	struct strbuf all = {0};
	char part[16384];
	ssize_t got;
	int fd;

	memset(err, 0, sizeof(*err));
	snprintf(err->file, sizeof(err->file), "%s", file);
	fd = file_open(file, err);
	if (fd < 0)
		return NULL;
	for (;;) {
		got = read(fd, part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || all.len + (size_t)got > SCRIPT_BYTES)
			break;
		strbuf_add(&all, part, (size_t)got);
	}
	if (got < 0)
		err_set(err, "%s", strerror(errno));
	else if (got > 0)
		err_set(err, "more than %d MiB", SCRIPT_BYTES >> 20);
	if (fd != STDIN_FILENO)
		close(fd);
	if (got) {
		strbuf_free(&all);
		return NULL;
	}
	memset(err, 0, sizeof(*err));
	*len = all.len;
	return strbuf_take(&all);
}
