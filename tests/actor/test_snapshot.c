/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_snapshot.c - a snapshot says what ss(8) says, run at the same moment in the same network;
 * and taking one changes nothing.
 */
#include "play.h"

#include <stdio.h>

/* The line of `ss -tanoeim` for the socket with these ports, its second line joined. */
static char *ss_line(unsigned port, unsigned peer, char *out, size_t size)
{
	char command[256];

	snprintf(command, sizeof(command), "ss -HtanoOeim 'sport = :%u and dport = :%u' 2>&1", port,
		 peer);
	return shell(command, out, size);
}

static long long ss_number(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? atoll(at + strlen(key)) : 0; /* it leaves out what is 0 */
}

/* ss prints its timer as "(on,204ms,0)", "(keepalive,119min,0)", ... or nothing. */
static const char *ss_timer(const char *line, char *out, size_t size)
{
	const char *at = strstr(line, "timer:(");

	snprintf(out, size, "off");
	if (at)
		snprintf(out, size, "%.*s", (int)strcspn(at + 7, ","), at + 7);
	return out;
}

static void compare(struct play *p, enum side side)
{
	const struct snapshot *s;
	char line[4096], state[32], timer[32], want[32];
	unsigned recvq = 0, sendq = 0;

	lab_observe(p->lab, true);
	s = play_snapshot(p, side);
	ss_line(s->port, s->peer_port, line, sizeof(line));
	if (sscanf(line, "%31s %u %u", state, &recvq, &sendq) != 3)
		state[0] = '\0';
	/* ss writes ESTAB, FIN-WAIT-2, ... */
	snprintf(want, sizeof(want), "%s",
		 s->state == STATE_ESTABLISHED	? "ESTAB"
		 : s->state == STATE_FIN_WAIT1	? "FIN-WAIT-1"
		 : s->state == STATE_FIN_WAIT2	? "FIN-WAIT-2"
		 : s->state == STATE_TIME_WAIT	? "TIME-WAIT"
		 : s->state == STATE_CLOSE_WAIT ? "CLOSE-WAIT"
		 : s->state == STATE_SYN_SENT	? "SYN-SENT"
		 : s->state == STATE_LAST_ACK	? "LAST-ACK"
						: "?");
	if (strcmp(state, want) != 0 || recvq != s->recvq || sendq != s->sendq)
		print_message("# ss: %s", line);
	play_assert_text(p, state, want);
	play_assert_int(p, s->recvq, recvq);
	play_assert_int(p, s->sendq, sendq);
	play_assert_text(p, timer_name(s->timer), ss_timer(line, timer, sizeof(timer)));
	if (s->skmem_known) {
		/* skmem:(r0,rb131072,t0,tb2626560,f0,w0,o0,bl0,d0) in the order of SK_MEMINFO_* */
		unsigned m[9] = {0};

		play_assert_int(p,
				sscanf(strstr(line, "skmem:") ? strstr(line, "skmem:") : "",
				       "skmem:(r%u,rb%u,t%u,tb%u,f%u,w%u,o%u,bl%u,d%u)", &m[0],
				       &m[1], &m[2], &m[3], &m[4], &m[5], &m[6], &m[7], &m[8]),
				9);
		for (int i = 0; i < 9; i++)
			play_assert_int(p, s->skmem[i], m[i]);
	}
	if (s->info_len && s->state != STATE_SYN_SENT) {
		play_assert_int(p, play_info(s, "snd_cwnd"), ss_number(line, "cwnd:"));
		play_assert_int(p, play_info(s, "snd_mss"), ss_number(line, " mss:"));
		play_assert_int(p, play_info(s, "pmtu"), ss_number(line, "pmtu:"));
		play_assert_int(p, play_info(s, "rto") / 1000, ss_number(line, " rto:"));
		play_assert_int(p, play_info(s, "segs_out"), ss_number(line, "segs_out:"));
		play_assert_int(p, play_info(s, "segs_in"), ss_number(line, "segs_in:"));
	}
}

