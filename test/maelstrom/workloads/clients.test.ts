import { describe, expect, it } from 'vitest';
import type { Message } from '../../../maelstrom/cluster/cluster.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Clients } from '../../../maelstrom/workloads/clients.ts';
import type { ClientEvent } from '../../../maelstrom/workloads/clients.ts';
import { linKv } from '../../../maelstrom/workloads/lin-kv.ts';
import type { Invocation, Workload } from '../../../maelstrom/workloads/workload.ts';
import { Random } from '../../../src/index.ts';
import { VirtualCluster } from '../virtual-cluster.ts';
import type { Behaviour } from '../virtual-cluster.ts';

const nodeIds = ['n0', 'n1', 'n2'];
const anyLinKv: Workload = linKv;

interface Timed {
  readonly atMs: number;
  readonly event: ClientEvent;
}

/** Plays clients against nodes that all behave alike, begins nothing after `stopAtMs`, and waits a minute more. */
function play(
  behaviour: Behaviour,
  { stopAtMs = 5000, concurrency = 6, ratePerSecond = 10, workload = anyLinKv, seed = 1, latencyMs = 0, asksLast = false } = {},
) {
  const network = new Network(nodeIds, { meanMs: latencyMs, distribution: 'constant' }, new Random(1));
  const received: Message[] = [];
  const recording: Behaviour = (message, send) => {
    received.push(message);
    behaviour(message, send);
  };
  const cluster = new VirtualCluster(network, Object.fromEntries(nodeIds.map((id) => [id, recording])));
  const history: Timed[] = [];
  const badReplies: string[] = [];
  const clients = new Clients(
    cluster,
    workload,
    { concurrency, ratePerSecond, random: new Random(seed) },
    (event) => history.push({ atMs: cluster.nowMs(), event }),
    (nodeId, what) => badReplies.push(`${nodeId} ${what}`),
  );
  let idleAtMs: number | undefined;
  cluster.onClientMessage((message) => clients.receive(message));
  clients.start();
  cluster.run(stopAtMs);
  let lastIdleAtMs: number | undefined;
  clients.stop(() => {
    idleAtMs = cluster.nowMs();
    if (asksLast) clients.askLast(() => (lastIdleAtMs = cluster.nowMs()));
  });
  cluster.run(stopAtMs + 60_000);
  return { history, events: history.map(({ event }) => event), received, badReplies, idleAtMs, lastIdleAtMs };
}

/** Answers everything with success; reads see 1. */
const agreeable: Behaviour = ({ src, body }, send) => {
  send(src, { type: `${body.type}_ok`, ...(body.type === 'read' && { value: 1 }), ...replyTo(body) });
};

const silent: Behaviour = () => {};

function replyTo({ msg_id }: Message['body']): { readonly in_reply_to?: number } {
  return msg_id === undefined ? {} : { in_reply_to: msg_id };
}

/** A workload of one kind of operation. */
function only(invocation: Invocation): Workload {
  return { ...anyLinKv, generator: () => ({ next: () => invocation }) };
}

const onlyReads = only({ f: 'read', key: 1, value: null });
const onlyWrites = only({ f: 'write', key: 1, value: 3 });

