/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cli_doctor.c - what this machine allows, what is missing, and the cure.
 *
 *   private network  ok       ports, settings and segments that are the lab's alone: ...
 *   TUN devices      MISSING  the wire: two hosts, segments held: /dev/net/tun: EACCES (...)
 *                    cure     sudo chmod 0666 /dev/net/tun (as distributions have it)
 *   link loopback    ok       ...
 *   link wire        MISSING  needs the private network and TUN devices
 */
#include "cli.h"
#include "doctor.h"
#include "lab.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <term.h>
#include <unistd.h>

#define WIDTH 79
#define NAME_WIDTH 16
#define STATE_WIDTH 7

void doctor_row(const char *name, const char *state, const char *text)
{
	int left = 2 + NAME_WIDTH + 1 + STATE_WIDTH + 2, room = WIDTH - left;

	printf("  %-*s %-*s  ", NAME_WIDTH, name, STATE_WIDTH, state);
	while (*text) {
		int len = (int)strlen(text), cut = len;

		if (len > room) {
			for (cut = room; cut && text[cut] != ' '; cut--)
				;
			if (!cut)
				cut = room;
		}
		printf("%.*s\n", cut, text);
		text += cut;
		text += strspn(text, " ");
		if (*text)
			printf("%*s", left, "");
	}
}

/* The first line of a file of the kernel's; NULL when there is none. */
static const char *kernel_says(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	char *line;

	if (!file)
		return NULL;
	line = fgets(out, (int)size, file);
	fclose(file);
	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

static bool features_print(const struct lab *lab)
{
	const char *cure = "";
	bool all = true;

	for (int i = 0; i < FEATURE_COUNT; i++) {
		const struct feature_state *feature = lab_feature(lab, (enum feature)i);
		char text[512];

		if (feature->ok) {
			snprintf(text, sizeof(text), "%s%s%s", feature->gives,
				 *feature->how ? ": " : "", feature->how);
			doctor_row(feature->name, "ok", text);
			continue;
		}
		all = false;
		snprintf(text, sizeof(text), "%s: %s", feature->gives, feature->reason);
		doctor_row(feature->name, "MISSING", text);
		/* One refusal takes several things away; its cure is told once. */
		if (strcmp(cure, feature->cure))
			doctor_row("", "cure", feature->cure);
		cure = feature->cure;
	}
	return all;
}

bool doctor_do(struct lab *lab, const char *line, struct err *err)
{
	int64_t end = lab_now(lab) + 5 * NS_PER_S;
	struct command command;

	if (command_parse(line, strlen(line), SIDE_NONE, &command, err))
		return false;
	if (lab_submit(lab, &command, NS_PER_S, err)) {
		command_clear(&command);
		return false;
	}
	command_clear(&command);
	while (lab_busy(lab) && lab_now(lab) < end) {
		struct pollfd fd = {.fd = lab_fd(lab), .events = POLLIN};

		poll(&fd, 1, (int)((end - lab_now(lab)) / NS_PER_MS) + 1);
		lab_turn(lab);
	}
	if (lab_busy(lab))
		return !err_set(err, "`%s` was not done in five seconds", line);
	return !lab_outcome(lab, err);
}

/* The fields of tcp_info that this kernel does not report, asked of a connection. An older kernel's
 * want of some is no fault; false: it told nothing at all. */
static bool tcp_info_print(struct lab *lab)
{
	char text[1024] = "", number[80];
	const struct info_field *field;
	const struct event *event;
	unsigned len = 0, missing = 0, known = 0;
	struct err err;

	if (doctor_do(lab, "open", &err))
		lab_observe(lab, true);
	/* While a process was at work its end was looked at without. */
	event = journal_latest(lab_journal(lab), EVENT_SNAPSHOT, SIDE_CLIENT, UINT64_MAX);
	while (event && !(len = event->snapshot->info_len))
		event = journal_before(lab_journal(lab), EVENT_SNAPSHOT, SIDE_CLIENT, event->n);
	if (!len) {
		doctor_row("tcp_info", "MISSING", "the kernel told nothing of a connection");
		return false;
	}
	for (size_t i = 0; (field = info_field_at(i)); i++) {
		size_t used = strlen(text);

		known++;
		if (field->offset + field->size <= len)
			continue;
		snprintf(text + used, sizeof(text) - used, "%s%s", missing++ ? ", " : "",
			 field->name);
	}
	snprintf(number, sizeof(number), "%u bytes, all %u fields that bothends knows", len, known);
	if (!missing) {
		doctor_row("tcp_info", "ok", number);
		return true;
	}
	snprintf(number, sizeof(number), "%u bytes, %u of %u fields; this kernel lacks:", len,
		 known - missing, known);
	doctor_row("tcp_info", "fewer", number);
	doctor_row("", "", text);
	return true;
}

static void kernel_print(void)
{
	char word[64];
	const char *said;

	said = kernel_says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", word,
			   sizeof(word));
	if (said && !strcmp(said, "1"))
		doctor_row("AppArmor", "note",
			   "keeps programs without a profile from making user namespaces "
			   "(kernel.apparmor_restrict_unprivileged_userns = 1): `make run` loads a "
			   "profile for the tree's own program, `make install` brings one");
	else
		doctor_row("AppArmor", "ok", "does not restrict user namespaces");
	said = kernel_says("/proc/sys/kernel/yama/ptrace_scope", word, sizeof(word));
	if (said && strcmp(said, "0"))
		doctor_row("strace -p", "note",
			   "kernel.yama.ptrace_scope keeps it from the processes of other "
			   "terminals: use it in `bothends shell`");
}

