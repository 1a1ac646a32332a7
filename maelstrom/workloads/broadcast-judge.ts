/**
 * Judges a broadcast as Maelstrom does, by Jepsen's analysis of sets (jepsen.checker/set-full): what became of each
 * message, seen from the reads that came later.
 */
import { canonical } from '../../src/services/json.ts';
import type { Json } from '../../src/services/json.ts';
import { HistoryError } from '../history/history.ts';
import type { HistoryEvent, OperationEvent } from '../history/history.ts';
import { pairsOf } from '../history/pairs.ts';
import type { Pair } from '../history/pairs.ts';
import type { JudgeOptions, Judgement } from './workload.ts';

const maxShown = 8;
/** Jepsen's: at least this share of the messages took no longer. */
const shares = [0, 0.5, 0.95, 0.99, 1];

/**
 * `stable`: from some moment on every read that began saw it. `lost`: somebody knew of it, and the last read that could
 * have seen it did not. `never-read`: nothing of the kind can be said, for no read came after it was known.
 */
type Outcome = 'stable' | 'lost' | 'never-read';

/** What is known of one message. */
interface Message {
  readonly value: Json;
  /** When it was first certain that it was taken: the answer to its broadcast, or the first read that brought it. */
  known: OperationEvent | undefined;
  /** The reads, by when they began, that last saw it and last did not. */
  lastPresent: OperationEvent | undefined;
  lastAbsent: OperationEvent | undefined;
}

interface Fate {
  readonly value: Json;
  readonly outcome: Outcome;
  /** From when it was known to when it was stable, or lost, as far as reads tell: 0 where it was at once. */
  readonly latencyMs: number;
}

export function judgeBroadcast(events: readonly HistoryEvent[], { lineNumberOf }: JudgeOptions): Judgement {
  const pairs = pairsOf(events, lineNumberOf);
  const { messages, unasked } = follow(pairs);
  const fates = messages.map(fateOf);
  const of = (outcome: Outcome) => fates.filter((fate) => fate.outcome === outcome);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter(({ latencyMs }) => latencyMs > 0);
  const worst = stale.toSorted((left, right) => right.latencyMs - left.latencyMs).slice(0, maxShown);
  const reasons = [
    ...(lost.length > 0 ? [`${counted(lost.length, 'message')} lost: ${shown(lost.map(({ value }) => value))}.`] : []),
    ...(unasked.length > 0 ? [`Reads brought what nobody had broadcast: ${shown(unasked)}.`] : []),
  ];
  const counts = `${stable.length} stable, ${lost.length} lost, ${neverRead.length} never read`;
  return {
    ...verdictOf(reasons, stable.length),
    explanation: [
      `broadcast: ${messages.length} messages, ${counts}; ${stale.length} of the stable ones were stale for a while`,
      ...latencyLine('stable after', stable),
      ...latencyLine('lost after', lost),
      ...(worst.length === 0 ? [] : [`  stalest: ${worst.map(staleness).join(', ')}`]),
    ],
    results: {
      broadcast: {
        attempted: messages.length,
        stable: stable.length,
        lost: lost.map(({ value }) => value),
        neverRead: neverRead.map(({ value }) => value),
        stale: stale.map(({ value }) => value),
        worstStale: worst,
        unasked,
        stableLatenciesMs: quantiles(stable),
        lostLatenciesMs: quantiles(lost),
      },
    },
  };
}

function verdictOf(reasons: readonly string[], stableCount: number): Pick<Judgement, 'verdict' | 'reasons'> {
  if (reasons.length > 0) return { verdict: 'violated', reasons };
  if (stableCount > 0) return { verdict: 'good', reasons: ['every message that was known to be taken stayed.'] };
  return { verdict: 'undecided', reasons: ['Not one message was read after it was taken, so nothing is shown.'] };
}

