import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/raft/random.ts';
import { initAlone, initOfThree, line, parsedLines } from '../messages.ts';
import type { Envelope } from '../messages.ts';
import { RaftProcess } from './raft-process.ts';

const mebibyte = 1024 * 1024;

/** Bytes of every value, line feeds among them. */
function noise(sizeBytes: number): Buffer {
  const random = new Random(7);
  return Buffer.from(Uint8Array.from({ length: sizeBytes }, () => random.integer(256)));
}

/** Whatever is fed to it: a node that serves x = 1 alone, and has one entry. */
async function nodeWithState(): Promise<RaftProcess> {
  const node = new RaftProcess();
  await node.write(initAlone);
  expect(await node.ask(2, { type: 'write', key: 'x', value: 1 })).toMatchObject({ type: 'write_ok' });
  return node;
}

/** State as it was, only messages of n1 on stdout, and a quiet end. */
async function expectUnharmed(node: RaftProcess): Promise<void> {
  const status = { type: 'raft_status_ok', role: 'leader', term: 1, commit_index: 1, last_applied: 1, last_index: 1 };
  expect(await node.ask(9001, { type: 'read', key: 'x' })).toMatchObject({ type: 'read_ok', value: 1 });
  expect(await node.ask(9002, { type: 'raft_status' })).toMatchObject(status);
  const { exitCode, stdout } = await node.end();
  expect(exitCode).toBe(0);
  expect(stdout.endsWith('\n')).toBe(true);
  for (const { src } of parsedLines(stdout)) expect(src).toBe('n1');
}

/** The most memory a process has ever held, where the system tells. */
function peakMemoryBytes(pid: number): number {
  const file = `/proc/${pid}/status`;
  const [, kibibytes] = (existsSync(file) && /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(file, 'utf8'))) || [];
  return Number(kibibytes ?? 0) * 1024;
}

describe('a running node survives', () => {
  const clientTypes = ['init', 'raft_append', 'read', 'write', 'cas', 'delete'];
  const peerTypes = ['append_entries', 'request_vote', 'pre_vote', 'propose', 'read_index', 'install_snapshot'];
  const place = { prev_log_index: 0, prev_log_term: 0 };
  const wrongBodies: readonly object[] = [
    ...[...clientTypes, ...peerTypes].map((type) => ({ type })),
    { type: 'init', node_id: ['n1'], node_ids: 'n1' },
    { type: 'raft_append', entry: { term: {}, command: 'SET x 2' } },
    { type: 'raft_append', entry: { command: { op: 'put', key: 'x' } } },
    { type: 'raft_log', from: 'x' },
    { type: 'raft_log', limit: -1 },
    { type: 'append_entries', term: 1, leader_id: 'n1', ...place, entries: 'x', leader_commit: 1 },
    { type: 'propose', term: 1, requests: [{}] },
    { type: 'read_index', term: null },
    { type: 'install_snapshot', term: 1, leader_id: 'n1', done: 'yes' },
  ];
  const wrongReplies = ['init_ok', 'append_entries_ok', 'request_vote_ok', 'pre_vote_ok', 'read_index_ok', 'error'];
  const nested = `${'['.repeat(1000)}${']'.repeat(1000)}`;

  /** What somebody who is no peer says to become the leader, or to depose it. */
  function usurping(src: string): readonly string[] {
    const next = { prev_log_index: 1, prev_log_term: 1, entries: [{ term: 9, index: 2, command: 'SET x 2' }] };
    return [
      { type: 'append_entries', msg_id: 500, term: 9, leader_id: src, ...next, leader_commit: 2 },
      { type: 'request_vote', msg_id: 501, term: 9, candidate_id: src, last_log_index: 9, last_log_term: 9 },
      { type: 'append_entries_ok', in_reply_to: 1, success: true, match_index: 99 },
      { type: 'append_entries_ok', in_reply_to: 1, success: false, term: 99 },
    ].map((body) => line(src, body));
  }

  const feeds: Readonly<Record<string, readonly (string | Buffer)[]>> = {
    'binary noise': [noise(mebibyte), '\n'],
    'half a JSON object': ['{"src":"c1","dest":"n1","bo\n', '{"src":"c1","dest":"n1","body":{"type":"write"\n'],
    'JSON that is no message': ['1\n', '"x"\n', 'null\n', '[]\n', '{}\n', '{"src":1,"dest":"n1","body":{}}\n'],
    'nesting without an end': [
      `${'['.repeat(mebibyte)}\n`,
      `{"src":"c1","dest":"n1","body":{"type":"write","msg_id":5,"key":"x","value":${nested}}}\n`,
    ],
    'valid JSON of the wrong shape for every body': [
      ...wrongBodies.map((body, at) => line('n2', { msg_id: 100 + at, ...body })),
      ...wrongReplies.map((type) => line('n2', { type, in_reply_to: 0 })),
      ...wrongReplies.map((type) => line('n2', { type, in_reply_to: 'x' })),
    ],
    'unknown types': ['', 'x', 'toString', '__proto__', 'constructor', 7, null, {}].map((type, at) => {
      return line('c1', { msg_id: 200 + at, type });
    }),
    'messages for another node': [
      line('c1', { type: 'write', msg_id: 300, key: 'x', value: 2 }, 'n2'),
      line('c1', { type: 'init', msg_id: 301, node_id: 'n2', node_ids: ['n2'] }, 'n2'),
    ],
    'another init': [
      line('c0', { type: 'init', msg_id: 400, node_id: 'n1', node_ids: ['n1', 'n2'] }),
      line('c0', { type: 'init', msg_id: 401, node_id: 'n2', node_ids: ['n2'] }),
      line('c0', { type: 'init', msg_id: 402, node_id: 'n1', node_ids: ['n1'] }),
    ],
    'AppendEntries and votes from a client': usurping('c1'),
    'AppendEntries and votes from a stranger': usurping('n9'),
  };

  test.each(Object.entries(feeds))('%s', async (_, pieces) => {
    const node = await nodeWithState();
    for (const piece of pieces) await node.write(piece);
    await expectUnharmed(node);
  });

  test('a line of 100 MB, with bounded memory', async () => {
    const node = await nodeWithState();
    const before = peakMemoryBytes(node.pid);
    const piece = Buffer.alloc(mebibyte, 'x');
    for (let written = 0; written < 100; written += 1) await node.write(piece);
    await node.write('\n');
    expect(await node.ask(3, { type: 'read', key: 'x' })).toMatchObject({ value: 1 });
    // A node that kept the line would hold 100 MiB of it at least; what it holds is a few, and the collector's ease.
    expect(peakMemoryBytes(node.pid) - before).toBeLessThan(90 * mebibyte);
    await expectUnharmed(node);
  });
});

