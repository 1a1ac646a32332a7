import { majority } from '../../src/index.ts';
import { isObject } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import type { HistoryEvent } from '../history/history.ts';
import { faultChange, nodesOf } from './faults.ts';

/** What all faults together have done to a cluster. */
interface Damage {
  /** Receiver -> the senders that it cannot hear, as the history has it; null where everyone hears everyone. */
  readonly cuts: Json;
  readonly down: ReadonlySet<string>;
  readonly paused: ReadonlySet<string>;
}

/** Both in milliseconds since the start of the run. */
interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const unharmed: Damage = { cuts: null, down: new Set(), paused: new Set() };

/**
 * For how long of the window the faults, taken together, left no node that runs and could talk, there and back, with
 * so many others that run that they and it are a majority. No consensus without. In milliseconds.
 */
export function withoutMajorityMs(
  events: readonly HistoryEvent[],
  nodeIds: readonly string[],
  { fromMs, toMs }: Window,
): number {
  let damage = unharmed;
  let sinceMs = fromMs;
  let totalMs = 0;
  const passUntil = (atMs: number) => {
    const untilMs = Math.min(Math.max(atMs, sinceMs), toMs);
    if (!leavesMajority(damage, nodeIds)) totalMs += untilMs - sinceMs;
    sinceMs = untilMs;
  };
  for (const event of events) {
    if (event.process !== 'nemesis') continue;
    passUntil(event.time / 1e6);
    damage = damageAfter(damage, event);
  }
  passUntil(toMs);
  return totalMs;
}

/** A node that is killed is not paused any more, also when it is started again; one that is down cannot be paused. */
function damageAfter(damage: Damage, event: HistoryEvent): Damage {
  const change = faultChange(event);
  if (change === undefined) return damage;
  const { fault, begins } = change;
  const { down, paused } = damage;
  const nodes = new Set(nodesOf(event.value));
  switch (fault) {
    case 'partition':
      return { ...damage, cuts: begins && isObject(event.value) ? (event.value['cuts'] ?? null) : null };
    case 'kill':
      if (!begins) return { ...damage, down: less(down, nodes) };
      return { ...damage, down: union(down, nodes), paused: less(paused, nodes) };
    case 'pause':
      return { ...damage, paused: begins ? union(paused, less(nodes, down)) : less(paused, nodes) };
    default:
      return damage;
  }
}

function leavesMajority({ cuts, down, paused }: Damage, nodeIds: readonly string[]): boolean {
  const hears = (receiver: string, sender: string) => {
    const unheard = isObject(cuts) ? cuts[receiver] : undefined;
    return !Array.isArray(unheard) || !unheard.includes(sender);
  };
  const running = nodeIds.filter((id) => !down.has(id) && !paused.has(id));
  const isEnough = (count: number) => count >= majority(nodeIds.length);
  return running.some((id) => isEnough(running.filter((other) => hears(id, other) && hears(other, id)).length));
}

function union(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...left, ...right]);
}

function less(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...left].filter((id) => !right.has(id)));
}
