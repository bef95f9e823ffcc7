#!/bin/bash
# machine.sh REPOSITORY NPM COMMAND...: runs a command as root of a machine of its own, which is gone afterwards: this one's files
# with all changes in memory, a network with nothing but the loopback, and stand-ins for what needs systemd or the world.
# Within: unshare --mount --net --pid --fork --kill-child
set -euo pipefail
repository=$1 npm=$2
shift 2

room=/mnt
mount --make-rprivate /
mount -t tmpfs tmpfs "$room"
over() {
	mkdir -p "$room/upper$2" "$room/work$2"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$room/upper$2,workdir=$room/work$2" "$room/machine$1"
}
mkdir "$room/machine"
over / /system
mkdir -p "$room/machine$repository"
over "$repository" /repository
for folder in /tmp /run /var/lib/postgresql /etc/postgresql; do mount -t tmpfs tmpfs "$room/machine$folder"; done
chmod 1777 "$room/machine/tmp"
mount -t proc proc "$room/machine/proc"
mount --rbind /dev "$room/machine/dev"
ip link set lo up

bin=$repository/tests/service/deploy/operate/bin
cd /
# Not by exec: the first process has to bury whom others leave behind.
chroot "$room/machine" /usr/bin/env -i --chdir="$repository" HOME=/root TMPDIR=/tmp LANG=C.UTF-8 REAL_NPM="$npm" \
	PATH="$bin:$repository/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
