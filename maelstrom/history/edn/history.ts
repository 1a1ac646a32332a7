/**
 * Histories as Jepsen and Maelstrom record them, in `history.edn`, and as Knossos reads them: maps like
 *
 *     {:index 4, :time 12000, :type :ok, :process 0, :f :read, :value [7 3]}
 *
 * one after the other or in one vector or list, with a tag before each (`#jepsen.history.Op`) or without. A value is
 * that of the one register, or a pair of a key and that, as jepsen.independent makes it.
 */
import { isJson } from '../../../src/services/json.ts';
import type { Json, JsonObject } from '../../../src/services/json.ts';
import { marked } from '../exact.ts';
import { HistoryError } from '../history.ts';
import type { HistoryEvent, OperationEvent } from '../history.ts';
import { EdnReader } from './reader.ts';
import { toJson } from './to-json.ts';
import { ednText, equalityFault } from './value.ts';
import type { Edn } from './value.ts';

/** The key of the register in a history that has only one. */
export const onlyKey = 'register';

const registerOperations: readonly string[] = ['read', 'write', 'cas'];
const types = ['invoke', 'ok', 'fail', 'info'] as const;

export interface EdnHistory {
  readonly events: readonly HistoryEvent[];
  /** Where they stand, from 1. */
  readonly lineNumbers: readonly number[];
}

/** One map of the history, looked at just far enough to know what it is. */
interface Entry {
  readonly line: number;
  readonly type: OperationEvent['type'];
  readonly process: number | 'nemesis';
  readonly f: string;
  readonly value: Edn;
  readonly error: Edn | undefined;
  readonly time: number | undefined;
  readonly index: number | undefined;
  /** Maelstrom's `:final?`. */
  readonly isFinal: boolean;
}

/** Reads a history. Throws an `EdnError` where it is no EDN, a `HistoryError` where it is no history. */
export function readEdnHistory(source: string): EdnHistory {
  const entries = entriesOf(new EdnReader(source));
  const events = shapes.find(({ fits }) => fits(entries))?.eventsOf(entries) ?? [];
  return { events: inOrder(entries, events), lineNumbers: entries.map(({ line }) => line) };
}

/** How the maps of a history become events, by what the history is about. The first that fits is taken. */
interface Shape {
  readonly fits: (entries: readonly Entry[]) => boolean;
  readonly eventsOf: (entries: readonly Entry[]) => readonly Unplaced[];
}

const shapes: readonly Shape[] = [
  { fits: isOfRegisters, eventsOf: registerEvents },
  { fits: () => true, eventsOf: (entries) => entries.map(anyEvent) },
];

function entriesOf(reader: EdnReader): readonly Entry[] {
  const closer = reader.take('[') ? ']' : reader.take('(') ? ')' : undefined;
  const entries: Entry[] = [];
  for (;;) {
    if (closer !== undefined && reader.take(closer)) break;
    if (reader.isAtEnd) {
      if (closer === undefined) return entries;
      throw reader.error(`the history ends without the ${closer} that closes it`);
    }
    const { line } = reader;
    entries.push(entryOf(reader.next(), line));
  }
  if (!reader.isAtEnd) throw reader.error('something follows the end of the history');
  return entries;
}

function entryOf(form: Edn, line: number): Entry {
  const value = untagged(form, line);
  if (!isKind(value, 'map')) throw new HistoryError(line, `expected an operation, as a map, not ${ednText(form)}`);
  const fields = new Map(value.entries.map(([key, member]) => [isKind(key, 'keyword') ? key.name : '', member]));
  const type = types.find((known) => known === nameOf(fields.get('type')));
  if (type === undefined) throw new HistoryError(line, ':type: expected :invoke, :ok, :fail or :info');
  const f = nameOf(fields.get('f'));
  if (f === undefined) throw new HistoryError(line, ':f: missing');
  return {
    line,
    type,
    process: processOf(fields.get('process'), line),
    f,
    value: fields.get('value') ?? null,
    error: fields.get('error'),
    time: wholeNumber(fields.get('time')),
    index: wholeNumber(fields.get('index')),
    isFinal: fields.get('final?') === true,
  };
}

