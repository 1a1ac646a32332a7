import type { JournalEntry } from './journal.ts';

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
