# podman.sh DIRECTORY [USER]: a Podman of its own, root's or USER's, below
# DIRECTORY, until standard input ends. Prints `ready` when it answers.
set -eu
# An interrupt of the tests ends standard input, and that is the end.
trap '' INT HUP PIPE
trap 'exit 1' TERM
directory=$1
user=${2:-}
socket=$directory/podman.sock
exec 3>"$directory/log" 2>&3

cat >"$directory/containers.conf" <<END
[containers]
# Podman asks for more than a machine may have to give.
default_ulimits = ["nofile=4096:4096", "nproc=16384:16384"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
driver=overlay
runtime=/run
as_user=
if [ -n "$user" ]; then
    driver=vfs
    uid=$(id -u "$user")
    # What a login would make.
    runtime=/run/user/$uid
    test -d "$runtime" || install -d -m 0700 -o "$user" "$runtime"
    install -d -o "$user" "$runtime/podman" "$directory/storage" "$directory/run"
    socket=$runtime/podman/podman.sock
    chown "$user" "$directory"
    as_user="setpriv --reuid $user --regid $user --init-groups"
    # As udev sets it up; without it there is no network for ordinary users.
    test ! -c /dev/net/tun || chmod 666 /dev/net/tun
fi
cat >"$directory/storage.conf" <<END
[storage]
driver = "$driver"
graphroot = "$directory/storage"
rootless_storage_path = "$directory/storage"
runroot = "$directory/run"
END

run() {
    ${replace:-} $as_user env -i PATH="$PATH" HOME="$directory" XDG_RUNTIME_DIR="$runtime" \
        CONTAINERS_CONF="$directory/containers.conf" \
        CONTAINERS_STORAGE_CONF="$directory/storage.conf" "$@"
}

# However this ends, also when it does not get far, nothing stays.
service=
ready=
clean_up() {
    trap '' TERM EXIT
    set +e
    run podman rm --all --force --time 0 >&3 2>&3
    run podman volume prune --force >&3 2>&3
    # What watches over an ended `exec` stays for minutes.
    for process in /proc/[0-9]*; do
        if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q "conmon .*$directory/"; then
            kill "${process#/proc/}" 2>/dev/null
        fi
    done
    if [ -n "$service" ]; then
        kill $service 2>/dev/null
        wait $service 2>/dev/null
    fi
    # In the namespace of an ordinary user it is a child, which may outlive that.
    for process in /proc/[0-9]*; do
        if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q "^podman system service .*unix://$socket"; then
            kill "${process#/proc/}" 2>/dev/null
        fi
    done
    if [ -z "$ready" ]; then
        echo failed
        # Until then its log is read.
        cat >/dev/null
    fi
    if [ -n "$user" ]; then
        # Files of its sub-ids, and the process that holds its namespace.
        run podman unshare rm -rf "$directory/storage" >&3 2>&3
        if [ -r "$runtime/libpod/tmp/pause.pid" ]; then
            kill "$(cat "$runtime/libpod/tmp/pause.pid")" 2>/dev/null
        fi
        rm -rf "$runtime/podman" "$runtime/libpod"
    fi
    # What was mounted is let go of a moment after who held it has ended.
    tries=0
    while grep -q " $directory/" /proc/mounts && [ $tries -lt 100 ]; do
        sort -r /proc/mounts | cut -d" " -f2 | grep "^$directory/" | xargs -r umount 2>/dev/null
        tries=$((tries + 1))
        sleep 0.1
    done
    rm -rf "$directory"
}
trap clean_up EXIT

cd "$directory"
# Replaces its shell, so that it is the process that is ended.
(replace=exec && run podman system service --time 0 "unix://$socket") >&3 2>&3 </dev/null &
service=$!
tries=0
until docker -H "unix://$socket" version >/dev/null 2>&1; do
    tries=$((tries + 1))
    test $tries -le 300
    kill -0 $service 2>/dev/null
    sleep 0.1
done
ready=yes
echo "ready $socket"
cat >/dev/null || true
