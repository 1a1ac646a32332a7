/**
 * How long it takes to judge a million operations on logs, for offsets that follow each other and for offsets that lie
 * far apart: `npx tsx test/bench/kafka-check.ts [OPERATIONS]`. Half of them send, half poll up to 8 messages each.
 */
import { checkKafka } from '../../maelstrom/checkers/kafka/check.ts';
import type { HistoryEvent } from '../../maelstrom/history/history.ts';
import type { Json } from '../../src/services/json.ts';
import { Random } from '../../src/index.ts';

const operationCount = Number(process.argv[2] ?? 1_000_000);
const processCount = 20;
const keyCount = 1000;
const maxPolled = 8;

/** A sound history. `offsetOf` says which offset the message of a place has. */
function history(offsetOf: (place: number) => number): readonly HistoryEvent[] {
  const random = new Random(1);
  const lengths = new Array<number>(keyCount).fill(0);
  const reached = Array.from({ length: processCount }, () => new Array<number>(keyCount).fill(0));
  const events: HistoryEvent[] = [];
  const add = (process: number, type: 'invoke' | 'ok', f: string, value: Json) => {
    events.push({ index: events.length, time: events.length * 1000, process, type, f, value });
  };
  for (let step = 0; step < operationCount; step += 1) {
    const process = random.integer(processCount);
    const number = random.integer(keyCount);
    const key = `k${number}`;
    const length = lengths[number] ?? 0;
    if (step % 2 === 0) {
      lengths[number] = length + 1;
      add(process, 'invoke', 'send', [['send', key, length]]);
      add(process, 'ok', 'send', [['send', key, [offsetOf(length), length]]]);
      continue;
    }
    const from = reached[process]?.[number] ?? 0;
    const to = Math.min(length, from + maxPolled);
    const places = reached[process];
    if (places !== undefined) places[number] = to;
    const pairs = Array.from({ length: to - from }, (_, place) => [offsetOf(from + place), from + place]);
    add(process, 'invoke', 'poll', [['poll']]);
    add(process, 'ok', 'poll', [['poll', { [key]: pairs }]]);
  }
  return events;
}

for (const [name, offsetOf] of [
  ['0, 1, 2, ...', (place: number) => place],
  ['a billion apart, from 10^12 on', (place: number) => 10 ** 12 + place * 1_000_000_007],
] as const) {
  const events = history(offsetOf);
  const startedAtMs = performance.now();
  const startedCpu = process.cpuUsage();
  const { reasons } = checkKafka(events);
  const { user, system } = process.cpuUsage(startedCpu);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const processorSeconds = ((user + system) / 1e6).toFixed(1);
  console.log(`${operationCount} operations, offsets ${name}: ${seconds} s (${processorSeconds} s of processor)`);
  console.log(`  ${reasons.map((reason) => reason.slice(0, 100)).join('; ')}`);
}
