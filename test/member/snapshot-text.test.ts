import { describe, expect, test } from 'vitest';
import type { Members } from '../../src/raft/messages.ts';
import type { Json } from '../../src/services/json.ts';
import { KeyValueStore } from '../../src/services/kv/store.ts';
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

function piecesOf(parts: readonly Json[], members: Members = { voters, learners: [] }): readonly string[] {
  const encoder = new SnapshotEncoder(7, 2, voters, members, captureOf(parts));
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

describe('who takes part', () => {
  function membersIn(text: string): Members | undefined {
    const decoder = new SnapshotDecoder(describing(text), voters, new Collected());
    expect(decoder.members).toBeUndefined();
    expect(decoder.take(text) ?? decoder.end()).toBeUndefined();
    return decoder.members;
  }

  test('is not said again where it has never changed', () => {
    expect(membersIn(piecesOf([['x', 1]]).join(''))).toEqual({ voters, learners: [] });
  });

  test('stands beside the names of the founders where it has', () => {
    const members = { voters: ['n1', 'n4'], learners: ['n5'] };
    const text = piecesOf([['x', 1]], members).join('');
    expect(text.split('\n')[0]).toBe(
      '{"last_included_index":7,"last_included_term":2,"voters":["n1","n2","\\u00fcnd"],' +
        '"members":{"voters":["n1","n4"],"learners":["n5"]}}',
    );
    expect(membersIn(text)).toEqual(members);
  });

  test.each([
    '{"voters":[],"learners":[]}',
    '{"voters":["n1"],"learners":["n1"]}',
    '{"voters":["n1"]}',
    '{"voters":[7],"learners":[]}',
    '["n1"]',
    'null',
  ])('is refused where it cannot be: %s', (members) => {
    const text = `{"last_included_index":7,"last_included_term":2,"voters":${JSON.stringify(voters)},"members":${members}}\n`;
    expect(read(text.replace('ü', '\\u00fc'))).toBe('line 1 of the snapshot: its members are no configuration');
  });
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

  const open = `{"last_included_index":7,"last_included_term":2,"voters":["n1","n2","\\u00fcnd"]}\n`;

  test.each([
    ['nests deeper than a command', `[${'['.repeat(64)}${']'.repeat(64)},1]`, /^line 2 of the snapshot: .*nested too deeply$/],
    ['would exhaust the stack', `[${'['.repeat(20_000)}${']'.repeat(20_000)},1]`, /^line 2 of the snapshot: .*nested too deeply$/],
    ['holds an integer that a double cannot', '["x",9007199254740993]', /^line 2 of the snapshot: \[1\]: an integer beyond/],
    ['holds a number that is none', '["x",1e400]', /^line 2 of the snapshot: \[1\]: not a finite number$/],
  ])('where a part %s', (_what, part, why) => {
    expect(read(`${open}${part}\n`)).toMatch(why);
  });

  test('where its first line would exhaust the stack', () => {
    expect(read(`${'['.repeat(20_000)}${']'.repeat(20_000)}\n`)).toMatch(/^line 1 of the snapshot: it should be/);
  });

  test('where another node has made it, and a part is longer than a command may be', () => {
    const lengthOf = (part: Json): number => Buffer.byteLength(JSON.stringify(part));
    const fits: Json = ['ä'.repeat(50), 'x'.repeat(100)];
    const tooLong: Json = ['ä'.repeat(50), 'x'.repeat(101)];
    const readAt = (part: Json): string | undefined => {
      const text = piecesOf([part]).join('');
      const decoder = new SnapshotDecoder(describing(text), voters, new Collected(), lengthOf(fits));
      return decoder.take(text) ?? decoder.end();
    };
    expect(readAt(fits)).toBeUndefined();
    expect(readAt(tooLong)).toBe(`line 2 of the snapshot: its JSON is longer than ${lengthOf(fits)} bytes`);
  });

  test('where a line never ends', () => {
    const decoder = new SnapshotDecoder(describing(text), voters, new Collected());
    const piece = 'x'.repeat(1024 * 1024);
    let fault: string | undefined;
    for (let count = 0; count < 100 && fault === undefined; count += 1) fault = decoder.take(piece);
    expect(fault).toBe(`a line of the snapshot is longer than ${16 * 1024 * 1024}`);
  });
});

describe('whatever the text', () => {
  /** A text that was right, with something changed, doubled, cut out or put in. */
  function spoilt(text: string, random: Random): string {
    let wrong = text;
    for (let changes = 1 + random.integer(3); changes > 0; changes -= 1) {
      const [at, length] = [random.integer(wrong.length + 1), random.integer(12)];
      const inserts = ['', '[', ']'.repeat(30), '['.repeat(5000), '{"a":', '\n', '1e999', '\u0000', 'é', '\ud800', wrong.slice(at, at + length)];
      wrong = `${wrong.slice(0, at)}${inserts[random.integer(inserts.length)]}${wrong.slice(at + random.integer(2) * length)}`;
    }
    return wrong;
  }

  test('a store takes all of it, or none and there is a reason; it never throws, and shows nothing of it before', () => {
    const outcomes = { taken: 0, refused: 0 };
    for (let seed = 1; seed <= 3000; seed += 1) {
      const random = new Random(seed);
      const parts = Array.from({ length: 1 + random.integer(6) }, () => [randomJson(random), randomJson(random)]);
      const text = spoilt(piecesOf(parts).join(''), random);
      const store = new KeyValueStore();
      store.apply({ op: 'put', key: 'before', value: 1 });
      const decoder = new SnapshotDecoder(describing(text), voters, store.restore(), 1000);
      let fault: string | undefined;
      const length = 1 + random.integer(60);
      for (let offset = 0; offset < text.length && fault === undefined; offset += length) {
        fault = decoder.take(text.slice(offset, offset + length));
      }
      fault ??= decoder.end();
      expect(store.read('before')).toEqual({ kind: 'value', value: 1 });
      outcomes[fault === undefined ? 'taken' : 'refused'] += 1;
    }
    expect(outcomes.taken).toBeGreaterThan(30);
    expect(outcomes.refused).toBeGreaterThan(1000);
  });
});
