/**
 * What became of the elements of a grow-only set, seen from the reads that came later: Jepsen's analysis of sets
 * (jepsen.checker/set-full). It knows nothing of nodes; messages that are broadcast are the same thing. In one thing it
 * is stricter: to Jepsen an element is there if the last of the reads saw it, though another node, asked at the same
 * time, did not; here all of the last questions (`final`) have to see it.
 */
import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import { HistoryError } from '../../history/history.ts';
import type { OperationEvent } from '../../history/history.ts';
import type { Pair } from '../../history/pairs.ts';

/** An element, and every event that says when it was there. */
export interface Element {
  readonly value: Json;
  /** Of the first attempt to add it. */
  readonly added: OperationEvent;
  /** When it was first certain that it was taken: the answer to its add, or the first read that brought it. */
  readonly known: OperationEvent | undefined;
  /** The reads, by when they began, that last saw it and last did not. */
  readonly lastPresent: OperationEvent | undefined;
  readonly lastAbsent: OperationEvent | undefined;
  /** One of the last reads of the run (`final`) that did not see it though it was known when that read began. */
  readonly missedAtEnd: OperationEvent | undefined;
}

/** A read that brought an element, and how often it was in it. */
export interface Occurrence {
  readonly value: Json;
  readonly read: OperationEvent;
  readonly count: number;
}

export interface Sightings {
  readonly elements: readonly Element[];
  /** What was read though its add had not begun by then, each with the first such read. */
  readonly unexpected: readonly Occurrence[];
  /** What a read brought more than once, each with the read that brought it most often. */
  readonly duplicated: readonly Occurrence[];
}

/** Goes through the history in its order. The operations are `read` and the one that adds, whose name is `add`. */
export function follow(pairs: readonly Pair[], add: string): Sightings {
  const elements = new Map<string, Writable<Element>>();
  const unexpected = new Map<string, Occurrence>();
  const duplicated = new Map<string, Occurrence>();
  for (const { event, invocation, lineNumber } of inOrder(pairs)) {
    if (event.f === add) {
      const name = canonical(event.value);
      const element = elements.get(name);
      if (event.type === 'invoke' && element === undefined) elements.set(name, newElement(event));
      else if (event.type === 'ok' && element !== undefined) element.known ??= event;
    } else if (event.f !== 'read') {
      throw new HistoryError(lineNumber, `f: expected ${JSON.stringify(add)} or "read"`);
    } else if (event.type === 'ok') {
      const counts = countsOf(event, lineNumber);
      for (const [name, element] of elements) look(element, counts.has(name), invocation, event);
      for (const [name, { value, count }] of counts) {
        const occurrence = { value, read: event, count };
        if (!elements.has(name) && !unexpected.has(name)) unexpected.set(name, occurrence);
        if (count > Math.max(1, duplicated.get(name)?.count ?? 1)) duplicated.set(name, occurrence);
      }
    }
  }
  return { elements: [...elements.values()], unexpected: [...unexpected.values()], duplicated: [...duplicated.values()] };
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

interface Place {
  readonly event: OperationEvent;
  readonly invocation: OperationEvent;
  readonly lineNumber: number;
}

function inOrder(pairs: readonly Pair[]): readonly Place[] {
  const places = pairs.flatMap(({ invocation, completion, invocationLine, completionLine }): readonly Place[] => {
    const begun = { event: invocation, invocation, lineNumber: invocationLine };
    return completion === undefined ? [begun] : [begun, { event: completion, invocation, lineNumber: completionLine }];
  });
  return places.toSorted((left, right) => left.event.index - right.event.index);
}

function newElement(added: OperationEvent): Element {
  return { value: added.value, added, known: undefined, lastPresent: undefined, lastAbsent: undefined, missedAtEnd: undefined };
}

interface Count {
  readonly value: Json;
  count: number;
}

/** What a read brought, each element once, with how often it was there. */
function countsOf({ value: read }: OperationEvent, lineNumber: number): ReadonlyMap<string, Count> {
  if (!isList(read)) throw new HistoryError(lineNumber, 'value: expected the list of what a read brought');
  const counts = new Map<string, Count>();
  for (const value of read) {
    const name = canonical(value);
    const known = counts.get(name);
    if (known === undefined) counts.set(name, { value, count: 1 });
    else known.count += 1;
  }
  return counts;
}

/** Takes note of a read that began with `invocation` and brought, or did not bring, the element. */
function look(
  element: Writable<Element>,
  isPresent: boolean,
  invocation: OperationEvent,
  completion: OperationEvent,
): void {
  if (isPresent) {
    element.known ??= completion;
    element.lastPresent = later(element.lastPresent, invocation);
  } else {
    element.lastAbsent = later(element.lastAbsent, invocation);
    const wasKnown = element.known !== undefined && element.known.index < invocation.index;
    if (wasKnown && invocation.final === true) element.missedAtEnd ??= invocation;
  }
}

function later(known: OperationEvent | undefined, read: OperationEvent): OperationEvent {
  return known === undefined || known.index < read.index ? read : known;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