static void test_like_ss(void **state)
{
	struct play *p = *state;
	char version[200];

	play_needs(p, FEATURE_DIAG);
	if (!strstr(shell("ss -V 2>&1", version, sizeof(version)), "iproute2")) {
		print_message("# there is no ss\n");
		skip();
	}
	play(p, "open\n");
	compare(p, SIDE_CLIENT);
	compare(p, SIDE_SERVER);
	play(p, "client write \"hello\"\n"
		"expect server recvq 5\n"
		"expect client sendq 0\n");
	compare(p, SIDE_CLIENT);
	compare(p, SIDE_SERVER);
	play(p, "client set keepalive idle 100s interval 10s count 3\n"
		"expect client timer keepalive over 90s\n");
	compare(p, SIDE_CLIENT);
	play(p, "client shutdown wr\n"
		"expect client state FIN_WAIT2\n"
		"expect server recvq 6\n");
	compare(p, SIDE_CLIENT);
	compare(p, SIDE_SERVER);
	play(p, "client close\n"
		"expect client timer timewait over 50s\n");
	compare(p, SIDE_CLIENT);
	play(p, "server drain\n"
		"server close\n"
		"expect client state TIME_WAIT\n");
	compare(p, SIDE_CLIENT);
	/* A window that is closed, and a SYN nobody answers. */
	play(p, "open\n"
		"client write 64M\n"
		"expect client timer persist within 5s\n");
	compare(p, SIDE_CLIENT);
	compare(p, SIDE_SERVER);
	play(p, "reset\n"
		"server listen 7800 backlog 0\n"
		"client connect 7800\n"
		"client connect 7800\n"
		"expect client state SYN_SENT\n"
		"expect client timer on\n"
		"expect client sendq 1\n");
	compare(p, SIDE_CLIENT);
}

static void test_listener(void **state)
{
	struct play *p = *state;
	const struct snapshot *server;
	char line[2048], s[32];
	unsigned recvq, sendq;

	play_needs(p, FEATURE_DIAG);
	play(p, "server listen 7900 backlog 5\n"
		"expect server state LISTEN\n"
		"expect server recvq 0\n"
		"expect server sendq 5\n"
		"expect server poll none\n");
	server = play_snapshot(p, SIDE_SERVER);
	play_assert(p, server->channel == CHANNEL_LISTENER && server->port == 7900);
	play(p, "client connect 7900\n"
		"expect server poll IN\n");
	shell("ss -Htln 'sport = :7900' 2>&1", line, sizeof(line));
	if (sscanf(line, "%31s %u %u", s, &recvq, &sendq) == 3) {
		play_assert_int(p, recvq, 1);
		play_assert_int(p, sendq, 5);
	}
	play(p, "server accept\n"
		"client close\n"
		"server close\n"
		"expect client state TIME_WAIT\n");
}

/* Every option the language sets is what the kernel says afterwards, and what the panel says. */
static void test_options(void **state)
{
	struct play *p = *state;
	const struct socket_options *o;

	play(p, "client set nodelay on\n" /* before there is a socket it makes one */
		"expect client socket = 3\n"
		"open\n"
		"expect client connect = 0\n"
		"client set linger 5\n"
		"client set keepalive idle 7s interval 3s count 4\n"
		"client set rcvtimeo 1500ms\n"
		"client set sndtimeo 2s\n"
		"client set user-timeout 2500ms\n"
		"client set cork on\n"
		"client set nonblock on\n"
		"client set rcvbuf 8k\n"
		"client set sndbuf 16k\n"
		"client set linger2 9s\n"
		"client set reuseaddr on\n");
	o = &play_snapshot(p, SIDE_CLIENT)->options;
	play_assert(p, o->known && o->linger_on && o->linger == 5 && o->nodelay && o->cork);
	play_assert(p, o->keepalive && o->keepidle == 7 && o->keepintvl == 3 && o->keepcnt == 4);
	play_assert_int(p, o->rcvtimeo / NS_PER_MS, 1500);
	play_assert_int(p, o->sndtimeo / NS_PER_MS, 2000);
	play_assert_int(p, o->user_timeout / NS_PER_MS, 2500);
	play_assert_int(p, o->rcvbuf, 16384);
	play_assert_int(p, o->sndbuf, 32768);
	play_assert(p, o->nonblock && o->reuseaddr && o->linger2 == 9);
	play(p, "client get linger\n"
		"expect client getsockopt = \"5 s\"\n"
		"client get user-timeout\n"
		"expect client getsockopt = \"2500\"\n"
		"client get rcvbuf\n"
		"expect client getsockopt = \"16384\"\n"
		"client get info\n"
		"expect client getsockopt = \"ESTABLISHED\"\n"
		"client set linger off\n"
		"client set keepalive off\n"
		"client set rcvtimeo 0s\n"
		"client set cork off\n"
		"client set nonblock off\n");
	o = &play_snapshot(p, SIDE_CLIENT)->options;
	play_assert(p, !o->linger_on && !o->keepalive && !o->cork && !o->nonblock);
	play_assert_int(p, o->rcvtimeo, 0);
	/* The server's are its own. */
	o = &play_snapshot(p, SIDE_SERVER)->options;
	play_assert(p, o->known && !o->nodelay && !o->nonblock && o->keepidle == 7200);
	/* A copy is the same socket, another process's copy too. */
	play(p, "server fork\n"
		"child set linger 3\n");
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->options.linger, 3);
	play(p, "client dup\n"
		"client set linger 4\n"
		"client close\n");
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->options.linger, 4);
}

