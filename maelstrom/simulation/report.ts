/** What `eddy sim` prints. */
import { rules } from './checks/violation.ts';
import { describeNote } from './record/describe.ts';
import { happenings } from './record/tally.ts';
import type { Tally } from './record/tally.ts';
import type { Note } from './record/trace.ts';
import type { Outcome } from './run.ts';

/** The sum of all runs. */
export interface Totals {
  readonly seeds: number;
  readonly events: number;
  readonly virtualMs: number;
  /** In real time. */
  readonly elapsedMs: number;
}

export function speedText({ seeds, events, virtualMs, elapsedMs }: Totals): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const virtual = `${(virtualMs / 1000 / seconds).toFixed(0)} virtual seconds a second`;
  return `${(seeds / seconds).toFixed(1)} seeds/s, ${virtual}, ${grouped(events / seconds)} checked events/s`;
}

/** What happened, in two columns; what never happened is said too. */
export function tableLines(tally: Tally): readonly string[] {
  const cells = happenings.map((happening) => `${happening.padEnd(24)}${grouped(tally.of(happening)).padStart(12)}`);
  const half = Math.ceil(cells.length / 2);
  return cells.slice(0, half).map((cell, row) => `  ${cell}    ${cells[half + row] ?? ''}`.trimEnd());
}

/**
 * A run that broke a rule.
 *
 * @param again the command that plays it again
 */
export function violationLines(
  { plan, violation, virtualMs, events }: Outcome,
  notes: readonly Note[],
  again: string,
): readonly string[] {
  if (violation === undefined) return [];
  const { rule, message } = violation;
  const faults = plan.faults.size === 0 ? 'no faults' : [...plan.faults].join(', ');
  return [
    `${rule}: ${rules[rule]}.`,
    `  ${violation.nodeId === undefined ? '' : `${violation.nodeId} `}${message.split('\n').join('\n  ')}`,
    `  Seed ${plan.seed}, ${plan.nodeIds.length} nodes of ${plan.service} on ${plan.storage}, ${plan.clients} clients, ${faults};`,
    `  P is ${plan.electionTimeoutMs} ms; after ${(virtualMs / 1000).toFixed(3)} s and ${grouped(events)} events.`,
    ...(notes.length === 0 ? [] : ['  The last events of each node:', ...notes.map((note) => `  ${describeNote(note)}`)]),
    `  Again: ${again}`,
  ];
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
