import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { counter, createMember, InDoubtError, kv, RefusedError } from '../../src/index.ts';
import type { CreateMemberOptions, Json, Result, RunningMember, StateMachine, Transport } from '../../src/index.ts';

type KvMember = RunningMember<Json, Result>;

/** A network in this process: each line arrives a little later, and those of members that are cut off never. */
class Hub {
  readonly cutOff = new Set<string>();
  readonly lines: string[] = [];
  readonly #receivers = new Map<string, (line: string) => void>();

  transportOf(id: string): Transport {
    return {
      send: (to, line) => {
        this.lines.push(line);
        if (!this.cutOff.has(id) && !this.cutOff.has(to)) setImmediate(() => this.deliver(to, line));
      },
      onReceive: (receive) => {
        this.#receivers.set(id, receive);
      },
    };
  }

  deliver(to: string, line: string): void {
    this.#receivers.get(to)?.(line);
  }
}

const voters = ['n1', 'n2', 'n3'];
const started: { close(): Promise<void> }[] = [];
const directories: string[] = [];

afterEach(async () => {
  for (const member of started.splice(0)) await member.close();
  // A snapshot that was being written when its member was closed may still take its name.
  const remove = (directory: string): void => rmSync(directory, { recursive: true, force: true });
  for (const directory of directories.splice(0)) await vi.waitFor(() => remove(directory), { timeout: 30_000 });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'library-'));
  directories.push(directory);
  return directory;
}

async function start(hub: Hub, id: string, options: Partial<CreateMemberOptions<Json, Result>> = {}): Promise<KvMember> {
  const onFailure = (error: Error): void => {
    throw error;
  };
  const own = { id, voters, stateMachine: kv.createStateMachine(), transport: hub.transportOf(id), onFailure };
  const member = await createMember({ ...own, ...options });
  started.push(member);
  return member;
}

function startAll(hub: Hub): Promise<readonly [KvMember, KvMember, KvMember]> {
  return Promise.all([start(hub, 'n1'), start(hub, 'n2'), start(hub, 'n3')]);
}

/** Asks again for as long as there is no leader. */
async function untilLed<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RefusedError) || error.why.kind !== 'no-leader') throw error;
    }
  }
}

describe('a cluster of members', () => {
  test('carries out what is proposed at any of them, and reads it at any other', async () => {
    const [first, second, third] = await startAll(new Hub());
    expect(await untilLed(() => second.propose('SET x = 5'))).toEqual({ kind: 'ok' });
    expect(await third.read('x')).toEqual({ kind: 'value', value: '5' });
    expect(await first.read('y')).toEqual({ kind: 'no-such-key' });
    expect(first.status).toMatchObject({ term: 1, leader: 'n1', lastIndex: 1 });
  });

  test('carries any state machine', async () => {
    const member = await start(new Hub(), 'n1', { voters: ['n1'], stateMachine: counter.createStateMachine() });
    await Promise.all([1, 2, 3].map((delta) => member.propose({ op: 'add', delta })));
    expect(await member.read(null)).toEqual({ kind: 'value', value: 6 });
  });
});

describe('a command', () => {
  test('is what it was when it was proposed, whatever its caller does to it later', async () => {
    const member = await start(new Hub(), 'n1', { voters: ['n1'] });
    const value = { a: 1 };
    const proposed = member.propose({ op: 'put', key: 'x', value });
    value.a = 2;
    await proposed;
    expect(await member.read('x')).toEqual({ kind: 'value', value: { a: 1 } });
  });
});

describe('a member that cannot start', () => {
  test('leaves its directory to others', async () => {
    const dataDirectory = newDirectory();
    const snapshots = { snapshotEntries: 1, snapshotBytes: 1, keepEntries: 0, keepBytes: 0 };
    const alone = { voters: ['n1'], dataDirectory, snapshots };
    const first = await start(new Hub(), 'n1', alone);
    for (const key of ['x', 'y', 'z']) await first.propose(`SET ${key} = 1`);
    // A snapshot that is being written has another name: it ends with a number.
    const isWhole = (name: string): boolean => name.endsWith('.snapshot');
    await vi.waitFor(() => expect(readdirSync(join(dataDirectory, 'n1')).some(isWhole)).toBe(true), { timeout: 30_000 });
    await first.close();
    const other = start(new Hub(), 'n1', { ...alone, stateMachine: counter.createStateMachine() });
    await expect(other).rejects.toThrow('it is not the sum alone');
    const second = await start(new Hub(), 'n1', alone);
    expect(await untilLed(() => second.read('x'))).toEqual({ kind: 'value', value: '1' });
  });

  test('has a name that is too long', async () => {
    const id = 'n'.repeat(257);
    await expect(start(new Hub(), id, { voters: [id] })).rejects.toThrow('names of 1 to 256 characters');
  });
});

