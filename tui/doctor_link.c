/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doctor_link.c - which link this machine can have, and what each of the two lacks. */
#include "cli.h"
#include "doctor.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void loopback_print(const struct lab *lab)
{
	static const enum feature used[] = {FEATURE_NETWORK, FEATURE_CAPTURE, FEATURE_DIAG,
					    FEATURE_SYSCTL};
	char text[256] = "works, but without:";
	unsigned missing = 0;

	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
		const struct feature_state *feature = lab_feature(lab, used[i]);

		if (feature->ok)
			continue;
		strcat(text, missing++ ? ", " : " ");
		strcat(text, feature->name);
	}
	doctor_row("link loopback", missing ? "fewer" : "ok",
		   missing ? text : "both ends on 127.0.0.1");
}

static void wire_try_here(struct wire_trial *trial)
{
	const struct lab_options options = {.link = LINK_WIRE};
	struct err err = {.text = "it does not start"};
	struct lab *lab = lab_new(&options, &err);
	const struct feature_state *lacks = lab ? cli_wire_lacks(lab) : NULL;

	if (lab && !lacks && lab_link(lab) == LINK_WIRE) {
		trial->ok = doctor_do(lab, "open", &err);
		lab_free(lab);
	} else if (lacks) {
		snprintf(err.text, sizeof(err.text), "%s", lacks->reason);
		snprintf(trial->cure, sizeof(trial->cure), "%s", lacks->cure);
	}
	snprintf(trial->reason, sizeof(trial->reason), "%.*s", (int)sizeof(trial->reason) - 1,
		 err.text);
}

void doctor_try_wire(struct wire_trial *trial)
{
	ssize_t got;
	int fds[2];
	pid_t pid;

	*trial = (struct wire_trial){.reason = "it could not be tried"};
	fflush(stdout);
	if (pipe(fds))
		return;
	pid = fork();
	if (!pid) {
		wire_try_here(trial);
		_exit(write(fds[1], trial, sizeof(*trial)) != sizeof(*trial));
	}
	close(fds[1]);
	while ((got = read(fds[0], trial, sizeof(*trial))) < 0 && errno == EINTR)
		;
	if (got != sizeof(*trial))
		*trial = (struct wire_trial){.reason = "the lab that tried it died"};
	close(fds[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void wire_print(const struct lab *lab, const struct wire_trial *trial)
{
	if (trial->ok) {
		doctor_row("link wire", "ok",
			   "a host for each end; a connection was opened through it");
	} else if (cli_wire_lacks(lab)) {
		doctor_row("link wire", "MISSING", "needs the private network and TUN devices");
	} else {
		doctor_row("link wire", "MISSING", trial->reason);
		doctor_row("", "cure",
			   *trial->cure ? trial->cure
					: "`link loopback` needs none of it; see what "
					  "`bothends run --link wire` says");
	}
}

void doctor_links(const struct lab *lab, const struct wire_trial *trial)
{
	loopback_print(lab);
	wire_print(lab, trial);
}
