#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A lesson from a stranger is data: it runs nothing but the commands of the lab, touches nothing
# outside of it, costs bounded time and memory, and its text does nothing to a terminal.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
mkdir empty
export TMPDIR="$dir/empty"

# shellcheck disable=SC2016 # Markdown
head='# T\n\n```lesson\nlink: loopback\nminutes: 1\nlevel: x\nsource: y\n```\n\n## S\n\n'
lesson() { # lines of the lab block, the first of which is line 13
	printf '%b' "$head"
	echo '```lab'
	printf '%s\n' "$@"
	echo '```'
}
played() { # bothends run FILE...: its status is $status
	timeout 60 "$BOTHENDS" run "$@" >out 2>err </dev/null
	status=$?
}
refused() { # LINE: with this line of x.md, before anything was executed
	played --json x.md
	[ $status -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "^x.md:$1: " err &&
		! timeout 60 "$BOTHENDS" check x.md >out 2>err && grep -q "^# x.md:$1: " out
}
# Nothing that a terminal would obey: no control character but the end of a line, no C1 character.
harmless() {
	LC_ALL=C grep -q . "$1" && ! LC_ALL=C tr -d '\n' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]' &&
		! LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$1" &&
		! grep -q "$(printf '\342\200\256')" "$1"
}

# --- what it can run
for command in next back end again 'again 2' lesson 'lesson 1' 'save stolen' 'focus server' \
	'help open' leave hint quit; do
	lesson open "$command" >x.md
	refused 14
	verdict "the screen's own: $command" out err
done
# shellcheck disable=SC2016 # not to be expanded by anybody
for command in '!touch stolen' '$(touch stolen)' '`touch stolen`' 'touch stolen' 'sh -c "touch stolen"' \
	'run stolen.lab' 'shell' 'check x.md' 'open /etc/passwd' 'client open "/etc/passwd"' \
	'client exec "/bin/sh"' 'client connect 127.0.0.1 22' 'client connect "example.org" 80' \
	'client read /etc/passwd' 'server listen /tmp/stolen' 'link tun0' 'open; touch stolen' \
	'client write "x" > stolen' 'source stolen.lab' 'include stolen.lab' 'client kill 1 9' \
	'client kill 0' 'client kill -1' 'client kill SIGKILL 1' 'init kill' 'root kill' 'lab kill'; do
	lesson open "$command" >x.md
	refused 14
	verdict "no command of the lab: $command" out err
done
for name in net.core.somaxconn kernel.hostname vm.drop_caches net.ipv4.ip_forward tcp_../../kernel/x \
	net.ipv4.tcp_/x tcp_ net.ipv6.tcp_x 'tcp_fin_timeout/..' net.ipv4.conf.all.tcp_x; do
	lesson open "sysctl $name 1" >x.md
	refused 14
	verdict "no sysctl of the lab's: $name" out err
done
for command in 'client write 1025M' 'client read 2M' 'client write 99999999999999999999' \
	'wait 99999999999999999999s' 'wait 32000000s' 'client set linger 99999999' 'wire loss 101' \
	'wire delay 99999999999s' 'expect client recvq 99999999999999999999999' 'server listen 65536' \
	'server listen 1 backlog 9999999' 'client poll in 999999999s' 'client exit 256' \
	'server set keepalive count 9999' 'client set rcvbuf 9999M'; do
	lesson open "$command" >x.md
	refused 14
	verdict "too large: $command" out err
done
[ ! -e stolen ] && [ -z "$(ls -A empty)" ]
verdict "nothing was written by any of them"

# --- what it can show
esc='&#27;]0;owned&#7;&#27;[2J&#155;31m&#x9b;1m&#x202e;'
# shellcheck disable=SC2016 # Markdown
{
	printf '# T%s\n\n```lesson\nlink: loopback\nminutes: 1\n' "$esc"
	printf 'level: x%s\nsource: y%s\n```\n\n' "$esc" "$esc"
	printf 'Intro %s *%s* `%s`.\n\n![%s](a%s "%s")\n\n' "$esc" "$esc" "$esc" "$esc" "$esc" "$esc"
	printf '## S\303\274 \342\200\224 %s\n\nText %s\n\n```c%s a%s.c\nx%s\n```\n\n' "$esc" "$esc" "$esc" "$esc" "$esc"
	printf '```predict Q%s\na%s :: server recvq 0\nb%s :: server recvq 1\n```\n\n' "$esc" "$esc" "$esc"
	printf '```hint\nh%s\n```\n\n```lab\nopen\nclient write "\\033[2J\\x9b1m\\r\\a"\nserver read\n' "$esc"
	printf 'expect server read = "x" within 1ms\n```\n\n'
	printf '```claim "C%s" — S%s\nserver recvq 1\ndiffers: W%s\n```\n\n' "$esc" "$esc" "$esc"
	printf '```claim "wrong%s" — S%s\nserver recvq 1\n```\n' "$esc" "$esc"
} >shown.md
played shown.md
cat err >>out
[ $status -eq 1 ] && harmless out && grep -q 'owned' out && grep -q 'a claim was not true: wrong' out
verdict "escapes by entity in every text: run" out
timeout 60 "$BOTHENDS" check shown.md >out 2>&1 </dev/null
[ $? -eq 1 ] && harmless out && grep -q 'a claim was not true: wrong' out
verdict "... check" out
LC_ALL=C timeout 60 "$BOTHENDS" run shown.md >out 2>&1 </dev/null
harmless out && ! LC_ALL=C grep -q '[^ -~]' out
verdict "... where the locale has ASCII only" out
bytes_shown() { # BYTES as printf %b has them, a LINE of x.md with an @ in their place
	lesson 'open # so' 'client write "x"' >x.md
	printf '\nText so\n' >>x.md
	byte=$(printf '%b' "$1") awk -v line="$2" '{
		want = line
		sub(/@.*/, "", want)
		if (index($0, want) == 1) {
			sub(/@/, ENVIRON["byte"], line)
			$0 = line
		}
		print
	}' x.md >y.md
	mv y.md x.md
	LC_ALL=C grep -q "$(printf '%b' "$1")" x.md || return 0
	played x.md
	cat out >>err
	[ $status -ne 2 ] || ! harmless err && return 0
	timeout 20 "$BOTHENDS" check x.md >out 2>&1 </dev/null
	[ $? -ne 2 ] || ! harmless out
}
for byte in '\0033' '\0007' '\0177' '\0001' '\0015x' '\0302\0233' '\0342\0200\0256' \
	'\0342\0200\0250' '\0377'; do
	for line in '# T@' 'source: y@' '## S@' 'open # @' 'client write "x@"' 'Text @'; do
		! bytes_shown "$byte" "$line" || echo "$byte in $line: $status" >>shown
	done
done
[ ! -e shown ]
verdict "a raw byte that is no text is told with its line, never shown" shown
lesson open >"$(printf 'a\033[31m\nok 2 - # SKIP\302\233\342\200\256\377.md')"
timeout 20 "$BOTHENDS" check a*.md >out 2>err </dev/null && harmless out && [ "$(wc -l <out)" -eq 2 ] && grep -q '^ok 1 - a.*\\# SKIP' out
verdict "a file's name is text, too, and no directive of TAP" out
lesson open >"$(printf 'o\340\200\212ok 2 - x\360\200\200\212ok 3 - y.md')"
timeout 20 "$BOTHENDS" check o*.md >out 2>err </dev/null && harmless out && [ "$(wc -l <out)" -eq 2 ]
verdict "... nor does it hide an end of a line in more bytes than it needs" out err
done_testing