describe('the members', () => {
  test('may be changed: one joins, is taken in, leads, and another goes', async () => {
    const hub = new Hub();
    // However slow this machine is, no member loses its patience.
    const config = { electionTimeoutMs: 60_000 };
    const [first] = await Promise.all(voters.map((id) => start(hub, id, { config })));
    const fourth = await start(hub, 'n4', { joins: true, config });
    if (first === undefined) throw new Error('there is a first member');
    await untilLed(() => first.propose('SET x = 5'));
    await first.reconfigure({ voters: ['n1', 'n2', 'n3', 'n4'] });
    expect(first.status.configuration).toEqual({ voters: ['n1', 'n2', 'n3', 'n4'], learners: [] });
    expect(await first.transfer('n4')).toBe('n4');
    await fourth.propose('SET x = 6');
    await fourth.reconfigure({ voters: ['n2', 'n3', 'n4'] });
    expect(await fourth.read('x')).toEqual({ kind: 'value', value: '6' });
  });

  test('are refused where they cannot be, and where this member does not lead', async () => {
    const [first, second] = await startAll(new Hub());
    await untilLed(() => first.propose('SET x = 5'));
    const refusal = (refused: Promise<unknown>): Promise<unknown> => {
      return refused.catch((error) => (error instanceof RefusedError ? error.why : error));
    };
    expect(await refusal(first.reconfigure({ voters: ['n1', 'n1'] }))).toMatchObject({ kind: 'malformed' });
    expect(await refusal(first.reconfigure({ voters: Array.from({ length: 10 }, (_, at) => `n${at}`) }))).toMatchObject({
      kind: 'malformed',
    });
    expect(await refusal(second.reconfigure({ voters: ['n1', 'n2'] }))).toEqual({ kind: 'not-leader', leader: 'n1' });
    expect(await refusal(second.transfer())).toEqual({ kind: 'not-leader', leader: 'n1' });
    expect(await refusal(first.transfer('n9'))).toEqual({ kind: 'no-transfer-target' });
  });
});

describe('an error tells', () => {
  test('what was refused, and never takes effect, from what is in doubt', async () => {
    const hub = new Hub();
    const [first, second] = await startAll(hub);
    await untilLed(() => second.propose('SET x = 1'));
    hub.cutOff.add('n1');
    const inDoubt = first.propose('SET x = 2').catch((error: unknown) => error);
    await sleep(50);
    await first.close();
    expect(await inDoubt).toBeInstanceOf(InDoubtError);
    expect(await first.propose('SET x = 3').catch((error: unknown) => error)).toMatchObject({ why: { kind: 'not-started' } });
    expect(await untilLed(() => second.read('x'))).toEqual({ kind: 'value', value: '1' });
  });

  test.each([
    [null, /null is the no-op/],
    [{ op: 'put', key: 1, value: 2 ** 53 }, /^.*command\.value: an integer beyond/],
    ['x'.repeat(1024 * 1024), /longer than 1048576 bytes/],
  ])('why a command is not taken', async (command, why) => {
    const member = await start(new Hub(), 'n1', { voters: ['n1'] });
    const error: unknown = await member.propose(command).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ why: { kind: 'malformed' }, message: expect.stringMatching(why) });
    expect(member.status.lastIndex).toBe(0);
  });

  test('that no leader is known, when the election timeout has passed', async () => {
    const hub = new Hub();
    hub.cutOff.add('n2');
    const member = await start(hub, 'n2', { config: { electionTimeoutMs: 50, heartbeatMs: 10 } });
    await expect(member.propose('SET x = 1')).rejects.toMatchObject({ why: { kind: 'no-leader' } });
  });
});

describe('a member that starts', () => {
  test('is refused where it is none of the voters, or a voter is named twice', async () => {
    await expect(start(new Hub(), 'n4')).rejects.toThrow('n4 is not among them');
    await expect(start(new Hub(), 'n1', { voters: ['n1', 'n1'] })).rejects.toThrow('every member once');
  });

  test('stops where its state machine throws, says so, and leaves what was pending in doubt', async () => {
    const failures: string[] = [];
    const broken: StateMachine<Json, Result> = {
      ...kv.createStateMachine(),
      apply: () => {
        throw new Error('it broke');
      },
    };
    const onFailure = ({ message }: Error): number => failures.push(message);
    const member = await start(new Hub(), 'n1', { voters: ['n1'], stateMachine: broken, onFailure });
    await expect(member.propose('SET x = 1')).rejects.toThrow(InDoubtError);
    expect(failures).toEqual(['it broke']);
  });

  test('on a data directory has what it had, once the member before has been closed, in the same process too', async () => {
    const dataDirectory = newDirectory();
    const before = await start(new Hub(), 'n1', { voters: ['n1'], dataDirectory });
    await before.propose('SET x = 1');
    await expect(start(new Hub(), 'n1', { voters: ['n1'], dataDirectory })).rejects.toThrow('in use');
    await before.close();
    const after = await start(new Hub(), 'n1', { voters: ['n1'], dataDirectory });
    expect(await untilLed(() => after.read('x'))).toEqual({ kind: 'value', value: '1' });
  });

  test('on a data directory of another cluster is refused, which leaves it as it is', async () => {
    const dataDirectory = newDirectory();
    const member = await start(new Hub(), 'n1', { voters: ['n1'], dataDirectory });
    await member.propose('SET x = 1');
    await member.close();
    await expect(start(new Hub(), 'n1', { dataDirectory })).rejects.toThrow('node_ids: this cluster is n1');
    await start(new Hub(), 'n1', { voters: ['n1'], dataDirectory });
  });
});

describe('a stranger', () => {
  test('gets no vote, and is told why; its unknown requests are answered too', async () => {
    const hub = new Hub();
    const member = await start(hub, 'n1');
    const vote = { type: 'request_vote', msg_id: 1, term: 9, candidate_id: 'zz', last_log_index: 0, last_log_term: 0 };
    hub.deliver('n1', JSON.stringify({ src: 'zz', dest: 'n1', body: vote }));
    hub.deliver('n1', JSON.stringify({ src: 'n2', dest: 'n1', body: { type: 'hello', msg_id: 2 } }));
    hub.deliver('n1', 'rubbish');
    await sleep(20);
    expect(member.status.term).toBeLessThan(9);
    const answers = hub.lines.map((line): unknown => JSON.parse(line));
    expect(answers).toContainEqual(expect.objectContaining({ dest: 'zz', body: expect.objectContaining({ code: 12 }) }));
    expect(answers).toContainEqual(expect.objectContaining({ dest: 'n2', body: expect.objectContaining({ code: 10 }) }));
  });
});
