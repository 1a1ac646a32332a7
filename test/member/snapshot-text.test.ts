import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/services/json.ts';
import { Random } from '../../src/raft/random.ts';
import { SnapshotDecoder, SnapshotEncoder } from '../../src/member/snapshot-text.ts';
import type { Capture, Restoration } from '../../src/services/state-machine.ts';
import { crc32c } from '../../src/storage/crc32c.ts';
import { randomJson } from '../random-json.ts';

const voters = ['n1', 'n2', 'ünd'];

function captureOf(parts: readonly Json[]): Capture {
  const left = [...parts];
  return { next: () => left.shift(), end: () => {} };
}

function piecesOf(parts: readonly Json[]): readonly string[] {
  const encoder = new SnapshotEncoder(7, 2, voters, captureOf(parts));
  const pieces: string[] = [];
  for (let piece = encoder.nextPiece(); piece !== undefined; piece = encoder.nextPiece()) pieces.push(piece);
  return pieces;
}

function describing(text: string): { lastIncludedIndex: number; lastIncludedTerm: number; totalBytes: number; checksum: string } {
  const checksum = crc32c(Buffer.from(text, 'latin1')).toString(16).padStart(8, '0');
  return { lastIncludedIndex: 7, lastIncludedTerm: 2, totalBytes: text.length, checksum };
}

/** Collects what it is given, and takes anything but `"bad"`. */
class Collected implements Restoration {
  readonly parts: Json[] = [];

  add(part: Json): string | undefined {
    this.parts.push(part);
    return part === 'bad' ? 'it is bad' : undefined;
  }

  adopt(): void {}
}

/** Reads a text in pieces of the given length. Returns what was read, or what is wrong. */
function read(text: string, description = describing(text), length = text.length): readonly Json[] | string {
  const collected = new Collected();
  const decoder = new SnapshotDecoder(description, voters, collected);
  for (let offset = 0; offset < text.length; offset += length) {
    const fault = decoder.take(text.slice(offset, offset + length));
    if (fault !== undefined) return fault;
  }
  return decoder.end() ?? collected.parts;
}

test('a snapshot is lines of ASCII that a person can read', () => {
  expect(piecesOf([['x', 1], ['ä😀', '\u2028\n"']]).join('')).toBe(
    '{"last_included_index":7,"last_included_term":2,"voters":["n1","n2","\\u00fcnd"]}\n' +
      '["x",1]\n' +
      '["\\u00e4\\ud83d\\ude00","\\u2028\\n\\""]\n',
  );
});

test('it is made a piece at a time', () => {
  const pieces = piecesOf(Array.from({ length: 10_000 }, (_, index) => [index, 'x'.repeat(20)]));
  expect(pieces.length).toBeGreaterThan(3);
  for (const piece of pieces) expect(piece.length).toBeLessThan(64 * 1024 + 100);
});

test('it reads back as it was, wherever it is cut', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = new Random(seed);
    const parts = Array.from({ length: random.integer(20) }, () => randomJson(random));
    const text = piecesOf(parts).join('');
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(JSON.stringify(read(text, describing(text), 1 + random.integer(40)))).toBe(JSON.stringify(parts));
  }
});

describe('it is refused, and why is said,', () => {
  const text = piecesOf([['x', 1]]).join('');

  test.each([
    ['it is another text', { ...describing(text), checksum: '12345678' }, /^the checksum of the snapshot is/],
    ['it is longer or shorter', { ...describing(text), totalBytes: 3 }, /^the snapshot has \d+ bytes, not 3$/],
    ['it is of another entry', { ...describing(text), lastIncludedIndex: 8 }, /^line 1 of the snapshot: it should be {"/],
    ['it is of another term', { ...describing(text), lastIncludedTerm: 3 }, /^line 1 of the snapshot: it should be {"/],
  ])('where %s', (_what, description, why) => {
    expect(read(text, description)).toMatch(why);
  });

  test.each([
    ['it is of another cluster', text.replace('n2', 'n9'), /^line 1 of the snapshot: it should be/],
    ['a line is no JSON', `${text}[\n`, /^line 3 of the snapshot: it is no JSON$/],
    ['a part is not understood', `${text}"bad"\n`, /^line 3 of the snapshot: it is bad$/],
    ['its last line does not end', `${text}[`, /^the last line of the snapshot does not end$/],
    ['it is empty', '', /^the snapshot is empty$/],
  ])('where %s', (_what, wrong, why) => {
    expect(read(wrong)).toMatch(why);
  });

  test('where a line never ends', () => {
    const decoder = new SnapshotDecoder(describing(text), voters, new Collected());
    const piece = 'x'.repeat(1024 * 1024);
    let fault: string | undefined;
    for (let count = 0; count < 100 && fault === undefined; count += 1) fault = decoder.take(piece);
    expect(fault).toBe(`a line of the snapshot is longer than ${16 * 1024 * 1024}`);
  });
});
