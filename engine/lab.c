/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lab.c - a lab: what it is made of, and one turn of it. */
#include "core.h"
#include "mem.h"
#include "task.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 16
#define FIRST_PORT 7001
#define DESCRIPTORS 128
#define TURN_LONG (2 * NS_PER_MS)

static const struct feature_state features[FEATURE_COUNT] = {
	[FEATURE_NETWORK] = {.name = "private network",
			     .gives = "ports, settings and segments that are the lab's alone"},
	[FEATURE_CAPTURE] = {.name = "packet capture", .gives = "every segment, with its time"},
	[FEATURE_DIAG] = {.name = "sock_diag", .gives = "state, queues, timers and tcp_info"},
	[FEATURE_SYSCTL] = {.name = "sysctl", .gives = "net.ipv4.tcp_* for the lab's own hosts"},
	[FEATURE_TUN] = {.name = "TUN devices", .gives = "the wire: two hosts, segments held"},
};

int64_t lab_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t lab_now(const struct lab *lab)
{
	return lab_clock() - lab->start;
}

char *lab_actor_path(void)
{
	static const char *const places[] = {"bothends-actor",
					     "../libexec/bothends/bothends-actor"};
	char self[4096], *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return NULL;
	self[len] = '\0';
	/* A binary that was built anew while it ran. */
	if (len > 10 && !strcmp(self + len - 10, " (deleted)"))
		self[len - 10] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	slash[1] = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *path = xasprintf("%s%s", self, places[i]);

		if (!access(path, X_OK))
			return path;
		free(path);
	}
	return NULL;
}

static void tun_probe(struct feature_state *tun, const struct feature_state *network)
{
	if (!network->ok) {
		snprintf(tun->reason, sizeof(tun->reason), "needs the private network");
		snprintf(tun->cure, sizeof(tun->cure), "%s", network->cure);
		return;
	}
	if (!access("/dev/net/tun", R_OK | W_OK)) {
		tun->ok = true;
		snprintf(tun->how, sizeof(tun->how), "/dev/net/tun");
		return;
	}
	snprintf(tun->reason, sizeof(tun->reason), "/dev/net/tun: %s (%s)", errno_name(errno),
		 strerror(errno));
	snprintf(tun->cure, sizeof(tun->cure), "%s",
		 errno == ENOENT ? "sudo modprobe tun"
				 : "sudo chmod 0666 /dev/net/tun (as distributions have it)");
}

static void lab_probe(struct lab *lab)
{
	struct feature_state *feature = lab->features;

	memcpy(feature, features, sizeof(features));
	network_enter(&lab->network, &feature[FEATURE_NETWORK]);
	tun_probe(&feature[FEATURE_TUN], &feature[FEATURE_NETWORK]);
	feature[FEATURE_SYSCTL].ok = lab->network.private;
	if (lab->network.private) {
		snprintf(feature[FEATURE_SYSCTL].how, sizeof(feature[FEATURE_SYSCTL].how),
			 "in the private network");
		return;
	}
	snprintf(feature[FEATURE_SYSCTL].reason, sizeof(feature[FEATURE_SYSCTL].reason),
		 "needs the private network");
	snprintf(feature[FEATURE_SYSCTL].cure, sizeof(feature[FEATURE_SYSCTL].cure), "%s",
		 feature[FEATURE_NETWORK].cure);
}

static int poll_add(struct lab *lab, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return fd < 0 ? -1 : epoll_ctl(lab->poll, EPOLL_CTL_ADD, fd, &event);
}

/* An actor keeps its own descriptors above the ones it works with: it needs numbers to there. */
static int descriptors_allow(struct err *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= DESCRIPTORS)
		return 0;
	if (limit.rlim_max < DESCRIPTORS)
		return err_set(err,
			       "%llu descriptors are allowed here, the lab needs %d: ulimit -n %d",
			       (unsigned long long)limit.rlim_max, DESCRIPTORS, DESCRIPTORS);
	limit.rlim_cur = DESCRIPTORS;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return err_set(err, "setrlimit: %s", strerror(errno));
	return 0;
}

static int lab_descriptors(struct lab *lab, struct err *err)
{
	int life[2];
	sigset_t child;

	/* Inherited as ignored, SIGCHLD would reap our actors unseen. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (descriptors_allow(err))
		return -1;
	if (pipe2(life, O_CLOEXEC))
		return err_set(err, "pipe: %s", strerror(errno));
	lab->life = life[1];
	/* Out of the way of the numbers the actors' ends are put to, one after the other. */
	lab->life_read = fcntl(life[0], F_DUPFD_CLOEXEC, ACTOR_SPARE);
	close(life[0]);
	if (lab->life_read < 0)
		return err_set(err, "the actors' lifeline: %s", strerror(errno));
	lab->poll = epoll_create1(EPOLL_CLOEXEC);
	lab->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	lab->signal = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (lab->poll < 0 || poll_add(lab, lab->timer) || poll_add(lab, lab->signal))
		return err_set(err, "descriptors for the lab: %s", strerror(errno));
	return 0;
}

struct lab *lab_new(const struct lab_options *options, struct err *err)
{
	struct lab *lab = xcalloc(1, sizeof(*lab));
	struct timespec real, mono;

	lab->options = *options;
	lab->poll = lab->timer = lab->signal = lab->life = lab->life_read = lab->passing =
		lab->home = -1;
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct actor *actor = &lab->actors[side];

