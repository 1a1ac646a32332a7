import { faultNames } from '../simulation/plan/plan.ts';
import { defaultBounds } from '../simulation/plan/swarm.ts';
import { serviceNames } from '../simulation/services/all.ts';

export const simHelp = `eddy sim [flags]

Simulates clusters of our own node. One process plays all nodes, with the code
that bin/raft runs. Clocks, network and disks are simulated, so time is virtual.
Each seed draws its own faults, and the rules of Raft are checked after every
event. At the end of a run all faults are over, and the cluster must recover.
What the clients saw must be linearizable.

The first seed that breaks a rule ends the search. Its last events are printed,
a smaller run that breaks the same rule is searched, and the command that plays
that run again is printed.

  --seeds A..B      which seeds, or one number (default 1..100). The same seed
                    gives the same run, event by event.
  --nodes A..B      how many nodes, or one number (default ${defaultBounds.minNodes}..${defaultBounds.maxNodes})
  --seconds S       for how many virtual seconds faults and clients go on
                    (default ${defaultBounds.durationMs / 1000})
  --steps N         end a run after N events, without the recovery at its end
                    (default: no limit)
  --faults LIST     which faults occur: all, none, or any of
${wrapped(faultNames)}
                    With all, the default, each seed draws some of them. How
                    often and how hard they strike is always drawn.
  --service NAME    what is replicated: all, ${serviceNames.join(' or ')} (default all: each
                    seed draws one, mostly ${serviceNames[0]})
  --clients N       how many clients at most (default ${defaultBounds.maxClients})
  --workers N       how many seeds are played at the same time, each in its own
                    thread (default: one for each processor). The result does
                    not depend on it: the reported seed is the lowest that
                    breaks a rule, all seeds below it are clean, and the table
                    counts only these.
  --twice           play every seed twice and compare the runs event by event
  --no-shrink       do not search for a smaller run
  --keep-going      play all seeds, and report each that breaks a rule in one
                    line
  --json            print one line of JSON at the end and nothing else: verdict,
                    seeds, seed, rule, ...

Examples:
  eddy sim --seeds 1..1000
  eddy sim --seeds 1..1000 --nodes 5 --faults crash,power-cut,partition
  eddy sim --seeds 1..1000 --twice

Exit code: 0 all clean; 1 a rule was broken; 2 wrong flags, a history that was
too hard to judge, or Ctrl-C. The last line says which: "clean: ...",
"violated: seed N, RULE, after M seeds", "undecided: ..." or "interrupted: ..."
with the seeds that are left.
`;

/** The words with commas between them, in lines of at most 80 characters, indented as the explanations are. */
function wrapped(words: readonly string[]): string {
  const maxLineLength = 58;
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > maxLineLength) lines.push(word);
    else lines[lines.length - 1] = `${last},${word}`;
  }
  return lines.map((line) => `                    ${line}`).join(',\n');
}
