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
