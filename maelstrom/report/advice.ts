import { join, resolve } from 'node:path';
import { reportName } from './store.ts';
import type { Verdict } from './verdict.ts';

// Lines that say what to do next. `directory` is where the run is kept, as it is shown.

/** The nodes that were to run, and how they were started. */
export interface NodesToRun {
  readonly bin: string;
  readonly nodeArguments: readonly string[];
  readonly nodeIds: readonly string[];
}

/**
 * After a run that was judged.
 *
 * @param ofHistory what the history alone is judged to be: only where that is not good does judging it again show more
 */
export function afterRun(
  ofHistory: Verdict['kind'],
  { hasFindings }: { readonly hasFindings: boolean },
  directory: string,
): readonly string[] {
  return [
    `Everything is in ${directory}`,
    `To be looked at in a browser: ${join(directory, reportName)}`,
    ...(hasFindings ? [whereStderrIs(directory)] : []),
    ...(ofHistory === 'good' ? [] : [`Judge it again: eddy check ${join(directory, 'history.jsonl')}`]),
  ];
}

function whereStderrIs(directory: string): string {
  return `What the nodes wrote to stderr is in ${join(directory, 'node-logs')}`;
}

/**
 * Where there was no run.
 *
 * @param lateNodes those that answered their `init` only when their stdin was closed
 * @param why as it is told
 */
export function insteadOfRun(
  kind: 'not-up' | 'interrupted',
  { bin, nodeArguments, nodeIds }: NodesToRun,
  directory: string,
  { lateNodes, why }: { readonly lateNodes: readonly string[]; readonly why: string },
): readonly string[] {
  if (kind === 'interrupted') return [whereStderrIs(directory)];
  const body = { type: 'init', msg_id: 1, node_id: nodeIds[0], node_ids: nodeIds };
  const init = JSON.stringify({ src: 'c0', dest: nodeIds[0], body });
  return [
    ...readAndFlush(lateNodes, why),
    whereStderrIs(directory),
    'By hand, this has to print an init_ok:',
    `  echo '${init}' | ${[resolve(bin), ...nodeArguments].join(' ')}`,
  ];
}

/** For nodes that are up and do not answer: nearly always it is one of these two. */
function readAndFlush(lateNodes: readonly string[], why: string): readonly string[] {
  const how = 'flush stdout after every line (Python: print(..., flush=True); Ruby: $stdout.sync = true; C: fflush)';
  if (lateNodes.length > 0) {
    const names = lateNodes.join(', ');
    return [`${names} answered init when stdin was closed, and not before: ${how}, and do not wait for the end of stdin`];
  }
  if (!why.includes('did not answer init')) return [];
  return [`A node has to read stdin line by line and ${how}`];
}
