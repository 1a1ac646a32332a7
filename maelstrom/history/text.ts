import { ednOf, keyword, valueOf } from './edn/writer.ts';
import type { HistoryEvent } from './history.ts';

/** One event as a line of Jepsen's `history.txt`, for people and for grep: process, type, f, value, error. */
export function historyTextLine(event: HistoryEvent): string {
  const { process, type, f } = event;
  const columns = [process === 'nemesis' ? ':nemesis' : String(process), `:${type}`, keyword(f)];
  if (event.process === 'nemesis') return [...columns, ednOf(event.value)].join('\t');
  const error = event.error === undefined ? [] : [ednOf(event.error)];
  return [...columns, valueOf(event), ...error].join('\t');
}
