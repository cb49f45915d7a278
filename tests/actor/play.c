/* SPDX-License-Identifier: GPL-3.0-or-later */
/* play.c - the harness of the tests on real sockets. */
#include "play.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct play *play_new(void)
{
	struct lab_options options = {.actor = TEST_BUILD "/bothends-actor"};
	struct play *p = calloc(1, sizeof(*p));
	struct err err = {0};

	p->lab = lab_new(&options, &err);
	if (!p->lab)
		fail_msg("lab_new: %s", err.text);
	return p;
}

void play_free(struct play *p)
{
	lab_free(p->lab);
	free(p);
}

int play_setup(void **state)
{
	*state = play_new();
	return 0;
}

int play_teardown(void **state)
{
	struct play *p = *state;
	char why[200];
	bool sound = journal_sound(lab_journal(p->lab), why, sizeof(why));

	if (!sound) {
		play_dump(p);
		print_message("# %s\n", why);
	}
	play_free(p);
	return sound ? 0 : -1;
}

static bool play_has(struct play *p, enum feature feature)
{
	const struct feature_state *state = lab_feature(p->lab, feature);

	if (!state->ok)
		print_message("# %s: %s\n", state->name, state->reason);
	return state->ok;
}

void play_needs(struct play *p, enum feature feature)
{
	if (!play_has(p, feature))
		skip();
}

void play_needs_apart(struct play *p, enum feature feature, int status)
{
	if (play_has(p, feature))
		return;
	play_free(p);
	fflush(stdout);
	_exit(status);
}

/* --------------------------------------------------------------------- failing */
void play_dump(struct play *p)
{
	const struct journal *journal = lab_journal(p->lab);
	uint64_t from = journal_first(journal), last = journal_last(journal);
	char line[600];

	if (last > from + 400 && !getenv("V")) {
		from = last - 400;
		print_message("# ...\n");
	}
	for (uint64_t n = from; n <= last; n++) {
		const struct event *event = journal_at(journal, n);

		print_message("# %4llu %d %9.6f  %s\n", (unsigned long long)n, (int)event->conn,
			      (double)event->t / NS_PER_S,
			      event_format(event, true, line, sizeof(line)));
	}
}

static void play_fail(struct play *p, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static void play_fail(struct play *p, const char *file, int line, const char *fmt, ...)
{
	va_list ap;
	char text[9000];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	play_dump(p);
	print_message("# %s:%d: %s\n", file, line, text);
	_fail(file, line);
}

void play_assert_at(struct play *p, bool holds, const char *what, const char *file, int line)
{
	if (!holds)
		play_fail(p, file, line, "%s does not hold", what);
}

void play_assert_text_at(struct play *p, const char *is, const char *want, const char *file,
			 int line)
{
	if (strcmp(is, want) != 0)
		play_fail(p, file, line, "\"%s\" instead of \"%s\"", is, want);
}

void play_assert_int_at(struct play *p, long long is, long long want, const char *file, int line)
{
	if (is != want)
		play_fail(p, file, line, "%lld instead of %lld", is, want);
}

/* --------------------------------------------------------------------- playing */
static void play_wait(struct play *p, int64_t until)
{
	struct pollfd one = {.fd = lab_fd(p->lab), .events = POLLIN};
	int64_t left = until - clock_ns();
	struct timespec bound = {left / NS_PER_S, left % NS_PER_S};

	if (left > 0)
		ppoll(&one, 1, &bound, NULL);
	lab_turn(p->lab);
}

void play_turns(struct play *p, int64_t ns)
{
	int64_t until = clock_ns() + ns;

	do
		play_wait(p, until);
	while (clock_ns() < until);
}

int play_line(struct play *p, const char *text, size_t len, struct err *err)
{
	struct command command;
	int64_t until;

	if (command_parse(text, len, SIDE_NONE, &command, err))
		fail_msg("\"%.*s\": %s", (int)len, text, err->text);
	until = clock_ns() + COMMAND_BOUND + PATIENCE + command.within +
		(command.op == OP_WAIT ? command_num(&command, "TIME", 0) : 0);
	if (lab_submit(p->lab, &command, PATIENCE, err)) {
		command_clear(&command);
		return -1;
	}
	while (lab_busy(p->lab)) {
		if (clock_ns() >= until) {
			play_dump(p);
			fail_msg("\"%.*s\" does not end", (int)len, text);
		}
		play_wait(p, until);
	}
	command_clear(&command);
	return lab_outcome(p->lab, err);
}

void play_at(struct play *p, const char *text, const char *file, int line)
{
	p->since = journal_last(lab_journal(p->lab));
	for (const char *end; *text; text = end + (*end == '\n'), line++) {
		struct err err = {0};

		end = strchrnul(text, '\n');
		if (play_line(p, text, (size_t)(end - text), &err))
			play_fail(p, file, line, "\"%.*s\" is refused: %s", (int)(end - text), text,
				  err.text);
		if (lab_held(p->lab) != 1)
			play_fail(p, file, line, "\"%.*s\" %s", (int)(end - text), text,
				  lab_held(p->lab) ? "is unavailable" : "does not hold");
	}
}

void play_refused_at(struct play *p, const char *text, const char *part, const char *file, int line)
{
	struct err err = {0};

	if (!play_line(p, text, strlen(text), &err))
		play_fail(p, file, line, "\"%s\" is not refused", text);
	if (!strstr(err.text, part))
		play_fail(p, file, line, "\"%s\" is refused with \"%s\", not \"%s\"", text,
			  err.text, part);
	if (strchr(err.text, '\n'))
		play_fail(p, file, line, "\"%s\": more than a line", err.text);
}

void play_until_at(struct play *p, const char *text, int64_t ns, const char *file, int line)
{
	struct condition condition;
	struct err err = {0};
	int64_t until = clock_ns() + ns;
	char saw[200] = "";

	if (condition_parse(text, strlen(text), &condition, &err))
		fail_msg("%s", err.text);
	while (lab_judge(p->lab, &condition, p->since, NULL, saw, sizeof(saw)) != VERDICT_TRUE) {
		if (clock_ns() >= until)
			play_fail(p, file, line, "\"%s\" does not come true: %s", text, saw);
		play_wait(p, until);
	}
	condition_clear(&condition);
}

/* ----------------------------------------------------------------- the journal */
const struct event *play_newest(struct play *p, enum event_kind kind, enum side side)
{
	return journal_latest(lab_journal(p->lab), kind, side, UINT64_MAX);
}

const struct snapshot *play_snapshot(struct play *p, enum side side)
{
	const struct event *event = play_newest(p, EVENT_SNAPSHOT, side);

	return event ? event->snapshot : NULL;
}

const struct event *play_call(struct play *p, enum side side, enum call call)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_CALL, side, UINT64_MAX);

	while (event && event->call.call != call)
		event = journal_before(journal, EVENT_CALL, side, event->n);
	return event;
}