/**
 * A history may be nothing but nemesis; then it is as well one as the other. One of nothing but reads is of broadcasts
 * if they bring lists, and no keys.
 */
function isOfRegisters(entries: readonly Entry[]): boolean {
  const ofClients = entries.filter(({ process }) => process !== 'nemesis');
  if (!ofClients.every(({ f }) => registerOperations.includes(f))) return false;
  const found = ofClients.filter(({ type }) => type === 'ok');
  const isList = ({ f, value }: Entry): boolean => f === 'read' && isKind(value, 'vector');
  const hasKeys = ofClients.some(({ type, value }) => type === 'invoke' && value !== null);
  return found.length === 0 || hasKeys || !found.every(isList);
}

type Unplaced = Omit<OperationEvent, 'index' | 'time'> | Omit<Extract<HistoryEvent, { process: 'nemesis' }>, 'index' | 'time'>;

/** The completion of what changes a register has the value that was asked for, whatever Jepsen's client left there. */
function registerEvents(entries: readonly Entry[]): readonly Unplaced[] {
  const invocations = entries.filter(({ process, type }) => process !== 'nemesis' && type === 'invoke');
  const isIndependent = hasKeys(invocations);
  const open = new Map<number, { readonly key: Json; readonly value: Json }>();
  return entries.map((entry): Unplaced => {
    const { line, type, process, f, error } = entry;
    if (process === 'nemesis') return nemesisEvent(entry);
    const asked = open.get(process);
    const told = isIndependent ? tupleOf(entry, asked?.key ?? null) : { key: onlyKey, value: entry.value };
    const seesValue = type === 'invoke' ? f !== 'read' : type === 'ok' && f === 'read';
    const key = asked?.key ?? told.key;
    const value = seesValue ? jsonOf(told.value, line) : (asked?.value ?? null);
    if (type === 'invoke') open.set(process, { key, value });
    else open.delete(process);
    const head = { process, type, f, key: type === 'invoke' ? told.key : key, value };
    return error === undefined ? head : { ...head, error: ednText(error) };
  });
}

/**
 * Whether values are pairs of a key and what it is about. A read is asked for a value only where that names the key, and
 * no cas of one register is a value and a pair: where one operation is such and another is no pair, the history is of
 * neither sort.
 */
function hasKeys(invocations: readonly Entry[]): boolean {
  const alone = invocations.find((entry) => !isTuple(entry));
  if (alone === undefined) return invocations.length > 0;
  const withKey = invocations.find((entry) => entry.f !== 'write' && isTuple(entry));
  if (withKey === undefined) return false;
  const elsewhere = `as on line ${withKey.line}`;
  throw new HistoryError(alone.line, `:value: expected [key value], ${elsewhere}, not ${ednText(alone.value)}`);
}

function isTuple({ f, value }: Entry): boolean {
  if (!isKind(value, 'vector') || value.items.length !== 2) return false;
  const [, inner] = value.items;
  return f !== 'cas' || (isKind(inner, 'vector') && inner.items.length === 2);
}

/** A completion that says nothing of its key is of the key that was asked about. */
function tupleOf({ value, line }: Entry, askedKey: Json): { readonly key: Json; readonly value: Edn } {
  if (value === null) return { key: askedKey, value };
  const [key, inner] = isKind(value, 'vector') && value.items.length === 2 ? value.items : [];
  if (key === undefined || inner === undefined) {
    throw new HistoryError(line, `:value: expected [key value], as elsewhere, not ${ednText(value)}`);
  }
  return { key: jsonOf(key, line), value: inner };
}

