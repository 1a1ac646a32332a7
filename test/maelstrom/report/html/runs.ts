import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Findings } from '../../../../maelstrom/cluster/findings.ts';
import { parseEvent } from '../../../../maelstrom/history/history.ts';
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { Journal } from '../../../../maelstrom/network/journal/journal.ts';
import type { Fate, JournalRecord } from '../../../../maelstrom/network/journal/journal.ts';
import type { StatusRecord } from '../../../../maelstrom/cluster/monitor.ts';
import { computeFigures } from '../../../../maelstrom/report/figures.ts';
import type { Recorded } from '../../../../maelstrom/report/html/build-data.ts';
import type { Summary } from '../../../../maelstrom/report/html/summary.ts';
import { judge } from '../../../../maelstrom/report/verdict.ts';
import { judgeRegisters } from '../../../../maelstrom/workloads/lin-kv-judge.ts';

// Runs that were never played, for reports of them.

export const nodeIds = ['n1', 'n2', 'n3'];
const ms = 1e6;

export interface Sent {
  readonly atMs: number;
  readonly tookMs?: number;
  readonly fate?: Fate;
  readonly src: string;
  readonly dest: string;
  readonly body: { readonly type: string; readonly [field: string]: unknown };
}

/** The journal of a run in which these messages were sent, in this order. */
export function journalOf(messages: readonly Sent[]): JournalRecord {
  let nowMs = 0;
  const journal = new Journal(() => nowMs);
  for (const { atMs, tookMs = 0, fate = 'delivered', src, dest, body } of messages) {
    nowMs = atMs;
    const entry = journal.sent(src, dest, body.type, JSON.stringify({ src, dest, body }));
    nowMs += tookMs;
    if (fate !== 'under-way') journal.ended(entry, fate);
  }
  return journal.record;
}

export const statuses: StatusRecord = {
  isComplete: true,
  changes: {
    n1: [
      { atMs: 0, role: 'leader', term: 1, leader: 'n1', commitIndex: 0, appliedIndex: 0 },
      { atMs: 40, role: 'follower', term: 2, leader: 'n2', commitIndex: 3, appliedIndex: 3 },
    ],
    n2: [
      { atMs: 0, role: 'follower', term: 1, leader: 'n1', commitIndex: 0, appliedIndex: 0 },
      { atMs: 30, role: 'candidate', term: 2, leader: null, commitIndex: 2, appliedIndex: 2 },
      { atMs: 35, role: 'leader', term: 2, leader: 'n2', commitIndex: 3, appliedIndex: 2 },
    ],
    n3: [],
  },
};

/** A recorded run with these events, and what is said of it. */
export function runOf(events: readonly HistoryEvent[], messages: readonly Sent[], durationMs: number) {
  const journal = journalOf(messages);
  const judgement = judgeRegisters(events, { budget: { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 26 } });
  const { explanation, registers: report } = judgement;
  const kinds = ['read', 'write', 'cas'];
  const recorded: Recorded = { events, durationMs, nodeIds, concurrency: 3, kinds, statuses, report, journal };
  const counts = { servers: messages.length, clients: 0, lost: 0 };
  const figures = computeFigures(events, nodeIds, kinds, durationMs, counts, statuses);
  const findings = new Findings(20);
  const summary: Summary = {
    title: 'a run',
    facts: [['node', './node']],
    verdict: judge(judgement, findings, { ...figures, operations: {} }),
    figures,
    hasCluster: true,
    findings,
    explanation,
  };
  return { recorded, summary };
}

const bad = new URL('../../histories/not-linearizable/stale-read.jsonl', import.meta.url);

/** A stale read while the network is cut, with the messages that led to it. */
export function badRun() {
  const lines = readFileSync(fileURLToPath(bad), 'utf8').trim().split('\n');
  const events = lines.map((line, place) => parseEvent(line, place + 1));
  const fault = { process: 'nemesis', type: 'info' } as const;
  const cut: HistoryEvent = {
    ...fault,
    index: 100,
    time: 70 * ms,
    f: 'start-partition',
    value: { kind: 'halves', cuts: {} },
  };
  const kill: HistoryEvent = { ...fault, index: 101, time: 75 * ms, f: 'start-kill', value: ['n1', 'n3'] };
  const mended: HistoryEvent = { ...fault, index: 102, time: 80 * ms, f: 'stop-partition', value: null };
  return runOf([...events, cut, kill, mended], badMessages, 100);
}

const badMessages: readonly Sent[] = [
  { atMs: 10, src: 'c1', dest: 'n1', body: { type: 'write', msg_id: 1, key: 1, value: 1 } },
  {
    atMs: 12,
    tookMs: 3,
    src: 'n1',
    dest: 'n2',
    body: { type: 'append_entries', msg_id: 7, term: 1, entries: [{ index: 1 }] },
  },
  { atMs: 16, tookMs: 2, src: 'n2', dest: 'n1', body: { type: 'append_entries_ok', in_reply_to: 7 } },
  { atMs: 20, src: 'n1', dest: 'c1', body: { type: 'write_ok', in_reply_to: 1 } },
  { atMs: 50, src: 'c2', dest: 'n3', body: { type: 'read', msg_id: 2, key: 1 } },
  { atMs: 60, src: 'n3', dest: 'c2', body: { type: 'read_ok', in_reply_to: 2, value: 1 } },
  {
    atMs: 72,
    tookMs: 1,
    fate: 'cut',
    src: 'n1',
    dest: 'n2',
    body: { type: 'append_entries', msg_id: 8, term: 1, entries: [] },
  },
  { atMs: 76, fate: 'down', src: 'c3', dest: 'n1', body: { type: 'read', msg_id: 3, key: 1 } },
  {
    atMs: 98,
    fate: 'under-way',
    src: 'n2',
    dest: 'n3',
    body: { type: 'append_entries', msg_id: 9, term: 2, entries: [] },
  },
];
