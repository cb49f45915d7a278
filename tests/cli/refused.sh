#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lessons where the machine refuses namespaces: played on its own loopback as far as that goes, the
# rest is skipped with a reason, nothing fails, and no service of the machine is reached.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"

# A user namespace whose limit of further ones is 0, without a capability: its network stands for
# the machine's own.
refused() {
	# shellcheck disable=SC2016 # the inner shell's
	timeout 100 unshare -Un --map-root-user sh -c 'ip link set lo up &&
		echo 0 >/proc/sys/user/max_user_namespaces &&
		exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"' sh "$@" </dev/null
}
if ! refused true 2>why; then
	echo "1..0 # SKIP the stage cannot be set: $(head -n 1 why)"
	exit 0
fi
# shellcheck disable=SC2016 # backticks
lesson() { # lines of the lab block
	printf '# T\n\n```lesson\nlink: loopback\nminutes: 1\nlevel: x\nsource: y\n```\n\n## S\n'
	printf '```lab\n'
	printf '%s\n' "$@"
	printf '```\n'
}

refused "$BOTHENDS" check -j 4 >out 2>err
status=$?
[ $status -eq 3 ] || [ $status -eq 0 ] && ! grep '^not ok' out && grep -q '^ok [0-9]* - 02-[^#]*$' out
verdict "the course: nothing fails" out err
! grep '# SKIP *$' out
verdict "what is skipped has its reason" out

lesson open 'sysctl tcp_fin_timeout 5' 'expect server gone' >sysctl.md
refused "$BOTHENDS" check sysctl.md >out 2>err
[ $? -eq 3 ] && grep -qx 'ok 1 - sysctl # SKIP needs the private network' out
verdict "a sysctl is excused" out err

lesson 'client connect 7007' 'expect client connect fails ECONNREFUSED' >nobody.md
refused "$BOTHENDS" check nobody.md >out 2>err && grep -qx 'ok 1 - nobody' out
verdict "a port where nobody listens refuses" out err

# A service of the machine, which says what comes in.
cat >service.c <<'END'
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(7007)};
	struct pollfd service = {.fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLIN};
	int on = 1, status;
	pid_t child;

	setsockopt(service.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (argc < 2 || bind(service.fd, (struct sockaddr *)&any, sizeof(any)) || listen(service.fd, 8))
		return 99;
	child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		_exit(98);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 97;
	if (poll(&service, 1, 0))
		puts("# somebody came");
	fflush(stdout);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 96;
}
END
${CC:-cc} -o service service.c >why 2>&1
verdict "the service is built" why
lesson 'client connect 7007' 'client write "me"' >service.md
refused ./service "$BOTHENDS" check service.md >out 2>err
[ $? -eq 3 ] && grep -qx 'ok 1 - service # SKIP .*namespace was refused.*' out && ! grep came out
verdict "a service of the machine is not reached" out err
refused ./service "$BOTHENDS" run service.md >out 2>err
[ $? -eq 3 ] && [ "$(wc -l <err)" -eq 1 ] && ! grep came out &&
	grep -q '^service.md:12: connect: somebody listens on port 7007' err
verdict "... and run says why in one line" out err
done_testing
