/**
 * Ends the nodes when this program is gone, however it ended. A node that is free to run notices that its stdin has
 * ended, and may ignore that; one that is paused notices nothing and would stay for ever.
 *
 * The watchdog is a shell of its own that reads which process groups are alive. Its stdin ends when this program does,
 * by SIGKILL too; it then kills what is left. It is in a session of its own, so that no signal of the terminal and none
 * to this program's group reaches it.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import type { Writable } from 'node:stream';

/** Reads `+ GROUP` and `- GROUP`. A process that is stopped takes SIGKILL as well; SIGCONT is for what does not. */
const script = `
groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
for group in $groups; do
  kill -KILL "-$group"
  kill -CONT "-$group"
done
`;

const guarded = new Set<number>();
let watchdog: ChildProcessByStdio<Writable, null, null> | undefined;

/** From now on the process group does not outlive this program. */
export function guard(groupId: number): void {
  guarded.add(groupId);
  if (watchdog === undefined) watchdog = startWatchdog();
  else watchdog.stdin.write(`+ ${groupId}\n`);
}

/** The process group is gone; its number may soon be that of another. */
export function release(groupId: number): void {
  guarded.delete(groupId);
  watchdog?.stdin.write(`- ${groupId}\n`);
}

/** One that ends is replaced when the next node starts. */
function startWatchdog(): ChildProcessByStdio<Writable, null, null> {
  const started = spawn('/bin/sh', ['-c', script, 'eddy-watchdog'], {
    cwd: tmpdir(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const forget = (): void => {
    if (watchdog === started) watchdog = undefined;
  };
  started.once('error', forget);
  started.once('exit', forget);
  started.stdin.on('error', forget);
  // This program may end before the watchdog does.
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  for (const groupId of guarded) started.stdin.write(`+ ${groupId}\n`);
  return started;
}
