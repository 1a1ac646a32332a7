import { faultNames } from '../simulation/plan/plan.ts';
import { defaultBounds } from '../simulation/plan/swarm.ts';
import { serviceNames } from '../simulation/services/all.ts';

export const simHelp = `eddy sim [flags]

Plays our own node, all of it below the process's edge, as a cluster in virtual time: clocks, network and disks are
simulated and go wrong, each seed in another way, and the rules of Raft are checked after every event. At the end of a
run the faults are over and all must become well; what the clients saw must be linearizable. The first seed that breaks a
rule ends it: it is told with its last events, looked at for a smaller run, and the command that plays it again.

  --seeds A..B      which seeds, or one (default 1..100). The same seed is the same run, event by event.
  --nodes A..B      how many nodes, or one number (default ${defaultBounds.minNodes}..${defaultBounds.maxNodes})
  --seconds S       how long faults and clients go on, in virtual seconds (default ${defaultBounds.durationMs / 1000})
  --steps N         end a run after so many events, without its calm end
  --faults LIST     what goes wrong: none, or any of
${wrapped(faultNames)}
                    Without it each seed draws which of them there are. How often and how hard is always drawn.
  --service NAME    what is replicated: ${serviceNames.join(', ')} (default: each seed draws, mostly ${serviceNames[0]})
  --clients N       how many clients, at most (default ${defaultBounds.maxClients})
  --workers N       how many seeds are played side by side, each in a thread of its own (default: one for each
                    processor). What comes out does not depend on it: the seed that is told is the lowest that breaks
                    a rule, all below it are clean, and the table counts these.
  --twice           play every seed twice and compare the runs event by event
  --no-shrink       do not look for a smaller run
  --keep-going      play all seeds, and tell each that breaks a rule in one line
  --json            one line of JSON at the end and nothing else: verdict, seeds, seed, rule, ...

Examples:
  eddy sim --seeds 1..1000
  eddy sim --seeds 1..1000 --nodes 5 --faults crash,power-cut,partition
  eddy sim --seeds 1..1000 --twice

Exit code: 0 all clean; 1 a rule was broken; 2 wrong flags, a history that was too hard to judge, or Ctrl-C. The last line
says which: "clean: ...", "violated: seed N, RULE, after M seeds", "undecided: ..." or "interrupted: ..." with the seeds
that are left.
`;

/** Words in lines of a width that fits. */
function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 70) lines.push(word);
    else lines[lines.length - 1] = `${last},${word}`;
  }
  return lines.map((line) => `                    ${line}`).join(',\n');
}
