import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DurableNode } from './durable-node.ts';
import type { Body } from './durable-node.ts';
import { initOfThree, line } from '../messages.ts';
import { killOverAndOver } from './kills.ts';
import { raftBin, RaftProcess, withoutTicks } from './raft-process.ts';
import type { Ending } from './raft-process.ts';

const append = appendOf(1);
const quick = ['--election-timeout-ms', '100', '--heartbeat-ms', '30'];

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'data-dir-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function dangling(directory: string): string {
  const link = join(directory, 'link');
  symlinkSync(join(directory, 'nowhere'), link);
  return link;
}

/** The file of the log that is written to. */
function segmentIn(own: string): string {
  const names = readdirSync(own).filter((name) => name.endsWith('.log')).sort();
  return join(own, names.at(-1) ?? '');
}

function start(
  nodeId: string,
  flags: readonly string[],
  onPeerMessage?: (dest: string, line: string) => void,
): DurableNode {
  const node = new DurableNode(nodeId, flags, onPeerMessage);
  onTestFinished(async () => {
    await node.kill();
  });
  return node;
}

function appendOf(value: unknown): string {
  return line('c1', { type: 'raft_append', msg_id: 2, entry: { term: 1, command: { op: 'put', key: 'x', value } } });
}

/** Runs a node on an input that ends. */
function run(input: string, flags: readonly string[]): Promise<Ending> {
  return new RaftProcess({ flags }).end(input);
}

const put = (key: string, value: unknown): Body => ({ type: 'write', key, value });
const get = (key: string): Body => ({ type: 'read', key });
const firstIndexOf = (status: Body | undefined): number => Number(status?.['first_index']);

describe('the state machine after a restart', () => {
  test('of a lone node that was killed is rebuilt from its own disk', async () => {
    const flags = ['--data-dir', dataDirectory(), ...quick];
    const before = start('n1', flags);
    await before.init(['n1']);
    for (const [key, value] of [['x', 1], ['y', [2]], ['x', 3]] as const) {
      expect(await before.askUntilAvailable(put(key, value))).toMatchObject({ type: 'write_ok' });
    }
    expect(await before.ask({ type: 'delete', key: 'y' })).toMatchObject({ type: 'delete_ok' });
    await before.kill();

    const after = start('n1', flags);
    await after.init(['n1']);
    expect(await after.askUntilAvailable(get('x'))).toMatchObject({ value: 3 });
    expect(await after.ask(get('y'))).toMatchObject({ code: 20 });
    expect(await after.ask({ type: 'raft_status' })).toMatchObject({ last_applied: 5, last_index: 5 });
  });

  test('is rebuilt from the newest snapshot and what of the log follows it', async () => {
    const directory = dataDirectory();
    const flags = ['--data-dir', directory, '--snapshot-entries', '10', '--snapshot-keep-entries', '2', ...quick];
    const before = start('n1', flags);
    await before.init(['n1']);
    let written = 0;
    // Until a snapshot is there and the log has let something go.
    while (firstIndexOf(await before.ask({ type: 'raft_status' })) === 1) {
      for (let count = 0; count < 7; count += 1, written += 1) {
        await before.askUntilAvailable(put(`k${written % 7}`, written));
      }
    }
    await before.kill();
    expect(readdirSync(join(directory, 'n1')).filter((name) => name.endsWith('.snapshot'))).not.toEqual([]);

    const after = start('n1', flags);
    await after.init(['n1']);
    for (let key = 0; key < 7; key += 1) {
      expect(await after.askUntilAvailable(get(`k${key}`))).toMatchObject({ value: written - 7 + key });
    }
    expect(firstIndexOf(await after.ask({ type: 'raft_status' }))).toBeGreaterThan(1);
  });

  test('of three nodes that were all killed at once is rebuilt from their disks, which share a directory', async () => {
    const flags = ['--data-dir', dataDirectory(), ...quick];
    const nodeIds = ['n1', 'n2', 'n3'];
    const startAll = async (): Promise<ReadonlyMap<string, DurableNode>> => {
      const nodes = new Map<string, DurableNode>();
      const route = (dest: string, line: string): void => nodes.get(dest)?.write(line);
      for (const nodeId of nodeIds) nodes.set(nodeId, start(nodeId, flags, route));
      for (const node of nodes.values()) expect(await node.init(nodeIds)).toMatchObject({ type: 'init_ok' });
      return nodes;
    };
    const before = await startAll();
    for (let key = 0; key < 20; key += 1) {
      const node = before.get(nodeIds[key % 3] ?? '');
      expect(await node?.askUntilAvailable(put(`k${key}`, key))).toMatchObject({ type: 'write_ok' });
    }
    await Promise.all([...before.values()].map((node) => node.kill()));

    const after = await startAll();
    for (let key = 0; key < 20; key += 1) {
      const node = after.get(nodeIds[(key + 1) % 3] ?? '');
      expect(await node?.askUntilAvailable(get(`k${key}`))).toMatchObject({ value: key });
    }
  });

  test('lacks nothing that was acknowledged, through twenty kills in the middle of writes', async () => {
    const options = { kills: 20, dataDirectory: dataDirectory(), seed: 2 };
    const { acknowledged, inDoubt, lost } = await killOverAndOver(options);
    expect(lost).toEqual([]);
    expect(acknowledged).toBeGreaterThan(20);
    expect(inDoubt).toBeGreaterThan(0);
  });
});