static void test_signals_and_fds(void **state)
{
	struct play *p = *state;
	const struct snapshot *s;

	play(p, "open\n"
		"client signal SIGPIPE ignore\n"
		"client signal TERM catch\n"
		"client signal USR1 catch restart\n"
		"client dup\n");
	s = play_snapshot(p, SIDE_CLIENT);
	play_assert_int(p, s->signals[SIGPIPE], DISP_IGNORE);
	play_assert_int(p, s->signals[SIGTERM], DISP_CATCH);
	play_assert_int(p, s->signals[SIGUSR1], DISP_CATCH_RESTART);
	play_assert_int(p, s->signals[SIGHUP], DISP_DEFAULT);
	play_assert(p, s->nfds == 2 && s->fds[0].fd == 3 && s->fds[1].fd == 4);
	play_assert(p, s->fds[0].conn == 1 && s->fds[1].conn == 1);
	play_assert(p, s->fds[0].state == STATE_ESTABLISHED && s->last_fd == 4);
	s = play_snapshot(p, SIDE_SERVER);
	play_assert(p, s->nfds == 2 && s->fds[0].channel == CHANNEL_LISTENER &&
			       s->fds[0].state == STATE_LISTEN && s->fds[1].conn == 1);
	play(p, "client close\n"
		"client close\n"
		"client close\n"
		"expect client close fails EBADF\n");
	s = play_snapshot(p, SIDE_CLIENT);
	play_assert(p, s->nfds == 0 && s->last_fd == 4);
	play(p, "client signal SIGPIPE default\n");
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->signals[SIGPIPE], DISP_DEFAULT);
}

/* A descriptor can outlive its connection: CLOSE by TCP_INFO, gone from the tables. */
static void test_gone_and_open(void **state)
{
	struct play *p = *state;
	const struct snapshot *s;

	play(p, "open\n"
		"client set linger 0\n"
		"client close\n"
		"expect server gone\n");
	s = play_snapshot(p, SIDE_SERVER);
	play_assert(p, s->gone && s->state == STATE_CLOSE && s->nfds == 2);
	play_assert(p, s->fds[1].state == STATE_CLOSE && s->fds[1].conn == 1);
	play_assert(p, !s->queues_known && !s->info_len && s->timer == TIMER_OFF);
}

