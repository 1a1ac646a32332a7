import type { Json } from '../../../src/services/json.ts';
import { markedText } from '../exact.ts';
import type { HistoryEvent, OperationEvent } from '../history.ts';

/**
 * One event as a line of Jepsen's `history.edn`, without its newline. Plain maps, which Knossos reads from the command
 * line without knowing any tag; a key and its value make a pair, as jepsen.independent has them.
 */
export function formatEdnEvent(event: HistoryEvent): string {
  const { index, time, process, type, f } = event;
  const who = process === 'nemesis' ? ':nemesis' : process;
  const head = `{:index ${index}, :time ${time}, :type :${type}, :process ${who}, :f ${keyword(f)}`;
  if (event.process === 'nemesis') return `${head}, :value ${ednOf(event.value)}}`;
  const error = event.error === undefined ? '' : `, :error ${ednOf(event.error)}`;
  return `${head}, :value ${valueOf(event)}${error}${event.final === true ? ', :final? true' : ''}}`;
}

/** What an event is about, as Jepsen records it. */
export function valueOf({ f, key, value }: OperationEvent): string {
  if (withSteps.includes(f) && isList(value)) return `[${value.map(step).join(' ')}]`;
  return key === undefined ? ednOf(value) : `[${ednOf(key)} ${ednOf(value)}]`;
}

/** Operations that are lists of steps, each of which begins with its name. */
const withSteps: readonly string[] = ['txn', 'send', 'poll'];

function step(value: Json): string {
  if (!isList(value)) return ednOf(value);
  const [name, ...rest] = value;
  return `[${[typeof name === 'string' ? keyword(name) : ednOf(name ?? null), ...rest.map(ednOf)].join(' ')}]`;
}

/** Strings are written alike in JSON and in EDN. */
export function ednOf(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value !== 'object') return JSON.stringify(value);
  const text = markedText(value);
  if (text !== undefined) return text;
  if (isList(value)) return `[${value.map(ednOf).join(' ')}]`;
  return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)} ${ednOf(member)}`).join(', ')}}`;
}

/** What no keyword can be called stays a string. */
export function keyword(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? `:${name}` : JSON.stringify(name);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