		actor->side = side;
		actor->control = actor->epoll = actor->pidfd = actor->last_fd =
			actor->last_listen_fd = -1;
	}
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	lab->start = mono.tv_sec * NS_PER_S + mono.tv_nsec;
	lab->epoch = real.tv_sec * NS_PER_S + real.tv_nsec;
	lab->look_at = NEVER;
	lab->port_next = FIRST_PORT;
	lab->journal = journal_new(options->journal_bound);
	lab->actor_path = options->actor ? xstrdup(options->actor) : lab_actor_path();
	if (!lab->actor_path) {
		err_set(err, "bothends-actor is missing: it belongs beside bothends, or in "
			     "../libexec/bothends");
		goto fail;
	}
	lab_probe(lab);
	if (lab_descriptors(lab, err))
		goto fail;
	if (link_start(lab, options->link, err) && link_start(lab, LINK_LOOPBACK, err))
		goto fail;
	link_tell(lab);
	if (actor_start(lab, SIDE_CLIENT, err) || actor_start(lab, SIDE_SERVER, err))
		goto fail;
	observe(lab, true);
	stage_flush(lab, true);
	return lab;
fail:
	lab_free(lab);
	return NULL;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;

	const int *fds[] = {&lab->poll,	     &lab->timer,   &lab->signal, &lab->life,
			    &lab->life_read, &lab->passing, &lab->home};

	/* The child first: while its parent lives it is not ours to wait for. */
	for (int side = SIDE_COUNT; side-- > 0;)
		actor_end(lab, &lab->actors[side]);
	task_free(lab);
	link_end(lab);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	for (unsigned i = 0; i < lab->nconns; i++)
		free(lab->conns[i]);
	free(lab->conns);
	arena_free(&lab->staged_arena);
	free(lab->staged);
	journal_free(lab->journal);
	free(lab->actor_path);
	free(lab);
}

static int64_t lab_deadline(const struct lab *lab)
{
	int64_t next = lab->look_at, task = task_deadline(lab);

	for (int side = 0; side < SIDE_COUNT; side++) {
		int64_t check = flight_check_at(lab, &lab->actors[side].flight);

		if (check < next)
			next = check;
	}
	return task < next ? task : next;
}

static void timer_arm(struct lab *lab)
{
	int64_t next = lab_deadline(lab);
	struct itimerspec when = {0};

	if (next != NEVER) {
		next += lab->start + 1; /* all zero would disarm it */
		when.it_value.tv_sec = next / NS_PER_S;
		when.it_value.tv_nsec = next % NS_PER_S;
	}
	timerfd_settime(lab->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Read whatever has come; true when there was anything but our own timer. */
static bool lab_receive(struct lab *lab)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(lab->poll, events, EVENTS_MAX, 0);
	bool processes = false, news = false;

	for (int i = 0; i < count; i++) {
		int fd = events[i].data.fd;
		struct signalfd_siginfo info;
		uint64_t ticks;

		if (fd == lab->timer) {
			if (read(fd, &ticks, sizeof(ticks)) < 0)
				continue;
		} else {
			news = true;
		}
		if (fd == lab->signal) {
			while (read(fd, &info, sizeof(info)) > 0)
				;
			processes = true;
		}
		for (int side = 0; side < SIDE_COUNT; side++) {
			if (fd == lab->actors[side].control)
				actor_receive(lab, &lab->actors[side]);
			else if (fd == lab->actors[side].pidfd)
				processes = true;
		}
	}
	if (processes)
		process_check(lab);
	return news;
}

static void reports_send(struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct actor *actor = &lab->actors[side];
		struct desc *desc = desc_due(actor);

		if (desc)
			actor_report(lab, actor, desc);
	}
}

static void drops_check(struct lab *lab)
{
	unsigned dropped = capture_dropped(lab->capture);

	if (dropped == lab->dropped)
		return;
	stage_note(lab, EVENT_LINK, SIDE_NONE,
		   "the capture has lost %u segments: the kernel's buffer was full",
		   dropped - lab->dropped);
	lab->dropped = dropped;
}

int lab_turn(struct lab *lab)
{
	uint64_t before = journal_last(lab->journal);

	int64_t began = lab_now(lab);

	/* Again while something happens at once; the bounds keep a flood from starving others. */
	for (int i = 0; i < 16 && lab_now(lab) - began < TURN_LONG; i++) {
		bool news = lab_receive(lab), due = news || lab_now(lab) >= lab->look_at;

		if (news)
			lab->settle = lab_now(lab);
		if (due)
			observe(lab, false);
		if (lab->capture && due)
			drops_check(lab);
		if (lab->wire && due)
			hosts_check(lab);
		flights_check(lab);
		reports_send(lab);
		stage_flush(lab, false);
		if (!task_turn(lab) && !news)
			break;
		stage_flush(lab, false);
	}
	timer_arm(lab);
	return (int)(journal_last(lab->journal) - before);
}

void lab_observe(struct lab *lab, bool force)
{
	observe(lab, force);
	stage_flush(lab, false);
	timer_arm(lab);
}

int lab_fd(const struct lab *lab)
{
	return lab->poll;
}

bool lab_settled(const struct lab *lab)
{
	return !lab->pending;
}

struct journal *lab_journal(const struct lab *lab)
{
	return lab->journal;
}

enum link_kind lab_link(const struct lab *lab)
{
	return lab->options.link;
}

int64_t lab_epoch(const struct lab *lab)
{
	return lab->epoch;
}

const struct feature_state *lab_feature(const struct lab *lab, enum feature feature)
{
	return &lab->features[feature];
}

enum verdict lab_judge(struct lab *lab, const struct condition *condition, uint64_t since,
		       uint64_t *decider, char *saw, size_t size)
{
	struct judge judge = {.journal = lab->journal,
			      .upto = journal_last(lab->journal),
			      .segments_since = since,
			      .calls_since = since,
			      .capture = link_sees(lab)};

	return condition_judge(condition, &judge, decider, saw, size);
}
