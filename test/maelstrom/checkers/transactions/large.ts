import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import type { DataType } from '../../../../maelstrom/checkers/transactions/transaction.ts';
import { TxnGenerator } from '../../../../maelstrom/workloads/txn-generator.ts';
import type { AskedStep } from '../../../../maelstrom/workloads/txn-generator.ts';
import { Random } from '../../../../src/index.ts';
import type { Json } from '../../../../src/services/json.ts';

const clients = 20;

interface Open {
  readonly process: number;
  readonly asked: readonly AskedStep[];
  done: Json | undefined;
}

/**
 * A history as a run makes it: 20 clients, each transaction run on one map at some moment between its beginning and its
 * end, one in fifty without an answer. With stale reads, one in a thousand is run on a map of some time ago.
 */
export function largeHistory(type: DataType, count: number, fault: 'none' | 'stale-reads'): readonly HistoryEvent[] {
  const random = new Random(1);
  const options = { nodeCount: 5, concurrency: clients, ratePerSecond: 100, random };
  const generator = new TxnGenerator(type === 'list-append' ? 'append' : 'w', options, {});
  const events: HistoryEvent[] = [];
  const record = (process: number, kind: HistoryEvent['type'], value: Json) => {
    events.push({ index: events.length, time: events.length * 1e5, process, type: kind, f: 'txn', value });
  };
  const map = new Map<number, Json>();
  let old: ReadonlyMap<number, Json> = new Map();
  const free = Array.from({ length: clients }, (_, process) => process);
  const open: Open[] = [];
  for (let begun = 0; begun < count || open.length > 0; ) {
    const begins = begun < count && random.integer(2) === 0 ? free.pop() : undefined;
    if (begins !== undefined) {
      const asked = generator.next().value;
      record(begins, 'invoke', asked);
      open.push({ process: begins, asked, done: undefined });
      begun += 1;
      if (begun % 1000 === 0) old = new Map(map);
      continue;
    }
    const place = random.integer(open.length);
    const transaction = open[place];
    if (transaction === undefined) continue;
    if (transaction.done === undefined) {
      const source = fault === 'stale-reads' && random.integer(1000) === 0 ? old : map;
      transaction.done = transaction.asked.map((step) => apply(step, map, source));
      continue;
    }
    open.splice(place, 1);
    const isLost = random.integer(50) === 0;
    record(transaction.process, isLost ? 'info' : 'ok', isLost ? transaction.asked : transaction.done);
    free.unshift(isLost ? transaction.process + clients : transaction.process);
  }
  return events;
}

function apply([f, key, value]: AskedStep, map: Map<number, Json>, source: ReadonlyMap<number, Json>): Json {
  if (f === 'r') return [f, key, source.get(key) ?? null];
  const list = map.get(key) ?? [];
  map.set(key, f === 'append' && Array.isArray(list) ? [...list, value] : value);
  return [f, key, value];
}
