/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.c - the tables that random walks choose from. */
#include "walk.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

/* %S a side, %W an end of the wire, %N a small number, %P a port, %Z a size, %G a signal, %T a
 * short time, %L the link, %C a condition. Rows that end much stand once, the others more often. */
static const char *const commands[] = {
	"open",
	"open",
	"open",
	"open socketpair",
	"open pipe",
	"reset",
	"link %L",
	"server listen",
	"server listen %P",
	"server listen %P backlog %N",
	"server accept",
	"server accept",
	"client connect",
	"client connect",
	"client connect %P",
	"client connect nonblock",
	"%S write \"abc\"",
	"%S write \"abc\"",
	"%S write %Z",
	"%S send \"x\" nosignal",
	"%S send %Z dontwait nosignal",
	"%S send \"!\" oob nosignal",
	"%S read",
	"%S read %N",
	"%S recv dontwait",
	"%S recv %N peek dontwait",
	"%S drain",
	"%S drain %N",
	"%S poll in %T",
	"%S poll in out rdhup",
	"%S close",
	"%S close",
	"server close listen",
	"%S shutdown wr",
	"%S shutdown rd",
	"%S shutdown rdwr",
	"%S dup",
	"server fork",
	"server fork",
	"%S set linger %N",
	"%S set linger off",
	"%S set keepalive idle 1s interval 1s count %N",
	"%S set rcvtimeo %T",
	"%S set sndtimeo %T",
	"%S set user-timeout %T",
	"%S set nodelay on",
	"%S set cork on",
	"%S set cork off",
	"%S set nonblock on",
	"%S set nonblock off",
	"%S set rcvbuf %Z",
	"%S set sndbuf %Z",
	"%S set linger2 %Ns",
	"%S set reuseaddr on",
	"%S get error",
	"%S get info",
	"%S get linger",
	"%S signal PIPE ignore",
	"%S signal PIPE ignore",
	"%S signal %G catch",
	"%S signal %G catch restart",
	"%S signal %G default",
	"server signal CHLD ignore",
	"%S kill %G",
	"%S kill KILL",
	"%S exit %N",
	"%S stop",
	"%S cont",
	"%S cont",
	"%S interrupt",
	"%S interrupt",
	"%S interrupt",
	"sysctl tcp_fin_timeout %N",
	"sysctl tcp_rmem",
	"wait %T",
	"wait until %C within %T",
	"expect %C within %T",
	"expect not %C for %T",
};

static const char *const wire_commands[] = {
	"wire hold",
	"wire hold %W",
	"wire release all",
	"wire release all",
	"wire release %W all",
	"wire release %W",
	"wire release %W %N",
	"wire release segment %N",
	"wire drop",
	"wire drop %W",
	"wire drop all",
	"wire drop %W %N",
	"wire duplicate",
	"wire duplicate %W",
	"wire duplicate %W all",
	"wire duplicate segment %N",
	"wire reorder",
	"wire reorder %W",
	"wire delay %T",
	"wire delay 0ms",
	"wire loss %N0",
	"wire loss 0",
	"wire unreachable host",
	"wire unreachable net",
	"wire unreachable port",
	"wire unreachable off",
	"wire cut",
	"wire mend",
	"wire mend",
	"wire mend",
	"%W crash",
	"%W reboot",
	"%W reboot",
	"%W poweroff 0s",
	"%W poweroff %T",
	"sysctl tcp_orphan_retries %N",
	"sysctl tcp_syn_retries %N",
	"sysctl tcp_synack_retries %N",
};

static const char *const moves[] = {
	"open",
	"open",
	"open",
	"open",
	"open",
	"reset",
	"reset",
	"server listen %P backlog 1",
	"client connect %P",
	"client connect nonblock",
	"client connect nonblock",
	"server accept",
	"%S write \"abc\"",
	"%S write 64k",
	"%S send \"x\" nosignal",
	"%S read",
	"%S recv dontwait",
	"%S close",
	"%S close",
	"%S close",
	"%S close",
	"%W close",
	"%W close",
	"%W shutdown wr",
	"%W shutdown wr",
	"%S shutdown rdwr",
	"server close listen",
	"%S set linger 0",
	"%S set linger 1",
	"%S set linger2 1s",
	"%S set nonblock on",
	"%S set user-timeout %T",
	"server fork",
	"%S exit",
	"%S kill",
	"%S stop",
	"%S cont",
	"%S cont",
	"%S interrupt",
	"sysctl tcp_fin_timeout 1",
	"sysctl tcp_syncookies %B",
	"sysctl tcp_abort_on_overflow %B",
	"sysctl tcp_timestamps %B",
	"sysctl tcp_max_orphans %B",
	"wait %T",
	"wait %T",
};