/** The id of the first of the proposals that a node has forwarded. */
function firstRequestId({ body: { requests } }: Envelope): unknown {
  return Array.isArray(requests) ? requests[0]?.id : undefined;
}

test('an operation in flight is answered though rubbish arrives before its outcome', async () => {
  const node = new RaftProcess();
  const peers = line('c0', { type: 'init', msg_id: 1, node_id: 'n2', node_ids: ['n1', 'n2', 'n3'] }, 'n2');
  const place = { term: 1, leader_id: 'n1', prev_log_index: 0, prev_log_term: 0 };
  await node.write(peers);
  await node.write(line('n1', { type: 'append_entries', msg_id: 1, ...place, entries: [], leader_commit: 0 }, 'n2'));
  await node.answerTo(1, 'n1');
  await node.write(line('c1', { type: 'write', msg_id: 7, key: 'x', value: 1 }, 'n2'));
  const id = firstRequestId(await node.message('propose'));
  await node.write(Buffer.concat([noise(100_000), Buffer.from('\n{"src":\n')]));
  await node.write(line('n1', { type: 'append_entries', msg_id: 2, term: 1 }, 'n2'));
  const entry = { term: 1, index: 1, command: { op: 'put', key: 'x', value: 1 }, origin: { node: 'n2', id } };
  const append = { type: 'append_entries', msg_id: 3, ...place, entries: [entry], leader_commit: 1 };
  await node.write(line('n1', append, 'n2'));
  expect(await node.answerTo(7)).toMatchObject({ type: 'write_ok' });
  expect(await node.end()).toMatchObject({ exitCode: 0 });
});

test('what peers say before this node\'s own init is dropped, and init still works', async () => {
  const node = new RaftProcess();
  const place = { term: 1, leader_id: 'n2', prev_log_index: 0, prev_log_term: 0 };
  await node.write(line('n2', { type: 'append_entries', msg_id: 1, ...place, entries: [], leader_commit: 0 }));
  const candidacy = { term: 2, candidate_id: 'n2', last_log_index: 0, last_log_term: 0 };
  await node.write(line('n2', { type: 'pre_vote', msg_id: 2, ...candidacy }));
  await node.write(line('n2', { type: 'request_vote_ok', in_reply_to: 3, term: 2, vote_granted: true }));
  await node.write(initOfThree);
  const ending = await node.end();
  expect(ending).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\{.*"init_ok".*\}\n$/) });
});