function anyEvent(entry: Entry): Unplaced {
  if (entry.process === 'nemesis') return nemesisEvent(entry);
  const { type, process, f, error, line, isFinal } = entry;
  const value = type === 'ok' && f === 'echo' ? echoed(entry.value) : entry.value;
  // What did not come back, or failed, is not compared with anything.
  const isCompared = type === 'invoke' || type === 'ok' || equalityFault(value) === undefined;
  const final = isFinal ? { final: true as const } : {};
  const head = { process, type, f, value: isCompared ? valueOf(f, value, line) : marked(ednText(value)), ...final };
  return error === undefined ? head : { ...head, error: ednText(error) };
}

/** What a poll of logs brings is a map of keys, which are texts or numbers: it becomes an object, as in JSON lines. */
function valueOf(f: string, value: Edn, line: number): Json {
  if ((f !== 'poll' && f !== 'txn') || !isKind(value, 'vector')) return jsonOf(value, line);
  return value.items.map((step): Json => {
    const [name, polled] = isKind(step, 'vector') ? step.items : [];
    if (nameOf(name) !== 'poll' || !isKind(polled, 'map')) return jsonOf(step, line);
    const members = polled.entries.map(([key, pairs]) => {
      return [typeof key === 'string' ? key : ednText(key), jsonOf(pairs, line)] as const;
    });
    return ['poll', objectOf(members)];
  });
}

/**
 * An object of these members. Its shape comes from JSON.parse, which takes keys that look like numbers for names;
 * assigned one by one they become places of an array, with room for all places before.
 */
function objectOf(members: readonly (readonly [key: string, value: Json])[]): JsonObject {
  const shape: Record<string, Json> = JSON.parse(`{${members.map(([key]) => `${JSON.stringify(key)}:null`).join(',')}}`);
  for (const [key, value] of members) shape[key] = value;
  return shape;
}

/** Of an echo that came back, Maelstrom records the whole body of the answer. */
function echoed(value: Edn): Edn {
  if (!isKind(value, 'map')) return value;
  const field = value.entries.find(([key]) => isKind(key, 'keyword') && key.name === 'echo');
  return field === undefined ? value : field[1];
}

function nemesisEvent({ type, f, value }: Entry): Unplaced {
  return { process: 'nemesis', type, f, value: value === null ? null : ednText(value) };
}

/** Jepsen's threads note times on their own, so one may be a little before the one above it: it is for people only. */
function inOrder(entries: readonly Entry[], events: readonly Unplaced[]): readonly HistoryEvent[] {
  let index = -1;
  let time = 0;
  return events.map((event, place) => {
    const entry = entries[place];
    index = Math.max(index + 1, entry?.index ?? 0);
    time = Math.max(time, entry?.time ?? 0);
    return { index, time, ...event };
  });
}

function processOf(value: Edn | undefined, line: number): number | 'nemesis' {
  const number = wholeNumber(value);
  if (number !== undefined) return number;
  if (nameOf(value) === 'nemesis') return 'nemesis';
  throw new HistoryError(line, ':process: expected a whole number or :nemesis');
}

function jsonOf(value: Edn, line: number): Json {
  const fault = equalityFault(value);
  if (fault !== undefined) throw new HistoryError(line, `:value: ${fault}`);
  const json = toJson(value);
  if (isJson(json)) return json;
  throw new HistoryError(line, ':value: nests too deeply');
}

function nameOf(value: Edn | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return isKind(value, 'keyword') || isKind(value, 'symbol') ? value.name : undefined;
}

function wholeNumber(value: Edn | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Jepsen prints operations with the tag of its record, which has had several names, all of which end alike. */
function untagged(value: Edn, line: number): Edn {
  if (!isKind(value, 'tagged')) return value;
  if (/(?:^|\.)Op$/.test(value.tag)) return value.value;
  throw new HistoryError(line, `expected an operation, as a map, and the tag #${value.tag} is not known`);
}

type Compound = Extract<Edn, object>;

function isKind<Kind extends Compound['kind']>(
  value: Edn | undefined,
  kind: Kind,
): value is Extract<Compound, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}