static const char *const wire_moves[] = {
	"wire hold",
	"wire hold",
	"wire hold %W",
	"wire hold %W",
	"wire release all",
	"wire release all",
	"wire release all",
	"wire release %W all",
	"wire release %W all",
	"wire release %W",
	"wire release %W",
	"wire release %W",
	"wire release %W 2",
	"wire drop %W",
	"wire drop all",
	"wire duplicate %W",
	"wire duplicate all",
	"wire reorder",
	"wire reorder %W",
	"wire delay %T",
	"wire delay %T",
	"wire delay 0ms",
	"wire loss 20",
	"wire loss 0",
	"wire unreachable %U",
	"wire unreachable off",
	"wire cut",
	"wire mend",
	"wire mend",
	"wire mend",
	"wire mend",
	"%W crash",
	"%W reboot",
	"%W reboot",
	"%W poweroff 0s",
};

static const char *const sides[] = {"client", "server", "child"};
static const char *const ends[] = {"client", "server"};
static const char *const sizes[] = {"1", "1k", "64k", "300k", "1M"};
static const char *const signals[] = {"USR1", "TERM", "PIPE", "CHLD", "INT"};
static const char *const unreachables[] = {"host", "net", "port"};
static const char *const conditions[] = {
	"client state ESTABLISHED", "server state CLOSE_WAIT",	"child gone",
	"client recvq > 0",	    "server read = 0",		"client write fails EPIPE",
	"server blocked in read",   "client poll IN OUT",	"client timer on",
	"server info rto > 1",	    "client exited 1",		"child killed TERM",
	"segment from client F.",   "3 segments from server .", "server sendq 0",
};

static unsigned pick(struct walk *walk, unsigned count)
{
	return (unsigned)rand_r(&walk->seed) % count;
}
#define PICK(table) table[pick(walk, sizeof(table) / sizeof((table)[0]))]

static const char *pattern(struct walk *walk)
{
	if (walk->kind == WALK_STATES)
		return pick(walk, 2) ? PICK(moves) : PICK(wire_moves);
	if (walk->kind == WALK_WIRE && !pick(walk, 3))
		return PICK(wire_commands);
	return PICK(commands);
}

void walk_command(struct walk *walk, char *out, size_t size)
{
	unsigned port = walk->port ? walk->port : 7001;
	char part[64];
	size_t len = 0;

	for (const char *at = pattern(walk); *at && len + 1 < size; at++) {
		snprintf(part, sizeof(part), "%c", *at);
		if (*at == '%') {
			switch (*++at) {
			case 'S':
				snprintf(part, sizeof(part), "%s", PICK(sides));
				break;
			case 'W':
				snprintf(part, sizeof(part), "%s", PICK(ends));
				break;
			case 'N':
				snprintf(part, sizeof(part), "%u", 1 + pick(walk, 9));
				break;
			case 'B':
				snprintf(part, sizeof(part), "%u", pick(walk, 2));
				break;
			case 'P':
				snprintf(part, sizeof(part), "%u", port + pick(walk, 4));
				break;
			case 'Z':
				snprintf(part, sizeof(part), "%s", PICK(sizes));
				break;
			case 'G':
				snprintf(part, sizeof(part), "%s", PICK(signals));
				break;
			case 'U':
				snprintf(part, sizeof(part), "%s", PICK(unreachables));
				break;
			case 'L':
				snprintf(part, sizeof(part), "%s",
					 walk->kind == WALK_LOOPBACK ? "loopback" : "wire");
				break;
			case 'T':
				snprintf(part, sizeof(part), "%ums", 1 + pick(walk, 30));
				break;
			default:
				snprintf(part, sizeof(part), "%s", PICK(conditions));
				break;
			}
		}
		len += (size_t)snprintf(out + len, size - len, "%s", part);
	}
}

int walk_line(struct play *p, const char *line, int64_t patience, int64_t most, struct err *err)
{
	int64_t until = clock_ns() + most, left;
	struct pollfd one = {.fd = lab_fd(p->lab), .events = POLLIN};
	struct command command;
	int refused;

	if (command_parse(line, strlen(line), SIDE_NONE, &command, err))
		fail_msg("\"%s\": %s", line, err->text);
	refused = lab_submit(p->lab, &command, patience, err);
	command_clear(&command);
	if (refused)
		return -1;
	while (lab_busy(p->lab)) {
		struct timespec bound;

		left = until - clock_ns();
		if (left <= 0)
			lab_cancel(p->lab);
		bound = (struct timespec){left / NS_PER_S, left % NS_PER_S};
		if (left > 0)
			ppoll(&one, 1, &bound, NULL);
		lab_turn(p->lab);
	}
	return lab_outcome(p->lab, err);
}
