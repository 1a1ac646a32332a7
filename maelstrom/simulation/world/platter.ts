import { basename, dirname } from 'node:path';
import type { Random } from '../../../src/index.ts';
import { chance } from './draw.ts';

/** What a disk writes whole or not at all. */
export const sectorBytes = 512;

/**
 * How a sector in the page cache differs from the disk. `dirty`: the next sync writes it. `lost`: a sync has failed, and
 * the next one takes it for clean, as Linux does. `cut`: it is what a shortened file had there.
 */
interface Difference {
  kind: 'dirty' | 'lost' | 'cut';
  /** What the disk has. */
  readonly onDisk: Buffer;
}

/** A file as its readers see it, in the page cache, and where the disk differs from that. */
export class PlatterFile {
  #bytes = Buffer.alloc(sectorBytes);
  #sizeBytes = 0;
  #sizeOnDisk = 0;
  readonly #differences = new Map<number, Difference>();

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** How many sectors and sizes a power cut may keep or lose. */
  get unsyncedCount(): number {
    return this.#differences.size + (this.#sizeBytes === this.#sizeOnDisk ? 0 : 1);
  }

  read(position: number = 0, length: number = this.#sizeBytes - position): Buffer {
    return Buffer.from(this.#bytes.subarray(position, Math.min(this.#sizeBytes, position + length)));
  }

  write(bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return;
    const end = position + bytes.length;
    this.#reserve(end);
    const last = Math.floor((end - 1) / sectorBytes);
    for (let sector = Math.floor(position / sectorBytes); sector <= last; sector += 1) this.#differs(sector, 'dirty');
    this.#bytes.set(bytes, position);
    this.#sizeBytes = Math.max(this.#sizeBytes, end);
  }

  truncate(sizeBytes: number): void {
    const last = Math.floor((this.#sizeBytes - 1) / sectorBytes);
    for (let sector = Math.floor(sizeBytes / sectorBytes); sector <= last; sector += 1) {
      if (!this.#differences.has(sector)) this.#differs(sector, 'cut');
      const known = this.#differences.get(sector);
      if (known?.kind === 'dirty' && sector * sectorBytes >= sizeBytes) known.kind = 'cut';
    }
    if (sizeBytes < this.#sizeBytes) this.#bytes.fill(0, sizeBytes, this.#sizeBytes);
    this.#reserve(sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  /** What was written is on the disk now. */
  sync(): void {
    this.#sizeOnDisk = this.#sizeBytes;
    for (const [sector, { kind }] of this.#differences) if (kind !== 'lost') this.#differences.delete(sector);
  }

  /** A sync has failed: what it should have written is not on the disk, and no later sync will write it. */
  failSync(): void {
    for (const difference of this.#differences.values()) if (difference.kind === 'dirty') difference.kind = 'lost';
  }

  /** The power fails: of what was not synced each sector, and the size, is on the disk or not. */
  cutPower(random: Random): void {
    let end = chance(random, 1 / 2) ? this.#sizeBytes : this.#sizeOnDisk;
    for (const [sector, { kind, onDisk }] of this.#differences) {
      if (kind === 'dirty' && chance(random, 1 / 2)) {
        end = Math.max(end, Math.min((sector + 1) * sectorBytes, this.#sizeBytes));
      } else {
        this.#reserve((sector + 1) * sectorBytes);
        onDisk.copy(this.#bytes, sector * sectorBytes);
      }
    }
    this.#reserve(end);
    this.#bytes.fill(0, end);
    this.#differences.clear();
    this.#sizeBytes = end;
    this.#sizeOnDisk = end;
  }

  #differs(sector: number, kind: Difference['kind']): void {
    const known = this.#differences.get(sector);
    if (known !== undefined) {
      known.kind = kind;
      return;
    }
    const start = sector * sectorBytes;
    this.#differences.set(sector, { kind, onDisk: Buffer.from(this.#bytes.subarray(start, start + sectorBytes)) });
  }

  #reserve(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.length) return;
    const grown = Buffer.alloc(Math.ceil(Math.max(sizeBytes, 2 * this.#bytes.length) / sectorBytes) * sectorBytes);
    this.#bytes.copy(grown);
    this.#bytes = grown;
  }
}

/** The files of one machine, which outlive its processes. All that changes a file goes through here or the file. */
export class Platter {
  #names = new Map<string, PlatterFile>();
  #namesOnDisk = new Map<string, PlatterFile>();

  list(directory: string): readonly string[] {
    return [...this.#names.keys()].filter((path) => dirname(path) === directory).map((path) => basename(path)).sort();
  }

  has(path: string): boolean {
    return this.#names.has(path);
  }

  file(path: string): PlatterFile {
    const file = this.#names.get(path);
    if (file === undefined) throw new Error(`ENOENT: there is no ${path}`);
    return file;
  }

  create(path: string): PlatterFile {
    if (this.#names.has(path)) throw new Error(`EEXIST: there is already a ${path}`);
    const file = new PlatterFile();
    this.#names.set(path, file);
    return file;
  }

  remove(path: string): void {
    this.file(path);
    this.#names.delete(path);
  }

  rename(from: string, to: string): void {
    this.#names.set(to, this.file(from));
    this.#names.delete(from);
  }

  syncNames(directory: string): void {
    for (const path of [...this.#namesOnDisk.keys()]) {
      if (dirname(path) === directory && !this.#names.has(path)) this.#namesOnDisk.delete(path);
    }
    for (const [path, file] of this.#names) if (dirname(path) === directory) this.#namesOnDisk.set(path, file);
  }

  get sizeBytes(): number {
    return [...this.#names.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  get unsyncedCount(): number {
    return [...this.#names.values()].reduce((sum, { unsyncedCount }) => sum + unsyncedCount, 0);
  }

  /** What was not synced is on the disk or not, each name, sector and size on its own. */
  cutPower(random: Random): void {
    const found = new Map<string, PlatterFile>();
    for (const path of new Set([...this.#names.keys(), ...this.#namesOnDisk.keys()])) {
      const [now, onDisk] = [this.#names.get(path), this.#namesOnDisk.get(path)];
      const kept = now === onDisk || chance(random, 1 / 2) ? now : onDisk;
      if (kept !== undefined) found.set(path, kept);
    }
    for (const file of new Set(found.values())) file.cutPower(random);
    this.#names = found;
    this.#namesOnDisk = new Map(found);
  }
}
