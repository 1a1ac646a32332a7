import { beforeEach, expect, test } from 'vitest';
import { Durability } from '../../src/raft/durability.ts';
import { RaftLog } from '../../src/raft/log.ts';
import { Outbox } from '../../src/raft/outbox.ts';
import { entriesOf, threeNodes } from './driver.ts';

const hardState = { nodeId: 'n1', voters: threeNodes, bootCount: 0, term: 1, votedFor: null };
const readIndex = { type: 'read_index', term: 1 } as const;

let log: RaftLog;
let durability: Durability;
let outbox: Outbox;

beforeEach(() => {
  log = new RaftLog(entriesOf([1]));
  durability = new Durability(log);
  durability.takeBatch(hardState);
  durability.persisted(1);
  outbox = new Outbox(durability);
});

function afterBatches(): readonly number[] {
  return outbox.take().messages.map(({ afterBatch }) => afterBatch);
}

test('requests are numbered from 1 on, whoever they go to, and none has a number twice', () => {
  expect(outbox.nextNumber).toBe(1);
  expect(outbox.request('n2', readIndex, 1)).toBe(1);
  expect(outbox.request('n3', readIndex, 1)).toBe(2);
  outbox.take();
  expect(outbox.nextNumber).toBe(3);
  expect(outbox.request('n2', readIndex, 1)).toBe(3);
});

test('requests and replies wait for the hard state and not for entries', () => {
  durability.hardStateChanged();
  durability.takeBatch(hardState);
  log.append(entriesOf([1], 2));
  outbox.request('n2', readIndex, 1);
  outbox.reply('n2', 1, { type: 'read_index_ok', term: 1, index: 0 });
  expect(afterBatches()).toEqual([2, 2]);
});

test('an acknowledgement waits for the entries too, unless the disk has what it says', () => {
  log.append(entriesOf([1], 2));
  outbox.acknowledge('n2', 1, 1);
  outbox.acknowledge('n2', 2, 2);
  expect(afterBatches()).toEqual([1, 2]);
});

test('an acknowledgement waits for the term even where the disk has the entries', () => {
  durability.hardStateChanged();
  outbox.acknowledge('n2', 1, 1);
  expect(afterBatches()).toEqual([2]);
});

test('refusals wait for nothing, and what is malformed is logged as well', () => {
  durability.hardStateChanged();
  outbox.refuse('n2', 1, 'not now');
  outbox.refuseMalformed('n3', 2, 'nonsense');
  const { messages, faults } = outbox.take();
  expect(messages).toEqual([
    { kind: 'refusal', to: 'n2', ticket: 1, reason: 'unavailable', text: 'not now', afterBatch: 0 },
    { kind: 'refusal', to: 'n3', ticket: 2, reason: 'malformed', text: 'nonsense', afterBatch: 0 },
  ]);
  expect(faults).toEqual(['refused a message from n3: nonsense']);
});

test('everything is taken once', () => {
  outbox.request('n2', readIndex, 1);
  outbox.complain('strange');
  outbox.take();
  expect(outbox.take()).toEqual({ messages: [], faults: [] });
});