const struct event *play_returned(struct play *p, enum side side, enum call call)
{
	int64_t until = clock_ns() + COMMAND_BOUND;
	struct scene scene;

	for (;;) {
		scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
		if (!scene.side[side].blocked && play_call(p, side, call))
			return play_call(p, side, call);
		if (clock_ns() >= until)
			play_fail(p, __FILE__, __LINE__, "%s does not return", call_name(call));
		play_wait(p, until);
	}
}

bool journal_has_call(struct play *p, enum side side, enum call call, int64_t ret, int err)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_CALL, side, UINT64_MAX);

	for (; event && event->n > p->since;
	     event = journal_before(journal, EVENT_CALL, side, event->n))
		if (event->call.call == call && event->call.ret == ret && event->call.err == err)
			return true;
	return false;
}

bool journal_has_process(struct play *p, enum side side, enum process_change what, int status)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_latest(journal, EVENT_PROCESS, side, UINT64_MAX);

	for (; event && event->n > p->since;
	     event = journal_before(journal, EVENT_PROCESS, side, event->n))
		if (event->process.what == what && event->process.status == status)
			return true;
	return false;
}

const char *journal_states(struct play *p, enum side side, unsigned conn)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_STATE, side, 0);
	size_t len = 0;

	p->text[0] = '\0';
	for (; event; event = journal_after(journal, EVENT_STATE, side, event->n)) {
		if (event->conn != conn)
			continue;
		if (!len)
			len += (size_t)sprintf(p->text, "%s", state_name(event->state.old));
		if (len + 32 > sizeof(p->text))
			break;
		len += (size_t)sprintf(p->text + len, " %s", state_name(event->state.new));
	}
	return p->text;
}

const char *journal_segments(struct play *p, unsigned conn)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, 0);
	size_t len = 0;
	char flags[16];

	p->text[0] = '\0';
	for (; event && len + 40 < sizeof(p->text);
	     event = journal_after(journal, EVENT_SEGMENT, SIDE_NONE, event->n)) {
		if (event->conn != conn)
			continue;
		len += (size_t)sprintf(p->text + len, "%s%s%s", len ? " " : "",
				       event->side == SIDE_CLIENT ? ">" : "<",
				       flags_format(event->segment.flags, flags, sizeof(flags)));
		if (event->segment.len)
			len += (size_t)sprintf(p->text + len, "%u", event->segment.len);
	}
	return p->text;
}

