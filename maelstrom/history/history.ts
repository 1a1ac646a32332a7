/**
 * The history of a run: what was invoked and what came back, one event a line of JSON, in the order in which it
 * happened. The order of the lines is what the checker trusts; times are for people.
 *
 * The events and the rules about them are Jepsen's: `invoke` begins an operation, `ok` ends one that took effect,
 * `fail` one that certainly did not, and after `info` (or nothing at all) it is not known.
 */
import * as z from 'zod/mini';
import { jsonFault, maxNesting, pathText } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { expected, integer, json, text } from '../../src/wire/fields.ts';
import { exactly, formatExactly, mayHoldDouble } from './exact.ts';

/** The longest line accepted, in UTF-16 code units. Far longer than what the longest value on the wire takes. */
export const maxLineLength = 16 * 1024 * 1024;

/** How much of a wrong line an error shows. */
const maxQuotedLength = 80;

interface Stamp {
  /** Numbers the events of a run, upwards. */
  readonly index: number;
  /** In nanoseconds since the start of the run; never goes backwards. */
  readonly time: number;
}

/** What is asked of a register. The value of a read is what it saw (null: nothing there), of a cas what it expected and left. */
export type Call =
  | { readonly f: 'read'; readonly value: Json }
  | { readonly f: 'write'; readonly value: Json }
  | { readonly f: 'cas'; readonly value: readonly [Json, Json] };

/**
 * A client's event. A process is a logical one: it has at most one operation open, and after an `info` the client goes
 * on as a new process. What `f` and `value` may be is for the workload to say; in the `invoke` of an operation that
 * brings something back the value means nothing.
 */
export interface OperationEvent extends Stamp {
  readonly process: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  /** Which of many objects it is about; absent where the workload has only one. */
  readonly key?: Json;
  readonly value: Json;
  readonly error?: Json;
  /** Whether it is one of the last questions, asked when all was over and the nodes had had time to recover. */
  readonly final?: true;
}

/** A fault that begins or ends; `f` names it, for example `start-partition`, and `value` says what it does. */
export interface NemesisEvent extends Stamp {
  readonly process: 'nemesis';
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly value: Json;
}

export type HistoryEvent = OperationEvent | NemesisEvent;

/** A line of a history (the first is line 1) is not what may stand there. */
export class HistoryError extends Error {
  readonly lineNumber: number;

  constructor(lineNumber: number, reason: string) {
    super(`line ${lineNumber}: ${reason}`);
    this.name = 'HistoryError';
    this.lineNumber = lineNumber;
  }
}

const stamp = {
  index: integer,
  time: integer,
  type: z.enum(['invoke', 'ok', 'fail', 'info'], expected('"invoke", "ok", "fail" or "info"')),
};
const operationSchema = z.object({
  ...stamp,
  process: integer,
  f: text,
  key: z.exactOptional(json),
  value: json,
  error: z.exactOptional(json),
  final: z.exactOptional(z.literal(true, expected('true, or nothing'))),
});
const nemesisSchema = z.object({ ...stamp, process: z.literal('nemesis'), f: text, value: json });
const headSchema = z.object(
  { process: z.union([integer, z.literal('nemesis')], expected('a non-negative integer or "nemesis"')) },
  expected('an event, as a JSON object'),
);

/** The event on one line. Throws a `HistoryError` that names the line and the field that is wrong. */
export function parseEvent(line: string, lineNumber: number): HistoryEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new HistoryError(lineNumber, `not JSON: ${JSON.stringify(line.slice(0, maxQuotedLength))}`);
  }
  if (!mayHoldDouble(line) && isPlainOperation(value)) return value;
  const { process } = valid(headSchema, value, lineNumber);
  if (process === 'nemesis') return valid(nemesisSchema, value, lineNumber);
  return valid(operationSchema, withExactValues(line, value), lineNumber);
}

/**
 * What nearly all lines are, looked at by hand: a schema takes several times as long as to parse the line. Whatever is
 * not quite that is for the schemas, which say what is wrong with it.
 */
function isPlainOperation(event: unknown): event is OperationEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return false;
  const { index, time, type, process, f, value, key, error, ...others }: Readonly<Record<string, unknown>> = { ...event };
  if (!isCount(index) || !isCount(time) || !isCount(process) || typeof f !== 'string') return false;
  if (type !== 'invoke' && type !== 'ok' && type !== 'fail' && type !== 'info') return false;
  for (const _ in others) return false;
  return isField(value) && (key === undefined || isField(key)) && (error === undefined || isField(error));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isField(value: unknown): boolean {
  return jsonFault(value, maxNesting - 1) === undefined;
}

/** An index or a time may well be written as `3.0`: only in keys and values is that another number. */
function withExactValues(line: string, event: unknown): unknown {
  const exact = exactly(line, event);
  if (exact === event || typeof event !== 'object' || typeof exact !== 'object') return event;
  const { key, value }: Readonly<Record<string, unknown>> = { ...exact };
  return { ...event, value, ...(key === undefined ? {} : { key }) };
}

function valid<T>(schema: z.ZodMiniType<T>, value: unknown, lineNumber: number): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = pathText(issue?.path ?? []);
  throw new HistoryError(lineNumber, `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not an event'}`);
}

/** One line, without its newline, the fields in the order that people and diffs expect. */
export function formatEvent(event: HistoryEvent): string {
  const { index, time, process, type, f, value } = event;
  if (event.process === 'nemesis') return JSON.stringify({ index, time, process, type, f, value });
  const { key, error, final } = event;
  return formatExactly(JSON.stringify({ index, time, process, type, f, key, value, error, final }));
}

/**
 * Reads a history from a stream of bytes and calls `take` with each event and the number of its line. Empty lines are
 * skipped. Holds little more than one line at most, and throws a `HistoryError` at the first line that is too long or
 * no event.
 */
export async function readEvents(
  chunks: AsyncIterable<Uint8Array>,
  take: (event: HistoryEvent, lineNumber: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let lineNumber = 0;
  const takeLine = (line: string): void => {
    lineNumber += 1;
    if (line.trim() !== '') {
      take(parseEvent(line, lineNumber), lineNumber);
    }
  };
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(takeLine);
    if (rest.length > maxLineLength) {
      throw new HistoryError(lineNumber + 1, `longer than ${maxLineLength} characters`);
    }
  }
  takeLine(rest + decoder.decode());
}
