import type { JournalEntry, JournalRecord } from './journal.ts';

/**
 * The messages that were kept, as lines, each made when it is asked for. Where some were not, a line says so in their
 * place: how many, and when the first and the last of them were sent.
 */
export function* journalLines({ entries, gaps }: JournalRecord): Iterable<string> {
  let next = 0;
  for (const entry of entries) {
    for (let gap = gaps[next]; gap !== undefined && gap.fromMs <= entry.sentAtMs; gap = gaps[next]) {
      yield `{"missing":${gap.count},"sent":[${milliseconds(gap.fromMs)},${milliseconds(gap.toMs)}]}`;
      next += 1;
    }
    yield journalLine(entry);
  }
}

/**
 * A message as a line of `messages.jsonl`: when it was sent and when it arrived (null: not before the run ended), in
 * milliseconds, what became of it, and the message as it was on the wire; of a very long one the beginning, as a text.
 */
export function journalLine({ sentAtMs, endedAtMs, fate, line, isCut }: JournalEntry): string {
  const times = `"sent":${milliseconds(sentAtMs)},"ended":${endedAtMs === undefined ? null : milliseconds(endedAtMs)}`;
  return `{${times},"fate":"${fate}",${isCut ? `"beginning":${JSON.stringify(line)}` : `"message":${line}`}}`;
}

function milliseconds(ms: number): string {
  return String(Math.round(ms * 1000) / 1000);
}
