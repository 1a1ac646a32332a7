import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutate } from './mutant.ts';
import type { Mutant } from './mutant.ts';

const root = join(import.meta.dirname, '..', '..');

/** What a hunt needs of the project. */
const copied = ['package.json', 'tsconfig.json', 'src', 'maelstrom', 'test/scenarios', 'test/mutants'];

/** A copy of the project in a directory of its own, with at most one mutant in it. */
export class Copy {
  readonly directory = mkdtempSync(join(tmpdir(), 'mutants-'));

  constructor() {
    for (const path of copied) cpSync(join(root, path), join(this.directory, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** Puts the mutant in, and takes out the one before. Throws where its text does not stand once in its file. */
  put(mutant: Mutant): void {
    writeFileSync(join(this.directory, mutant.file), mutate(sourceOf(mutant), mutant));
  }

  takeOut(mutant: Mutant): void {
    writeFileSync(join(this.directory, mutant.file), sourceOf(mutant));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** The file that the mutant changes, as it is. */
export function sourceOf({ file }: Mutant): string {
  return readFileSync(join(root, file), 'utf8');
}
