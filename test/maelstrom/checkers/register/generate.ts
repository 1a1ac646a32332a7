/**
 * Histories that are correct because a register made them: an operation takes effect on it at one moment between its
 * invocation and its completion. Seeded: the same settings give the same history.
 */
import type { Json } from '../../../../src/services/json.ts';
import { Random } from '../../../../src/raft/random.ts';
import type { Call, HistoryEvent } from '../../../../maelstrom/history/history.ts';

export interface Settings {
  readonly seed: number;
  readonly clients: number;
  readonly operations: number;
  readonly keys: number;
  /** Values are 0 to this, exclusive. */
  readonly values: number;
  /** The share of operations (0 to 1) whose client never hears back. Half of them never happen, some happen late. */
  readonly lost: number;
  /** Every cas expects what is there when it takes effect, so that none fails. Only where none is lost. */
  readonly casFits?: boolean;
  /** A cas that fails says why: 20 where nothing is there, 22 where another value is. */
  readonly saysWhy?: boolean;
}

interface Open {
  readonly process: number;
  readonly key: number;
  call: Call;
  /** Undefined until it takes effect. */
  outcome: 'ok' | 'fail' | undefined;
  /** The code of the error, where it failed. */
  why?: 20 | 22;
  readonly isLost: boolean;
  readonly neverHappens: boolean;
}

/** The events of a correct history, in order. */
export function generate(settings: Settings): HistoryEvent[] {
  const random = new Random(settings.seed);
  const events: HistoryEvent[] = [];
  const register = new Map<number, Json>();
  const open: (Open | undefined)[] = Array.from({ length: settings.clients });
  /** Lost operations may happen after their clients went on. */
  const adrift: Open[] = [];
  const processes = Array.from({ length: settings.clients }, (_, client) => client);
  /** By process, where its last invocation stands. */
  const invocations = new Map<number, number>();
  let invoked = 0;
  const record = ({ process, key, call, why }: Open, type: 'invoke' | 'ok' | 'fail' | 'info'): void => {
    const told: Call = call.f === 'read' && type !== 'ok' ? { f: 'read', value: null } : call;
    const asked = events[invocations.get(process) ?? 0];
    if (type === 'invoke') invocations.set(process, events.length);
    else if (settings.casFits === true && asked !== undefined && call.f === 'cas') Object.assign(asked, call);
    const error = type === 'fail' && settings.saysWhy === true ? { error: [why ?? 0, 'why'] } : {};
    events.push({ index: events.length, time: events.length * 1_000_000, process, type, key, ...told, ...error });
  };
  while (invoked < settings.operations || open.some((each) => each !== undefined)) {
    const late = random.integer(4 * settings.clients) === 0 ? adrift.pop() : undefined;
    if (late !== undefined) {
      happen(late, settings, register);
    }
    const client = random.integer(settings.clients);
    const current = open[client];
    if (current === undefined) {
      if (invoked < settings.operations) {
        const next = invoke(settings, random, register, processes[client] ?? 0, invoked);
        invoked += 1;
        open[client] = next;
        record(next, 'invoke');
      }
    } else if (current.isLost && random.integer(4) === 0) {
      record(current, 'info');
      processes[client] = current.process + settings.clients;
      open[client] = undefined;
      if (current.outcome === undefined && !current.neverHappens) {
        adrift.push(current);
      }
    } else if (current.outcome === undefined) {
      if (!current.neverHappens) {
        happen(current, settings, register);
      }
    } else if (!current.isLost) {
      record(current, current.outcome);
      open[client] = undefined;
    }
  }
  return events;
}

function invoke(
  { values, keys, lost, operations }: Settings,
  random: Random,
  register: ReadonlyMap<number, Json>,
  process: number,
  count: number,
): Open {
  // Keys follow one another, as in a run: two are in use at a time.
  const key = Math.min(keys - 1, Math.floor((count / operations) * keys) + random.integer(2));
  const kind = random.integer(6);
  const isLost = random.fraction() < lost;
  const neverHappens = isLost && random.integer(2) === 0;
  const common = { process, key, outcome: undefined, isLost, neverHappens };
  if (kind < 3) return { ...common, call: { f: 'read', value: null } };
  const value = random.integer(values);
  if (kind === 3) return { ...common, call: { f: 'write', value } };
  const held = random.integer(2) === 0 ? register.get(key) : undefined;
  return { ...common, call: { f: 'cas', value: [held ?? random.integer(values), value] } };
}

function happen(operation: Open, { casFits }: Settings, register: Map<number, Json>): void {
  const { key } = operation;
  const held = register.get(key) ?? null;
  if (casFits === true && operation.call.f === 'cas') operation.call = { f: 'cas', value: [held, operation.call.value[1]] };
  const { call } = operation;
  operation.outcome = 'ok';
  switch (call.f) {
    case 'read':
      operation.call = { f: 'read', value: held };
      return;
    case 'write':
      register.set(key, call.value);
      return;
    case 'cas':
      if (held === call.value[0]) {
        register.set(key, call.value[1]);
      } else {
        operation.outcome = 'fail';
        operation.why = held === null ? 20 : 22;
      }
  }
}
