import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { Random } from '../../../../src/raft/random.ts';
import { generate } from './generate.ts';

/** A history of 3 to 9 operations: what a register made, with nothing to all of what came back changed at random. */
export function tinyHistory(seed: number): readonly HistoryEvent[] {
  const random = new Random(seed);
  const values = 1 + random.integer(4);
  const lost = random.integer(3) * 0.35;
  const changed = random.integer(4) * 0.3;
  const operations = 3 + random.integer(7);
  const events = generate({ seed, clients: 2 + random.integer(4), operations, keys: 1, values, lost });
  return events.map((event): HistoryEvent => {
    if (event.process === 'nemesis' || (event.type !== 'ok' && event.type !== 'fail') || random.fraction() >= changed) {
      return event;
    }
    return event.f === 'read' ? { ...event, value: random.integer(values) } : { ...event, type: 'ok' };
  });
}

/**
 * The same where every cas that failed says why, most of them truly, and others failed, too. Writes of what nobody reads,
 * and operations without an answer, are frequent: they are what a refusal may lean on.
 */
export function tinyRefusals(seed: number): readonly HistoryEvent[] {
  const random = new Random(seed);
  const values = 1 + random.integer(4);
  const lost = random.integer(3) * 0.3;
  const changed = random.integer(3) * 0.15;
  const operations = 3 + random.integer(7);
  const clients = 2 + random.integer(4);
  const events = generate({ seed, clients, operations, keys: 1, values, lost, saysWhy: true });
  return events.map((event): HistoryEvent => {
    if (event.process === 'nemesis' || (event.type !== 'ok' && event.type !== 'fail') || random.fraction() >= changed) {
      return event;
    }
    if (event.f === 'read') return { ...event, value: random.integer(values) };
    if (event.f === 'write') return event;
    const code = [20, 22, 22, 22, 11, 14][random.integer(6)] ?? 22;
    return random.integer(4) === 0 ? { ...event, type: 'ok' } : { ...event, type: 'fail', error: [code, 'why'] };
  });
}
