import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.ts';
import { LinKv } from '../../../maelstrom/services/lin-kv.ts';
import { LwwKv } from '../../../maelstrom/services/lww-kv.ts';
import { SeqKv } from '../../../maelstrom/services/seq-kv.ts';
import type { Service } from '../../../maelstrom/services/service.ts';

const stores: readonly (readonly [string, (maxBytes?: number) => Service])[] = [
  ['lin-kv', (maxBytes) => new LinKv(maxBytes)],
  ['seq-kv', (maxBytes) => new SeqKv(new Random(1), maxBytes)],
  ['lww-kv', (maxBytes) => new LwwKv(new Random(1), maxBytes)],
];

describe.each(stores)('%s', (_name, open) => {
  it('refuses what it does not know with error 10, and what lacks a field with error 12 and its name', () => {
    const store = open();
    const asked = (body: Readonly<Record<string, unknown>>) => store.handle('n1', body);
    expect(asked({ type: 'delete', key: 1 })).toMatchObject({ type: 'error', code: 10 });
    expect(asked({ type: 'constructor', key: 1 })).toMatchObject({ type: 'error', code: 10 });
    expect(asked({ key: 1 })).toMatchObject({ type: 'error', code: 10 });
    expect(asked({ type: 'read' })).toEqual({ type: 'error', code: 12, text: 'key: missing' });
    expect(asked({ type: 'write', key: 1 })).toEqual({ type: 'error', code: 12, text: 'value: missing' });
    expect(asked({ type: 'cas', key: 1, from: 1 })).toEqual({ type: 'error', code: 12, text: 'to: missing' });
    expect(asked({ type: 'write', key: 1, value: 2 ** 60 })).toMatchObject({ code: 12, text: /^value: / });
  });

  it('tells a key that is not there from one that holds null', () => {
    const store = open();
    expect(store.handle('n1', { type: 'read', key: 'x' })).toMatchObject({ type: 'error', code: 20 });
    expect(store.handle('n1', { type: 'cas', key: 'x', from: 1, to: 2 })).toMatchObject({ type: 'error', code: 20 });
    const created = store.handle('n1', { type: 'cas', key: 'x', from: 1, to: null, create_if_not_exists: true });
    expect(created).toEqual({ type: 'cas_ok' });
    expect(eventually(store, { type: 'read', key: 'x' })).toEqual({ type: 'read_ok', value: null });
  });

  it('compares keys and values as JSON', () => {
    const store = open();
    store.handle('n1', { type: 'write', key: { a: 1, b: 2 }, value: [1] });
    const cas = { type: 'cas', key: { b: 2, a: 1 }, from: [1], to: 'new' };
    expect(eventually(store, { ...cas, from: ['1'] })).toMatchObject({ type: 'error', code: 22 });
    expect(eventually(store, cas)).toEqual({ type: 'cas_ok' });
  });

  it('holds a bounded number of bytes, and refuses what would be more with error 11', () => {
    const store = open(20_000);
    const write = (key: number, length: number) => store.handle('n1', { type: 'write', key, value: 'x'.repeat(length) });
    const written = Array.from({ length: 100 }, (_, key) => write(key, 1000).type);
    expect(written.filter((type) => type === 'write_ok').length).toBeGreaterThan(5);
    expect(written.filter((type) => type === 'write_ok').length).toBeLessThan(20);
    expect(write(1000, 1000)).toMatchObject({ type: 'error', code: 11 });
    // A key that is written again and again takes no more room than once.
    const fresh = open(20_000);
    const rewritten = Array.from({ length: 1000 }, (_, time) => {
      return fresh.handle('n1', { type: 'write', key: 1, value: `${time}`.padEnd(1000) }).type;
    });
    expect(new Set(rewritten)).toEqual(new Set(['write_ok']));
  });
});

/** Once all replicas and clients have come to see what there is. */
function eventually(store: Service, body: Readonly<Record<string, unknown>>) {
  for (let time = 0; time < 200; time += 1) store.handle('n1', { type: 'read', key: 'anything else' });
  return store.handle('n1', body);
}