/* Looking a hundred times takes nothing away: the pending error, the data, the FIN. */
static void test_looking_touches_nothing(void **state)
{
	struct play *p = *state;
	char fds[4096];

	play(p, "open\n"
		"client write \"here\"\n"
		"client set linger 0\n"
		"client close\n"
		"expect server gone\n"
		"expect server poll IN OUT RDHUP ERR HUP\n");
	for (int i = 0; i < 100; i++)
		lab_observe(p->lab, true);
	play(p, "server get error\n"
		"expect server getsockopt = \"ECONNRESET\"\n"
		"server get error\n"
		"expect server getsockopt = \"0\"\n"
		"server read\n"
		"expect server read = \"here\"\n"
		/* No copy of a descriptor holds the FIN back. */
		"open\n");
	for (int i = 0; i < 100; i++)
		lab_observe(p->lab, true);
	/* The lab holds no TCP socket: only its netlink, packet and control sockets. */
	proc_fds(getpid(), true, fds, sizeof(fds));
	for (char *at = fds; (at = strstr(at, "socket:[")); at++) {
		char want[64], tcp[65536];

		snprintf(want, sizeof(want), " %u ", (unsigned)atoi(at + 8));
		slurp("/proc/self/net/tcp", tcp, sizeof(tcp));
		play_assert(p, !strstr(tcp, want));
	}
	play(p, "client close\n"
		"expect server state CLOSE_WAIT within 100ms\n"
		"server read\n"
		"expect server read = 0\n");
}

/* ------------------------------------------------------------------ channels */
static void test_socketpair(void **state)
{
	struct play *p = *state;

	play(p, "open socketpair\n"
		"expect client socketpair = 0\n"
		"client write \"through\"\n");
	play_assert_int(p, play_snapshot(p, SIDE_CLIENT)->channel, CHANNEL_SOCKETPAIR);
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->channel, CHANNEL_SOCKETPAIR);
	play(p, "expect server recvq 7\n"
		"expect server poll IN OUT\n"
		"server read\n"
		"expect server read = \"through\"\n"
		"expect server recvq 0\n"
		"server write \"back\"\n"
		"expect client recvq 4\n"
		"client read\n"
		"expect client read = \"back\"\n"
		"server close\n"
		"expect client poll IN OUT RDHUP HUP\n"
		"client send \"x\" nosignal\n" /* at once, on the first write */
		"expect client send fails EPIPE\n"
		"client write \"x\"\n"
		"expect client killed SIGPIPE\n");
}

static void test_pipe(void **state)
{
	struct play *p = *state;

	play(p, "open pipe\n"
		"expect client pipe = 0\n"
		"client write \"abc\"\n"
		"expect server recvq 3\n"
		"expect server poll IN\n"
		"expect client poll OUT\n"
		"server read 1\n"
		"expect server recvq 2\n"
		"server read\n"
		"expect server read = \"bc\"\n"
		"expect server recvq 0\n"
		"server read\n"
		"expect server blocked in read\n"
		"client write \"wake\"\n"
		"expect server read = \"wake\"\n");
	play_assert_int(p, play_snapshot(p, SIDE_SERVER)->channel, CHANNEL_PIPE);
	/* Its end: the reader's read gives 0, the writer's write EPIPE, each at once. */
	play(p, "client signal SIGPIPE ignore\n"
		"server close\n"
		"expect client poll OUT ERR\n"
		"client write \"x\"\n"
		"expect client write fails EPIPE\n"
		"open pipe\n"
		"client close\n"
		"server read\n"
		"expect server read = 0\n"
		"expect server poll HUP\n");
	/* A pipe is no socket, and only its writer may write. */
	play(p, "server send \"x\"\n"
		"expect server send fails ENOTSOCK\n"
		"server write \"x\"\n"
		"expect server write fails EBADF\n");
}

static void test_pipe_full(void **state)
{
	struct play *p = *state;

	play(p, "open pipe\n"
		"client write 100k\n"
		"expect client blocked in write\n"
		"expect server recvq 65536\n"
		"server drain 100k\n"
		"expect server drain = 102400\n"
		"expect client write = 102400\n"
		"expect server recvq 0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_like_ss),       PLAY_TEST(test_listener),
		PLAY_TEST(test_options),       PLAY_TEST(test_signals_and_fds),
		PLAY_TEST(test_gone_and_open), PLAY_TEST(test_looking_touches_nothing),
		PLAY_TEST(test_socketpair),    PLAY_TEST(test_pipe),
		PLAY_TEST(test_pipe_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
