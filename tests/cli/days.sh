#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad days: the first lessons play wherever they can be played truthfully. Where no segment can be
# captured, what is asked of segments is unavailable, which is not failed.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
program_copy
home=$dir/home
mkdir "$home"
chmod 1777 "$home"
export HOME="$home" XDG_STATE_HOME="$home/state" XDG_DATA_HOME="$home/data" \
	XDG_CONFIG_HOME="$home/config"
unset XDG_RUNTIME_DIR
cd program || exit 1
lessons=$(ls lessons/01-*.md lessons/02-*.md lessons/08-*.md lessons/09-*.md 2>/dev/null)
chmod 777 .

# NAME, COMMAND...: what the command makes of `bothends check` on the four lessons. All play, or
# some are skipped with a reason and the exit status is 3; nothing fails.
plays() {
	name=$1
	shift
	# shellcheck disable=SC2086 # a list of files
	timeout 100 "$@" ./bothends check $lessons >../out 2>../err </dev/null
	status=$?
	played=$(grep -c '^ok' ../out)
	[ "$played" -ge 4 ] && ! grep -q '^not ok' ../out && case $status in
	0) ! grep -q '# SKIP' ../out ;;
	3) grep -q '# SKIP ..*' ../out ;;
	*) false ;;
	esac
	verdict "$name: the lessons play (exit status $status)" ../out ../err
}
# And the doctor: a table, exit status 0 or 3, what is missing with a cure.
tells() {
	name=$1
	shift
	timeout 20 "$@" ./bothends doctor >../out 2>../err </dev/null
	status=$?
	case $status in
	0) ! grep -q MISSING ../out ;;
	3) grep -q MISSING ../out && grep -q ' cure ' ../out ;;
	*) false ;;
	esac && awk 'length > 80 { exit 1 }' ../out
	verdict "$name: the doctor tells (exit status $status)" ../out ../err
}
both() {
	plays "$@"
	tells "$@"
}
skip_both() {
	skip "$1: the lessons play" "$2"
	skip "$1: the doctor tells" "$2"
}

both "as we are" env
if [ "$(id -u)" -eq 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups true; then
	both "an ordinary user" setpriv --reuid 65534 --regid 65534 --clear-groups
	both "root without capabilities" setpriv --bounding-set=-all --inh-caps=-all
	both "an ordinary user, no new privileges" setpriv --reuid 65534 --regid 65534 \
		--clear-groups --no-new-privs --bounding-set=-all
	# The kernel makes no user namespace below a chroot (EPERM, as a hardened container says).
	mkdir ../root
	# shellcheck disable=SC2016 # expanded inside
	chrooted='mount --rbind / "$1" && here=$PWD && shift 1 && exec chroot "$ROOT" setpriv \
		--reuid 65534 --regid 65534 --clear-groups sh -c "cd \"\$1\" && shift && exec \"\$@\"" \
		sh "$here" "$@"'
	if ROOT=$dir/root unshare -m sh -c "$chrooted" sh "$dir/root" true 2>/dev/null; then
		export ROOT="$dir/root"
		both "user namespaces refused with EPERM" \
			unshare -m sh -c "$chrooted" sh "$dir/root"
	else
		skip_both "user namespaces refused with EPERM" "no mount namespace here"
	fi
else
	for name in "an ordinary user" "root without capabilities" \
		"an ordinary user, no new privileges" "user namespaces refused with EPERM"; do
		skip_both "$name" "needs root to become another user"
	done
fi

# ENOSPC: the number of user namespaces is limited to none, inside one of the test's own.
limited='echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all \
	--inh-caps=-all "$@"'
if unshare -Ur sh -c "$limited" sh true 2>/dev/null; then
	both "user namespaces refused with ENOSPC" unshare -Ur sh -c "$limited" sh
	timeout 60 unshare -Ur sh -c "$limited" sh ./bothends run lessons/01-*.md >../out 2>../err </dev/null
	[ $? -eq 3 ] && grep -q 'tcp_fin_timeout stays as it is' ../out && grep -q 'EPIPE' ../out &&
		! grep -qE '(✘|x) expect' ../out
	verdict "a sysctl that cannot be set is left out, and the lesson goes on" ../out ../err
else
	skip_both "user namespaces refused with ENOSPC" "no user namespace to try it in"
	skip "a sysctl that cannot be set is left out" "no user namespace to try it in"
fi
limited='echo 0 >/proc/sys/user/max_net_namespaces && exec setpriv --bounding-set=-all \
	--inh-caps=-all --ambient-caps=-all "$@"'
if unshare -U --map-user=1000 --map-group=1000 --keep-caps sh -c "$limited" sh true 2>/dev/null; then
	both "network namespaces refused with ENOSPC" unshare -U --map-user=1000 --map-group=1000 --keep-caps \
		sh -c "$limited" sh
else
	skip_both "network namespaces refused with ENOSPC" "no user namespace to try it in"
fi

# What CI and service managers hand down.
plays "SIGPIPE ignored" env --ignore-signal=PIPE
plays "SIGCHLD ignored" env --ignore-signal=CHLD
plays "every signal ignored" env --ignore-signal
plays "every signal blocked" env --block-signal
plays "standard input closed" sh -c 'exec "$@" <&-' sh
plays "standard input and error closed" sh -c 'exec "$@" <&- 2>&-' sh
plays "an empty environment" env -i
plays "few descriptors" sh -c 'ulimit -S -n 32 && exec "$@"' sh
timeout 20 sh -c 'ulimit -n 32 && exec ./bothends doctor' >../out 2>../err </dev/null
[ $? -eq 3 ] && grep -q 'ulimit -n' ../out
verdict "too few descriptors: the doctor says so" ../out ../err
plays "in a locale without UTF-8" env LC_ALL=C
plays "HOME that does not exist" env HOME=/proc/nonexistent XDG_STATE_HOME=/proc/nonexistent/state

printf 'open\nclient close\nexpect server state CLOSE_WAIT\n' >../short.lab
timeout 20 sh -c './bothends run ../short.lab <&- >&- 2>&-'
[ $? -le 3 ]
verdict "all three standard descriptors closed: an orderly end"
done_testing