/* Is there such a program on the PATH? */
static bool program_found(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];

	while (path && *path) {
		size_t len = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name);
		if (!access(file, X_OK))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

static void programs_print(void)
{
	static const char *const programs[] = {"ss", "tcpdump", "strace"};
	char text[128] = "for a look from outside in `bothends shell`: not found here:";
	unsigned missing = 0;

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (!program_found(programs[i])) {
			strcat(text, missing++ ? ", " : " ");
			strcat(text, programs[i]);
		}
	if (missing)
		doctor_row("programs", "note", text);
	else
		doctor_row("programs", "ok", "ss, tcpdump and strace, for `bothends shell`");
}

static void terminal_print(void)
{
	const char *term = getenv("TERM");
	struct winsize size = {0};
	char text[256];
	int error;

	if (!term || setupterm(term, STDOUT_FILENO, &error) != OK) {
		snprintf(text, sizeof(text), "TERM is %s%s: the screen cannot start",
			 term ? term : "not set", term ? ", which terminfo does not know" : "");
		doctor_row("terminal", "note", text);
	} else {
		int colours = tigetnum("colors");

		snprintf(text, sizeof(text), "TERM is %s, %d colours%s", term,
			 colours < 0 ? 0 : colours,
			 getenv("NO_COLOR") && *getenv("NO_COLOR") ? ", NO_COLOR is set" : "");
		doctor_row("terminal", "ok", text);
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && ioctl(STDIN_FILENO, TIOCGWINSZ, &size)) {
		doctor_row("size", "note", "standard input and output are not a terminal here");
	} else {
		bool small = size.ws_col < 60 || size.ws_row < 16;

		snprintf(text, sizeof(text), "%dx%d%s", size.ws_col, size.ws_row,
			 small ? ": the screen needs 60x16" : "");
		doctor_row("size", small ? "note" : "ok", text);
	}
	snprintf(text, sizeof(text), "%s, %s%s", setlocale(LC_CTYPE, NULL), nl_langinfo(CODESET),
		 strcmp(nl_langinfo(CODESET), "UTF-8") ? ": lines are drawn in ASCII" : "");
	doctor_row("locale", "ok", text);
}

int cli_doctor(int argc, char **argv)
{
	struct lab_options options = {.link = LINK_LOOPBACK};
	struct utsname uts;
	struct err err = {0};
	struct lab *lab;
	char text[600];
	struct wire_trial wire;
	bool all;

	if (argc > 1) {
		fprintf(stderr, "bothends: doctor: nothing expected, not '%s'\n", argv[1]);
		return 2;
	}
	setlocale(LC_ALL, "");
	uname(&uts);
	printf("bothends %s on %s %s, %s\n\n", LAB_VERSION, uts.sysname, uts.release, uts.machine);
	doctor_try_wire(&wire);
	lab = lab_new(&options, &err);
	if (!lab) {
		printf("The lab does not start: %s\n", err_format(&err, text, sizeof(text)));
		return 3;
	}
	all = features_print(lab) && wire.ok;
	all = tcp_info_print(lab) && all;
	doctor_links(lab, &wire);
	lab_free(lab);
	kernel_print();
	programs_print();
	terminal_print();
	printf("\n%s\n", all ? "Nothing is missing."
			     : "The loopback link works all the same; what needs a missing thing "
			       "says so.");
	return all ? 0 : 3;
}
