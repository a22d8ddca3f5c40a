/** The line that ends the configuration on the watchdog's standard input. */
export const END_OF_CONFIGURATION = '# end of configuration';

/** Seconds between asking the server to end and killing it: what `appendfsync always` leaves to write is little. */
export const KILL_AFTER_SECONDS = 3;

/**
 * A shell that stands between the owner and its server, so that the server ends when the owner does, however that happens.
 *
 * Its standard input is a pipe whose other end only the owner holds: the kernel closes it even after kill -9, and end of file
 * means "stop the server and clear up". It runs in a process group of its own, out of reach of a terminal's Ctrl-C.
 *
 *     lock the folder → make the run folder → read the configuration → start the server ─┐
 *                                                                                        ├→ remove the run folder
 *          end of input: TERM to the server, 3 s later KILL                              │   → kill the group
 *          server ended by itself ───────────────────────────────────────────────────────┘
 *
 * Arguments: run folder, lock file, library path, program, folder to remove at the end (may be empty).
 * Descriptor 3 tells the owner: `locked`, `refused`, `ready`, `server <pid>`, `exited <code>`.
 * Descriptor 9 holds the folder's lock, in the server too: it is free only when both are gone, which no pid could say for sure.
 * Where flock(1) doesn't exist, the owner's record of pids has to do.
 *
 * A limit on file sizes must look like a full disk to the server, which says so, rather than kill it: hence XFSZ.
 *
 * Only the parent of the server signals it, and only before it has waited for it, so no signal can meet a reused pid.
 */
export const WATCHDOG_SCRIPT = String.raw`
run=$1 lock=$2 libraries=$3 program=$4 throwaway=$5
exec 2>&1
umask 077
trap '' HUP INT PIPE XFSZ
say() { printf '%s\n' "$*" >&3; }
clear_up() { rm -rf "$run"; [ -z "$throwaway" ] || rm -rf "$throwaway"; }

exec 9>>"$lock" || { say refused; exit 1; }
if command -v flock >/dev/null; then
  tries=0
  until flock -n 9; do
    tries=$((tries + 1))
    [ "$tries" -le 20 ] || { say locked; exit 1; }
    sleep 0.1
  done
fi
mkdir -m 700 "$run" || { say refused; exit 1; }
trap clear_up EXIT
say ready
complete=
while IFS= read -r line; do
  [ "$line" != '${END_OF_CONFIGURATION}' ] || { complete=1; break; }
  printf '%s\n' "$line" || exit 1
done >"$run/redis.conf"
[ -n "$complete" ] || exit 1

exec 4<&0
(
  exec 3>&- 4<&- </dev/null
  [ -z "$libraries" ] || export LD_LIBRARY_PATH="$libraries"
  exec "$program" "$run/redis.conf"
) &
server=$!
trap 'kill -TERM "$server"' USR1 TERM
trap 'kill -KILL "$server"' USR2
say "server $server"
(
  while read -r line; do :; done
  kill -USR1 $$
  sleep ${KILL_AFTER_SECONDS}
  kill -USR2 $$
) <&4 3>&- 4<&- 9>&- >/dev/null &
while :; do
  wait "$server"
  code=$?
  kill -0 "$server" 2>/dev/null || break
done
clear_up
say "exited $code"
kill -KILL 0
`;
