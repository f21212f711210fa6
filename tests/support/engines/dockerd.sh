# dockerd.sh DIRECTORY USER SSHD: a second Docker Engine below DIRECTORY, until
# standard input ends, that answers on
# * a socket, which belongs to USER,
# * TCP with TLS on loopback and on an address that is not,
# * ssh as USER, with an sshd of USER's own: the program in the folder SSHD.
# Prints `ready SOCKET TLS-PORT SSH-PORT ADDRESS` when all of it answers.
#
# It runs in a network of its own (`unshare --net`), where nothing of this machine's
# engine can be touched: its bridge, its packet filter rules. Who wants to reach its
# ports goes there, too.
set -eu
trap '' INT HUP PIPE
trap 'exit 1' TERM
directory=$1
user=$2
sshd=$3
bridge=renku
# 198.18.0.0/15 is for tests of networks (RFC 2544).
address=198.18.0.1
socket=$directory/docker.sock
exec 3>"$directory/log" 2>&3
cd "$directory"

# However this ends, also when it does not get far, nothing stays.
engine=
shell=
ready=
runs() {
    grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null
}
clean_up() {
    trap '' TERM EXIT
    set +e
    test -z "$shell" || kill "$shell" 2>/dev/null
    if [ -n "$engine" ]; then
        docker -H "unix://$socket" ps -aq 2>&3 | xargs -r docker -H "unix://$socket" rm -f >&3 2>&3
        # Asked politely, it ends its containerd, too.
        kill "$engine" 2>/dev/null
        tries=0
        while runs "$engine" && [ $tries -lt 300 ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
        if runs "$engine"; then
            kill -9 "$engine" "$(cat exec/containerd/containerd.pid)" 2>/dev/null
        fi
    fi
    if [ -z "$ready" ]; then
        echo failed
        # Until then its log is read.
        cat >/dev/null
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

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Certificates: an authority, the engine's, and a client's as `cert.pem`.
mkdir certificates
(
    cd certificates
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj /CN=authority -keyout ca-key.pem -out ca.pem
    sign() {
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
            -keyout "$2" -out request.pem
        printf '%s\n' "$4" >extensions
        openssl x509 -req -days 2 -in request.pem -CA ca.pem -CAkey ca-key.pem \
            -CAcreateserial -extfile extensions -out "$3"
    }
    sign engine server-key.pem server-cert.pem \
        "subjectAltName=IP:127.0.0.1,IP:$address,DNS:localhost"
    sign client key.pem cert.pem "extendedKeyUsage=clientAuth"
) >&3 2>&3

# Without packet filter rules: ports are carried by its proxy.
ip link set lo up
ip link add "$bridge" type bridge
ip addr add "$address/28" dev "$bridge"
ip link set "$bridge" up
tls=$(free_port)
echo '{}' >dockerd.json
dockerd --data-root "$directory/data" --exec-root "$directory/exec" \
    --pidfile "$directory/dockerd.pid" --config-file "$directory/dockerd.json" \
    --bridge "$bridge" --iptables=false --ip-masq=false \
    --group "$(id -gn "$user")" --host "unix://$socket" \
    --host "tcp://127.0.0.1:$tls" --host "tcp://$address:$tls" \
    --tlsverify --tlscacert certificates/ca.pem \
    --tlscert certificates/server-cert.pem --tlskey certificates/server-key.pem \
    >&3 2>&3 </dev/null &
engine=$!

# The program of Debian's package, without its service. An sshd of an ordinary
# user lets in only that user.
port=$(free_port)
mkdir ssh
ssh-keygen -q -t ed25519 -N '' -f ssh/host
ssh-keygen -q -t ed25519 -N '' -f ssh/key
cat >ssh/sshd_config <<END
ListenAddress 127.0.0.1
Port $port
HostKey $directory/ssh/host
AuthorizedKeysFile $directory/ssh/key.pub
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
SetEnv DOCKER_HOST=unix://$socket
END
cat >ssh/config <<END
Host *
IdentityFile $directory/ssh/key
IdentitiesOnly yes
UserKnownHostsFile $directory/ssh/known_hosts
END
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 ssh/host.pub)" >ssh/known_hosts
# The `ssh` of the tests: the real one with these settings.
mkdir bin
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$directory/ssh/config" >bin/ssh
chmod 755 bin/ssh
chmod 755 "$directory" ssh
chown "$user" ssh/host
setpriv --reuid "$user" --regid "$user" --init-groups \
    env LD_LIBRARY_PATH="$sshd/lib" "$sshd/sshd" -D -e -f ssh/sshd_config >&3 2>&3 </dev/null &
shell=$!

tries=0
until docker -H "unix://$socket" version >/dev/null 2>&1 &&
    bin/ssh -p "$port" "$user@127.0.0.1" true </dev/null; do
    tries=$((tries + 1))
    test $tries -le 300
    runs $engine
    runs $shell
    sleep 0.1
done
ready=yes
echo "ready $socket $tls $port $address"
cat >/dev/null || true
