import { describe, expect, it } from 'vitest';
import { Journal, maxKeptLength } from '../../../../maelstrom/network/journal/journal.ts';
import { journalLine } from '../../../../maelstrom/network/journal/journal-lines.ts';

const message = '{"src":"n1","dest":"n2","body":{"type":"hello"}}';
/** Room for about three hundred messages of this kind, in chunks of ten. */
const small = { maxBytes: 300 * (message.length + 100), chunkEntries: 10, surroundingsMs: 50 };

/** Sends a message a millisecond, so many of them, and marks the given moments. */
function keep(count: number, markedAtMs: readonly number[] = []) {
  let nowMs = 0;
  const journal = new Journal(() => nowMs, small);
  for (; nowMs < count; nowMs += 1) {
    journal.ended(journal.sent('n1', 'n2', 'hello', message), 'delivered');
    if (markedAtMs.includes(nowMs)) journal.mark();
  }
  return journal.record;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe('the journal', () => {
  it('tells when a message was sent, when it arrived, and what became of it', () => {
    let nowMs = 1.5;
    const journal = new Journal(() => nowMs);
    const first = journal.sent('n1', 'n2', 'hello', message);
    journal.sent('n2', 'c1', 'read_ok', message);
    nowMs = 3;
    journal.ended(first, 'cut');
    expect(journal.record.entries).toMatchObject([
      { sentAtMs: 1.5, endedAtMs: 3, fate: 'cut', src: 'n1', dest: 'n2', type: 'hello', line: message, isCut: false },
      { sentAtMs: 1.5, endedAtMs: undefined, fate: 'under-way', src: 'n2', dest: 'c1', type: 'read_ok' },
    ]);
    expect(journal.record.gaps).toEqual([]);
  });

  it('keeps all where there is room', () => {
    expect(keep(90)).toMatchObject({ entries: { length: 90 }, gaps: [] });
  });

  it('drops stretches from all over the run where there is not, and says which', () => {
    const { entries, gaps, counts } = keep(2000);
    expect(entries.length).toBeGreaterThan(280);
    expect(entries.length).toBeLessThanOrEqual(310);
    expect(sum(gaps.map(({ count }) => count)) + entries.length).toBe(2000);
    expect(sum(counts.byType['hello'] ?? [])).toBe(2000);
    for (const { fromMs, toMs } of gaps) {
      expect(entries.filter(({ sentAtMs }) => sentAtMs >= fromMs && sentAtMs <= toMs)).toEqual([]);
    }
    expect(entries.filter(({ sentAtMs }) => sentAtMs > 500 && sentAtMs < 1500).length).toBeGreaterThan(80);
  });

  it('keeps what is near something notable, before and after, when all around it goes', () => {
    const { entries } = keep(2000, [700]);
    const near = entries.filter(({ sentAtMs }) => sentAtMs > 660 && sentAtMs < 740);
    expect(near).toHaveLength(79);
    expect(entries.length).toBeLessThanOrEqual(310);
  });

  it('keeps what comes after something notable, also where it was quiet before', () => {
    let nowMs = 0;
    const journal = new Journal(() => nowMs, small);
    const send = (atMs: number) => {
      nowMs = atMs;
      journal.sent('n1', 'n2', 'hello', message);
    };
    send(0);
    nowMs = 500;
    journal.mark();
    for (let atMs = 510; atMs < 515; atMs += 1) send(atMs);
    for (let atMs = 600; atMs < 40_000; atMs += 1) send(atMs);
    expect(journal.record.entries.filter(({ sentAtMs }) => sentAtMs > 500 && sentAtMs < 515)).toHaveLength(5);
  });

  it('stays within its bound where everything is notable', () => {
    expect(
      keep(
        2000,
        Array.from({ length: 200 }, (_, place) => 10 * place),
      ).entries.length,
    ).toBeLessThanOrEqual(310);
  });

  it('keeps the beginning of a very long message', () => {
    const journal = new Journal(() => 0);
    journal.sent('n1', 'n2', 'hello', 'x'.repeat(maxKeptLength + 1));
    expect(journal.record.entries).toMatchObject([{ isCut: true, line: 'x'.repeat(maxKeptLength) }]);
  });
});

describe('a line of messages.jsonl', () => {
  const entry = { sentAtMs: 1.23456, endedAtMs: 2, src: 'n1', dest: 'n2', type: 'hello', line: message, isCut: false };

  it('holds the message as it was, and its times', () => {
    expect(journalLine({ ...entry, fate: 'delivered' })).toBe(
      `{"sent":1.235,"ended":2,"fate":"delivered","message":${message}}`,
    );
  });

  it('holds the beginning of a long one as a text, and null where it did not arrive', () => {
    const line = journalLine({ ...entry, endedAtMs: undefined, line: '{"src', isCut: true, fate: 'under-way' });
    expect(JSON.parse(line)).toEqual({ sent: 1.235, ended: null, fate: 'under-way', beginning: '{"src' });
  });
});