test('what waited for the disk is answered when the disk has it, whatever the timers do', async () => {
  const node = start('n1', ['--data-dir', dataDirectory(), ...withoutTicks]);
  expect(await node.init(['n1', 'n2', 'n3'])).toMatchObject({ type: 'init_ok' });
  const append = { type: 'raft_append', entry: { command: 'SET x 1' } };
  expect(await node.ask(append)).toMatchObject({ type: 'raft_append_ok', index: 1 });
});

describe('the end of the input', () => {
  test('has what is on its way to the disk written and answered first', async () => {
    const flags = ['--data-dir', dataDirectory(), ...withoutTicks];
    const { exitCode, stdout, stderr } = await run(initOfThree + append, flags);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      '{"src":"n1","dest":"c0","body":{"type":"init_ok","in_reply_to":1,"msg_id":0}}\n' +
        '{"src":"n1","dest":"c1","body":{"type":"raft_append_ok","in_reply_to":2,"msg_id":1,"index":1}}\n',
    );
    const again = await run(initOfThree, flags);
    expect(again.stdout).toContain('"msg_id":4294967296}}');
  });

  test('by SIGTERM is no other', async () => {
    const flags = ['--data-dir', dataDirectory(), ...quick];
    const node = start('n1', flags);
    await node.init(['n1']);
    const answers = Array.from({ length: 20 }, (_, key) => node.askUntilAvailable(put(`k${key}`, key)));
    await Promise.race(answers);
    expect(await node.kill('SIGTERM')).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('a node does not start', () => {
  test('in a directory that another process has, which goes on', async () => {
    const flags = ['--data-dir', dataDirectory(), ...quick];
    const first = start('n1', flags);
    await first.init(['n1']);
    const { exitCode, stdout, stderr } = await run(initOfThree, flags);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^raft: stopped: .*n1: is in use by process \d+ /);
    expect(await first.askUntilAvailable(put('x', 1))).toMatchObject({ type: 'write_ok' });
  });

  test('on a damaged log: it says what is wrong where, and leaves everything as it is', async () => {
    const directory = dataDirectory();
    const flags = ['--data-dir', directory, ...withoutTicks];
    await run(initOfThree + append, flags);
    await run(initOfThree, flags);
    const path = join(directory, 'n1', '000000000000001.log');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(50) ^ 1, 50);
    writeFileSync(path, bytes);
    const { exitCode, stdout, stderr } = await run(initOfThree, flags);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(`raft: stopped: ${path}: damaged at offset 32: the checksum of the record is wrong`);
    expect(readFileSync(path)).toEqual(bytes);
  });

  test.each<readonly [string, (directory: string) => string, RegExp]>([
    ['is a file', () => raftBin, /raft\/n1: cannot make the directory: ENOTDIR: not a directory$/],
    ['is a link that leads nowhere', dangling, /link: cannot make the directory: something else is there$/],
    ['has a name that is too long', (directory) => join(directory, 'x'.repeat(300)), /cannot make the directory: ENAMETOOLONG: /],
    ['has a path that is too long', (directory) => join(directory, 'x/'.repeat(3000)), /cannot make the directory: ENAMETOOLONG: /],
  ])('where its directory %s', async (_what, pathIn, why) => {
    const { exitCode, stdout, stderr } = await run(initOfThree, ['--data-dir', pathIn(dataDirectory())]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^raft: stopped: /);
    expect(stderr.trimEnd()).toMatch(why);
  });

  test.skipIf(!existsSync('/proc/self'))('where nothing can be made, as below /proc', async () => {
    const { exitCode, stdout, stderr } = await run(initOfThree, ['--data-dir', '/proc/nope']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe('raft: stopped: /proc/nope: cannot make the directory: nothing can be made there\n');
  });

  test.skipIf(!existsSync('/dev/full'))('on a disk that is full: it says which file cannot be written', async () => {
    const directory = dataDirectory();
    const limited = ['-c', `ulimit -f 0; exec "${raftBin}" "$@"`, 'raft', '--data-dir', directory, ...withoutTicks];
    const { exitCode, stdout, stderr } = await new RaftProcess({ bin: '/bin/sh', flags: limited }).end(initOfThree);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`raft: stopped: ${join(directory, 'n1')}/`);
    expect(stderr).toMatch(/: cannot write: /);
  });
});

describe('a node whose files are taken away stops before it acknowledges anything more', () => {
  test.each<readonly [string, (own: string) => void, RegExp]>([
    ['with its directory', (own) => rmSync(own, { recursive: true }), /gone/],
    ['with the directory above', (own) => rmSync(dirname(own), { recursive: true }), /gone/],
    ['when its directory gets another name', (own) => renameSync(own, `${own}-away`), /gone/],
    ['when another directory takes the name', (own) => [renameSync(own, `${own}-away`), mkdirSync(own)], /gone/],
    [
      'when a copy of the directory takes its place',
      (own) => [renameSync(own, `${own}-away`), cpSync(`${own}-away`, own, { recursive: true })],
      /another file has taken its name|lock/,
    ],
    ['when its log is removed', (own) => rmSync(segmentIn(own)), /the file is gone from its directory/],
    [
      'when another file takes the place of its log',
      (own) => [copyFileSync(segmentIn(own), join(own, 'copy')), renameSync(join(own, 'copy'), segmentIn(own))],
      /another file has taken its name/,
    ],
  ])('%s', async (_how, takeAway, why) => {
    const directory = join(dataDirectory(), 'data');
    const node = start('n1', ['--data-dir', directory, ...quick]);
    await node.init(['n1']);
    expect(await node.askUntilAvailable(put('x', 1))).toMatchObject({ type: 'write_ok' });
    takeAway(join(directory, 'n1'));
    expect(await node.askUntilAvailable(put('x', 2)), 'no answer any more').toBeUndefined();
    const { exitCode, stderr } = await node.ended;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^raft: stopped: /);
    expect(stderr).toMatch(why);
  });
});

test('a last batch that was cut short is cut off, said so on stderr, and the node starts', async () => {
  const directory = dataDirectory();
  const flags = ['--data-dir', directory, ...withoutTicks];
  await run(initOfThree + append, flags);
  await run(initOfThree, flags);
  const path = join(directory, 'n1', '000000000000001.log');
  truncateSync(path, readFileSync(path).length - 1);
  const { exitCode, stdout, stderr } = await run(initOfThree, flags);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"init_ok"');
  expect(stderr).toContain(`raft: ${path}: cut off the last `);
});

test('a node that cannot write any more stops at once, loudly, and says nothing on stdout', async () => {
  const directory = dataDirectory();
  const limited = ['-c', `ulimit -f 1; exec "${raftBin}" "$@"`, 'raft', '--data-dir', directory, ...withoutTicks];
  const node = new RaftProcess({ bin: '/bin/sh', flags: limited });
  const { exitCode, stdout, stderr } = await node.end(initOfThree + appendOf('x'.repeat(4096)));
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^raft: stopped: .*000000000000001\.log: cannot write: EFBIG: /);
});
