#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make deb: a package that lintian has nothing against, with all in its place, built beside the tree.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
for tool in dpkg-buildpackage dh; do
	if ! command -v $tool >/dev/null; then
		skip "a Debian package" "$tool is not installed (tools/setup deb)"
		done_testing
		exit
	fi
done
unset MAKEFLAGS MAKELEVEL

tree() {
	(cd "$SOURCE" && find . -path ./build -prune -o -path "./${O#"$SOURCE"/}" -prune -o \
		-path ./.git -prune -o -type f -printf '%p %s %T@\n' | sort)
}
tree >before
timeout 220 "$SOURCE/tools/deb" "$dir/package" >out 2>err
verdict "make deb" out err
tree >after
diff before after >out
verdict "the tree is as it was" out
deb=$(echo "$dir"/package/bothends_*.deb)
[ "$(dpkg-deb -f "$deb" Version)" = "$("$BOTHENDS" --version | sed 's/.* //')" ]
verdict "the package's version is the program's" out
dpkg-deb -f "$deb" Depends >depends
grep -q libmnl0 depends && grep -q libpcap depends && grep -q libreadline depends
verdict "it depends on what the program is linked with" depends
if command -v lintian >/dev/null; then
	lintian --fail-on error,warning --allow-root "$deb" >out 2>&1
	verdict "lintian has neither errors nor warnings" out
else
	skip "lintian" "lintian is not installed"
fi
dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./conffiles >out 2>&1
grep -qx /etc/apparmor.d/bothends out
verdict "the AppArmor profile is a configuration file" out
dpkg -x "$deb" root
for file in bin/bothends libexec/bothends/bothends-actor share/man/man1/bothends.1.gz \
	share/doc/bothends/copyright share/bash-completion/completions/bothends \
	share/zsh/vendor-completions/_bothends share/fish/vendor_completions.d/bothends.fish; do
	[ -f "root/usr/$file" ] || echo "usr/$file"
done >missing
[ ! -s missing ] && grep -q '"/usr/bin/bothends"' root/etc/apparmor.d/bothends
verdict "every file is in its place" missing
(cd / && timeout 60 "$dir/root/usr/bin/bothends" check \
	"$dir/root/usr/share/bothends/lessons/01-the-write-that-should-have-failed.md") >out 2>err
status=$?
grep -q '^ok' out && [ $status -le 3 ]
verdict "unpacked, its program plays its lessons" out err
(cd / && "$dir/root/usr/bin/bothends" lesson) >out 2>err && grep -q '^38 ' out
verdict "and finds them" out err
done_testing
