import type { HistoryEvent, OperationEvent } from '../history/history.ts';
import type { StatusRecord } from '../cluster/monitor.ts';
import type { MessageCounts } from '../network/network.ts';
import { leaderChanges } from './composition.ts';
import { longestStretch } from './stretch.ts';
import type { Stretch } from './stretch.ts';

/** What is printed of a run and left in results.json. */
export interface Figures {
  readonly durationMs: number;
  readonly operations: Readonly<Record<string, OperationFigures>>;
  /** Successful operations a second. */
  readonly throughputPerSecond: number;
  readonly messages: MessageFigures;
  /** The longest time in which no operation succeeded. */
  readonly longestStretchWithoutOk: Stretch;
  /** How often a node was seen leading a newer term than before; undefined where the nodes do not tell. */
  readonly leaderChanges: number | undefined;
}

export interface OperationFigures {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Of those that succeeded; undefined where none did. */
  readonly latencyMs?: Quantiles;
  /** How many ended with which error, `timeout` among them. */
  readonly errors: Readonly<Record<string, number>>;
}

/** At least this share of the operations took no longer. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface MessageFigures extends MessageCounts {
  /** All messages, those of clients included, for each operation begun; 0 where none was. */
  readonly perOperation: number;
  /** Messages between nodes for each operation begun. */
  readonly serversPerOperation: number;
}

/** `kinds` are the operations that the workload generates: each has its figures, also where it never happened. */
export function computeFigures(
  events: readonly HistoryEvent[],
  nodeIds: readonly string[],
  kinds: readonly string[],
  durationMs: number,
  counts: MessageCounts,
  statuses: StatusRecord,
): Figures {
  const samples = new Map(kinds.map((kind) => [kind, new Sample()]));
  for (const event of events) {
    if (event.process !== 'nemesis') samples.get(event.f)?.add(event);
  }
  const all = [...samples.values()];
  const okCount = sum(all.map(({ ok }) => ok));
  const begun = sum(all.map((sample) => sample.begun));
  const perOperation = (messages: number) => (begun === 0 ? 0 : messages / begun);
  return {
    durationMs,
    operations: Object.fromEntries([...samples].map(([kind, sample]) => [kind, sample.figures()])),
    throughputPerSecond: okCount / (durationMs / 1000),
    messages: {
      ...counts,
      perOperation: perOperation(counts.servers + counts.clients),
      serversPerOperation: perOperation(counts.servers),
    },
    longestStretchWithoutOk: longestStretch(events, nodeIds, durationMs, statuses),
    leaderChanges: leaderChanges(statuses),
  };
}

/** What is gathered of one kind of operation. */
class Sample {
  begun = 0;
  ok = 0;
  #fail = 0;
  #info = 0;
  readonly #latenciesMs: number[] = [];
  readonly #errors = new Map<string, number>();
  /** Process -> when its operation began. */
  readonly #begunAtNs = new Map<number, number>();

  add(event: OperationEvent): void {
    if (event.type === 'invoke') {
      this.begun += 1;
      this.#begunAtNs.set(event.process, event.time);
      return;
    }
    const begunAtNs = this.#begunAtNs.get(event.process) ?? event.time;
    this.#begunAtNs.delete(event.process);
    if (event.type === 'ok') {
      this.ok += 1;
      this.#latenciesMs.push((event.time - begunAtNs) / 1e6);
      return;
    }
    if (event.type === 'fail') this.#fail += 1;
    else this.#info += 1;
    const name = errorText(event);
    this.#errors.set(name, (this.#errors.get(name) ?? 0) + 1);
  }

  figures(): OperationFigures {
    const counts = { ok: this.ok, fail: this.#fail, info: this.#info, errors: Object.fromEntries(this.#errors) };
    return this.ok === 0 ? counts : { ...counts, latencyMs: quantiles(this.#latenciesMs) };
  }
}

/** `[20, "key-does-not-exist"]` becomes `20 key-does-not-exist`. */
function errorText({ error }: OperationEvent): string {
  if (Array.isArray(error)) return error.join(' ');
  return typeof error === 'string' ? error : JSON.stringify(error ?? 'unknown');
}

/** By nearest rank. `values` is not empty. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