uint64_t journal_last_n(struct play *p)
{
	return journal_last(lab_journal(p->lab));
}

unsigned journal_count(struct play *p, enum event_kind kind, uint64_t since)
{
	const struct journal *journal = lab_journal(p->lab);
	const struct event *event = journal_after(journal, kind, SIDE_NONE, since);
	unsigned count = 0;

	for (; event; event = journal_after(journal, kind, SIDE_NONE, event->n))
		count++;
	return count;
}

pid_t play_pid(struct play *p, enum side side)
{
	struct scene scene;

	scene_at(lab_journal(p->lab), journal_last_n(p), &scene);
	return scene.side[side].pid;
}

int64_t play_info(const struct snapshot *snapshot, const char *field)
{
	int64_t value;

	return snapshot_info(snapshot, info_field_find(field), &value) ? value : -1;
}

/* ----------------------------------------------------------------- the machine */
char *slurp(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	while (fd >= 0 && len + 1 < size && (got = read(fd, out + len, size - 1 - len)) > 0)
		len += (size_t)got;
	if (fd >= 0)
		close(fd);
	out[len] = '\0';
	return out;
}

char *proc_status(pid_t pid, const char *field, char *out, size_t size)
{
	char path[64], text[4096], want[64], *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text[0] = '\n';
	slurp(path, text + 1, sizeof(text) - 1);
	snprintf(want, sizeof(want), "\n%s:", field);
	at = strstr(text, want);
	out[0] = '\0';
	if (!at)
		return out;
	for (at += strlen(want); isblank((unsigned char)*at); at++)
		;
	snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
	return out;
}

static int number_compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

char *proc_fds(pid_t pid, bool targets, char *out, size_t size)
{
	char path[64], target[128];
	int fds[512], count = 0;
	struct dirent *entry;
	size_t len = 0;
	ssize_t got;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)) && count < 512)
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    (pid != getpid() || atoi(entry->d_name) != dirfd(dir)))
			fds[count++] = atoi(entry->d_name);
	if (dir)
		closedir(dir);
	qsort(fds, (size_t)count, sizeof(fds[0]), number_compare);
	out[0] = '\0';
	for (int i = 0; i < count && len + 160 < size; i++) {
		len += (size_t)sprintf(out + len, "%d ", fds[i]);
		if (!targets)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fds[i]);
		got = readlink(path, target, sizeof(target) - 1);
		target[got > 0 ? got : 0] = '\0';
		len += (size_t)sprintf(out + len, "%s ", target);
	}
	return out;
}

unsigned proc_count_fds(pid_t pid)
{
	char text[8192];
	unsigned count = 0;

	for (const char *at = proc_fds(pid, false, text, sizeof(text)); *at; at++)
		count += *at == ' ';
	return count;
}

static bool proc_stat(pid_t pid, char *letter, pid_t *parent)
{
	char path[64], text[1024], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	at = strrchr(slurp(path, text, sizeof(text)), ')');
	return at && sscanf(at + 1, " %c %d", letter, parent) == 2;
}

unsigned proc_children(pid_t parent)
{
	struct dirent *entry;
	unsigned count = 0;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir))) {
		char letter;
		pid_t of;

		if (isdigit((unsigned char)entry->d_name[0]) &&
		    proc_stat(atoi(entry->d_name), &letter, &of) && of == parent)
			count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

char proc_letter(pid_t pid)
{
	char letter = 0;
	pid_t parent;

	return proc_stat(pid, &letter, &parent) ? letter : 0;
}

char *shell(const char *command, char *out, size_t size)
{
	FILE *pipe = popen(command, "re");
	size_t len = pipe ? fread(out, 1, size - 1, pipe) : 0;

	if (pipe)
		pclose(pipe);
	out[len] = '\0';
	return out;
}

int64_t timer_armed(void)
{
	char path[64], text[1024], *at;
	long long seconds, ns;
	struct dirent *entry;
	DIR *dir = opendir("/proc/self/fdinfo");
	int64_t armed = -1;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/self/fdinfo/%.20s", entry->d_name);
		at = strstr(slurp(path, text, sizeof(text)), "it_value: (");
		if (at && sscanf(at, "it_value: (%lld, %lld)", &seconds, &ns) == 2)
			armed = seconds * NS_PER_S + ns;
	}
	if (dir)
		closedir(dir);
	return armed;
}
