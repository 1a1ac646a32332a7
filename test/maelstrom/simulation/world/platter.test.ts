import { describe, expect, it } from 'vitest';
import { Platter, sectorBytes } from '../../../../maelstrom/simulation/world/platter.ts';
import type { PlatterFile } from '../../../../maelstrom/simulation/world/platter.ts';
import { Random } from '../../../../src/index.ts';

/** A file of so many sectors, all of one character, on the disk with its name. */
function syncedFile(platter: Platter, sectors: number, character: string): PlatterFile {
  const file = platter.create('/data/log');
  file.write(Buffer.alloc(sectors * sectorBytes, character), 0);
  file.sync();
  platter.syncNames('/data');
  return file;
}

/** What is found after each of many power cuts; every time the same is done to a fresh disk. */
function afterPowerCuts(act: (platter: Platter) => void, path: string = '/data/log'): ReadonlySet<string> {
  return new Set(Array.from({ length: 200 }, (_, seed) => {
    const platter = new Platter();
    act(platter);
    platter.cutPower(new Random(seed));
    return platter.has(path) ? platter.file(path).read().toString('latin1').replace(/(.)\1+/gs, '$1') : 'no file';
  }));
}

describe('after a power cut', () => {
  it('what was synced is there', () => {
    expect(afterPowerCuts((platter) => syncedFile(platter, 3, 'a'))).toEqual(new Set(['a']));
  });

  it('of what was not synced each sector is there or not', () => {
    const found = afterPowerCuts((platter) => syncedFile(platter, 3, 'a').write(Buffer.alloc(2 * sectorBytes, 'b'), 0));
    expect(found).toEqual(new Set(['a', 'ba', 'aba']));
  });

  it('what was appended is there, in part, as zeros, or not', () => {
    const found = afterPowerCuts((platter) => {
      syncedFile(platter, 1, 'a').write(Buffer.alloc(2 * sectorBytes, 'b'), sectorBytes);
    });
    expect(found).toEqual(new Set(['a', 'ab', 'a\0', 'a\0b', 'ab\0']));
  });

  it('a file that was shortened may have its old end', () => {
    const found = afterPowerCuts((platter) => syncedFile(platter, 2, 'a').truncate(0));
    expect(found).toEqual(new Set(['', 'a']));
  });

  it('a file whose name was not synced is there or not', () => {
    const found = afterPowerCuts((platter) => {
      const file = platter.create('/data/log');
      file.write(Buffer.from('x'), 0);
      file.sync();
    });
    expect(found).toEqual(new Set(['x', 'no file']));
  });

  it('a file that was renamed has one name or the other, or both', () => {
    const rename = (platter: Platter): void => {
      syncedFile(platter, 1, 'a');
      platter.rename('/data/log', '/data/new');
    };
    expect(afterPowerCuts(rename)).toEqual(new Set(['a', 'no file']));
    expect(afterPowerCuts(rename, '/data/new')).toEqual(new Set(['a', 'no file']));
  });

  it('what a sync has failed to write stays lost, whatever a later sync says, until it is written again', () => {
    const failSync = (platter: Platter): PlatterFile => {
      const file = syncedFile(platter, 1, 'a');
      file.write(Buffer.alloc(sectorBytes, 'b'), 0);
      file.failSync();
      file.sync();
      return file;
    };
    expect(afterPowerCuts(failSync)).toEqual(new Set(['a']));
    const written = afterPowerCuts((platter) => {
      const file = failSync(platter);
      expect(file.read().toString('latin1', 0, 1)).toBe('b');
      file.write(file.read(), 0);
      file.sync();
    });
    expect(written).toEqual(new Set(['b']));
  });
});