describe('clients', () => {
  it('record an invocation and a completion of each operation, and a read with what it saw', () => {
    const { events } = play(agreeable, { workload: onlyReads });
    expect(events.slice(0, 2)).toEqual([
      { process: expect.any(Number), type: 'invoke', f: 'read', key: 1, value: null },
      { process: expect.any(Number), type: 'ok', f: 'read', key: 1, value: 1 },
    ]);
    expect(events.filter(({ type }) => type === 'ok')).toHaveLength(events.length / 2);
  });

  it('begin about as many operations as the rate says', () => {
    const { events } = play(agreeable, { ratePerSecond: 100, stopAtMs: 20_000 });
    const begun = events.filter(({ type }) => type === 'invoke').length;
    expect(begun).toBeGreaterThan(1900);
    expect(begun).toBeLessThan(2100);
  });

  it('spread the operations over all threads', () => {
    const { events } = play(agreeable, { ratePerSecond: 100 });
    expect(new Set(events.map(({ process }) => process))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  it('are bound to one node each, thread after thread', () => {
    const { received } = play(agreeable, { ratePerSecond: 100 });
    const nodesOf = new Map(received.map(({ src, dest }) => [src, dest]));
    expect(Object.fromEntries(nodesOf)).toEqual({ c1: 'n0', c2: 'n1', c3: 'n2', c4: 'n0', c5: 'n1', c6: 'n2' });
    expect(new Set(received.map(({ src, dest }) => `${src} ${dest}`)).size).toBe(6);
  });

  it('have at most one operation in flight each', () => {
    const open = new Set<number>();
    for (const { type, process } of play(silent, { ratePerSecond: 1000 }).events) {
      if (type === 'invoke') expect(open.has(process)).toBe(false);
      if (type === 'invoke') open.add(process);
      else open.delete(process);
    }
    expect(open.size).toBe(0);
  });

  it('do not make up afterwards for what they could not begin while all threads were busy', () => {
    let messages = 0;
    const silentAtFirst: Behaviour = (message, send) => {
      messages += 1;
      if (messages > 6) agreeable(message, send);
    };
    const { events } = play(silentAtFirst, { ratePerSecond: 100, stopAtMs: 3000, workload: onlyReads });
    const begun = events.filter(({ type }) => type === 'invoke').length;
    expect(begun).toBeGreaterThan(170);
    expect(begun).toBeLessThan(240);
  });

  it('go on whenever a thread is free again', () => {
    const { history } = play(silent, { ratePerSecond: 1000, stopAtMs: 10_500, workload: onlyReads });
    const begun = history.filter(({ event }) => event.type === 'invoke').length;
    expect(begun).toBe(6 * 11);
  });

  it('make the same load from the same seed', () => {
    expect(play(agreeable, { seed: 3 }).history).toEqual(play(agreeable, { seed: 3 }).history);
    expect(play(agreeable, { seed: 3 }).history).not.toEqual(play(agreeable, { seed: 4 }).history);
  });
});

describe('an operation that nobody answers', () => {
  it('is given up after a second, or ten mean latencies where that is longer', () => {
    expect([0, 100, 250].map((meanMs) => linKv.timeoutMs(meanMs))).toEqual([1000, 1000, 2500]);
    const { history } = play(silent, { workload: onlyReads, concurrency: 6, ratePerSecond: 0.5, latencyMs: 300 });
    const ofOne = history.filter(({ event }) => event.process === history[0]?.event.process);
    const [begun, ended] = ofOne.map(({ atMs }) => atMs);
    expect((ended ?? 0) - (begun ?? 0)).toBeCloseTo(3000);
  });

  it('is fail for a read, and the thread goes on as the same process', () => {
    const { events } = play(silent, { workload: onlyReads });
    expect(events.find(({ type }) => type !== 'invoke')).toMatchObject({ type: 'fail', f: 'read', error: 'timeout' });
    expect(Math.max(...events.map(({ process }) => process))).toBeLessThan(6);
  });

  it('is info for a write, and the thread goes on as a new process and client, at the same node', () => {
    const { events, received } = play(silent, { workload: onlyWrites });
    const ended = events.filter(({ type }) => type !== 'invoke');
    expect(new Set(ended.map(({ type }) => type))).toEqual(new Set(['info']));
    expect(new Set(ended.map(({ process }) => process)).size).toBe(ended.length);
    expect(ended.some(({ process }) => process >= 6)).toBe(true);
    for (const { src, dest } of received) {
      expect(dest).toBe(nodeIds[(Number(src.slice(1)) - 1) % 3]);
    }
  });

  it('stays given up when the answer comes late', () => {
    const held: (() => void)[] = [];
    const late: Behaviour = (message, send) => {
      held.push(() => agreeable(message, send));
      if (held.length > 10) held.shift()?.();
    };
    const { events, received } = play(late, { workload: onlyWrites, ratePerSecond: 1, stopAtMs: 60_000 });
    expect(received.length).toBeGreaterThan(20);
    expect(events.filter(({ type }) => type === 'ok')).toEqual([]);
  });
});

describe('an answer', () => {
  it('counts once, however often it comes', () => {
    const twice: Behaviour = (message, send) => {
      agreeable(message, send);
      agreeable(message, send);
    };
    const { events } = play(twice);
    expect(events.filter(({ type }) => type === 'ok')).toHaveLength(events.length / 2);
  });

  it("to something that was never asked is nobody's", () => {
    const { events } = play(({ src }, send) => send(src, { type: 'read_ok', value: 1, in_reply_to: 1e9 }));
    expect(events.filter(({ type }) => type === 'ok')).toEqual([]);
  });

  it('that fits no question is reported, and the outcome is open', () => {
    const { events, badReplies } = play(({ src, body }, send) => send(src, { type: 'hello', ...replyTo(body) }), {
      workload: onlyWrites,
    });
    expect(badReplies[0]).toMatch(/^n[0-2] answered a write with "hello"$/);
    expect(events.find(({ type }) => type !== 'invoke')).toMatchObject({ type: 'info', error: 'malformed-reply' });
  });
});

describe('stopping', () => {
  it('begins nothing any more and waits for what is in flight', () => {
    const { history, idleAtMs = 0 } = play(silent, { stopAtMs: 5000 });
    const lastBegunMs = Math.max(...history.filter(({ event }) => event.type === 'invoke').map(({ atMs }) => atMs));
    expect(lastBegunMs).toBeLessThanOrEqual(5000);
    expect(idleAtMs).toBe(lastBegunMs + 1000);
    expect(history.at(-1)?.atMs).toBe(idleAtMs);
  });

  it('is over at once when nothing is in flight', () => {
    expect(play(agreeable, { stopAtMs: 5000 }).idleAtMs).toBe(5000);
  });
});

describe('clients that remember', () => {
  const count: Invocation = { f: 'count', value: null };

  /** Each operation asks twice; the value of the third is 3, and so on, as long as a client lives. */
  function counting(last?: Workload['last'], lasts = 0): Workload {
    const asked = new Map<number, number>();
    return {
      ...anyLinKv,
      ...(last === undefined ? {} : { last }),
      generator: () => ({
        next: () => count,
        last(thread) {
          asked.set(thread, (asked.get(thread) ?? 0) + 1);
          return (asked.get(thread) ?? 0) > lasts ? undefined : { ...count, final: true };
        },
      }),
      unanswered: (_, error) => ({ type: 'info', error }),
      newClient() {
        let [operations, requests] = [0, 0];
        return {
          begin() {
            requests = 1;
            return { type: 'ask', body: { type: 'first' } };
          },
          receive() {
            requests += 1;
            if (requests === 2) return { type: 'ask', body: { type: 'second' } };
            operations += 1;
            return { type: 'ok', value: operations };
          },
        };
      },
    };
  }

  it('may ask several times in one operation, each time under a number of its own, and count on what they had', () => {
    const { events, received } = play(agreeable, { workload: counting(), concurrency: 1 });
    expect(events.filter(({ type }) => type === 'ok').slice(0, 3).map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(received.slice(0, 4).map(({ body }) => body.type)).toEqual(['first', 'second', 'first', 'second']);
    expect(received.slice(0, 4).map(({ body }) => body.msg_id)).toEqual([1, 2, 3, 4]);
  });

  it('give every request its time, and begin anew after an outcome that is unknown', () => {
    let requests = 0;
    const thirdIsLost: Behaviour = (message, send) => {
      requests += 1;
      if (requests !== 4) agreeable(message, send);
    };
    const { history } = play(thirdIsLost, { workload: counting(), concurrency: 1 });
    const ends = history.filter(({ event }) => event.type !== 'invoke').slice(0, 3);
    expect(ends.map(({ event }) => [event.process, event.type, event.value])).toEqual([
      [0, 'ok', 1],
      [0, 'info', null],
      [1, 'ok', 1],
    ]);
  });

  it('ask at the end what the generator says, one after the other, until it says no more', () => {
    const { events, lastIdleAtMs, idleAtMs = 0 } = play(agreeable, { workload: counting('generated', 3), asksLast: true });
    const last = events.filter((event) => event.type === 'ok' && event.final === true);
    expect(last.length).toBe(6 * 3);
    expect(lastIdleAtMs).toBeLessThan(idleAtMs + 1000);
  });

  it('end their last questions after 10 s, however many there would be', () => {
    const { events, lastIdleAtMs, idleAtMs = 0 } = play(agreeable, { workload: counting('generated', Infinity), asksLast: true });
    expect(events.filter((event) => event.type === 'ok' && event.final === true).length).toBeGreaterThan(100);
    expect(lastIdleAtMs).toBeGreaterThanOrEqual(idleAtMs + 10_000);
    expect(lastIdleAtMs).toBeLessThan(idleAtMs + 10_100);
    const { lastIdleAtMs: silentAtMs, idleAtMs: since = 0 } = play(silent, { workload: counting('generated', Infinity), asksLast: true });
    expect(silentAtMs).toBeLessThan(since + 20_000);
  });
});