/** Goes through the history in its order and notes of every message who saw it, and of every read what it missed. */
function follow(pairs: readonly Pair[]): { readonly messages: readonly Message[]; readonly unasked: readonly Json[] } {
  const messages = new Map<string, Message>();
  const unasked = new Map<string, Json>();
  for (const { event, invocation, lineNumber } of inOrder(pairs)) {
    if (event.f === 'broadcast') {
      const message = messages.get(canonical(event.value));
      if (event.type === 'invoke') messages.set(canonical(event.value), newMessage(event.value));
      else if (event.type === 'ok' && message !== undefined) message.known ??= event;
    } else if (event.f !== 'read') {
      throw new HistoryError(lineNumber, 'f: expected "broadcast" or "read"');
    } else if (event.type === 'ok') {
      if (!isList(event.value)) throw new HistoryError(lineNumber, 'value: expected the list of what a read brought');
      const seen = new Map(event.value.map((value) => [canonical(value), value]));
      for (const [name, message] of messages) look(message, seen.has(name), invocation, event);
      for (const [name, value] of seen) {
        if (!messages.has(name)) unasked.set(name, value);
      }
    }
  }
  return { messages: [...messages.values()], unasked: [...unasked.values()] };
}

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

function newMessage(value: Json): Message {
  return { value, known: undefined, lastPresent: undefined, lastAbsent: undefined };
}

/** Takes note of a read that began with `invocation` and brought, or did not bring, the message. */
function look(message: Message, isPresent: boolean, invocation: OperationEvent, completion: OperationEvent): void {
  if (isPresent) {
    message.known ??= completion;
    message.lastPresent = later(message.lastPresent, invocation);
  } else {
    message.lastAbsent = later(message.lastAbsent, invocation);
  }
}

function later(known: OperationEvent | undefined, read: OperationEvent): OperationEvent {
  return known === undefined || known.index < read.index ? read : known;
}

/**
 * A read that overlaps with the broadcast and does not see the message may have come before it: only one that began
 * after the message was known can show that it is lost.
 */
function fateOf({ value, known, lastPresent, lastAbsent }: Message): Fate {
  const present = lastPresent?.index ?? -1;
  const absent = lastAbsent?.index ?? -1;
  const knownNs = known?.time ?? 0;
  if (lastPresent !== undefined && absent < present) {
    return { value, outcome: 'stable', latencyMs: latencyMs(knownNs, lastAbsent) };
  }
  if (known !== undefined && present < absent && known.index < absent) {
    return { value, outcome: 'lost', latencyMs: latencyMs(knownNs, lastPresent) };
  }
  return { value, outcome: 'never-read', latencyMs: 0 };
}

/** In whole milliseconds, as Jepsen counts: from when it was known to just after the read that saw it otherwise. */
function latencyMs(knownNs: number, otherwise: OperationEvent | undefined): number {
  return otherwise === undefined ? 0 : Math.floor(Math.max(0, otherwise.time + 1 - knownNs) / 1e6);
}

function quantiles(fates: readonly Fate[]): Readonly<Record<string, number>> {
  const sorted = fates.map((fate) => fate.latencyMs).toSorted((left, right) => left - right);
  if (sorted.length === 0) return {};
  return Object.fromEntries(
    shares.map((share) => [share, sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0]),
  );
}

function latencyLine(name: string, fates: readonly Fate[]): readonly string[] {
  const { 0: min, '0.5': median, '0.95': p95, '0.99': p99, 1: max } = quantiles(fates);
  if (min === undefined) return [];
  return [`  ${name}: ${min} ms at least, half by ${median} ms, 95 % by ${p95} ms, 99 % by ${p99} ms, all by ${max} ms`];
}

function staleness({ value, latencyMs: ms }: Fate): string {
  return `${JSON.stringify(value)} for ${ms} ms`;
}

function shown(values: readonly Json[]): string {
  const texts = values.slice(0, maxShown).map((value) => JSON.stringify(value));
  return values.length > maxShown ? `${texts.join(', ')} and ${values.length - maxShown} more` : texts.join(', ');
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun} was` : `${count} ${noun}s were`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
