import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutate } from './mutant.ts';
import type { Mutant } from './mutant.ts';

const root = join(import.meta.dirname, '..', '..');

/** What a hunt needs of the project. */
const copied = ['package.json', 'tsconfig.json', 'src', 'maelstrom', 'test/scenarios', 'test/mutants'];

/** Types are checked elsewhere; a mutant may well break them. */
const compilerFlags = ['--noCheck', '--target', 'es2023', '--module', 'nodenext', '--rewriteRelativeImportExtensions'];

/**
 * A copy of the project in a directory of its own, with at most one mutant in it, each file compiled beside its source:
 * a loader that translates takes longer to start than most mutants take to be caught.
 */
export class Copy {
  readonly directory = mkdtempSync(join(tmpdir(), 'mutants-'));

  constructor() {
    for (const path of copied) cpSync(join(root, path), join(this.directory, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'node_modules'));
    const configuration = {
      extends: './tsconfig.json',
      compilerOptions: { noCheck: true, declaration: false, outDir: '.' },
      include: ['src', 'maelstrom', 'test'],
      exclude: ['node_modules'],
    };
    writeFileSync(join(this.directory, 'tsconfig.copy.json'), JSON.stringify(configuration));
    this.#compile('-p', 'tsconfig.copy.json');
  }

  /** Puts the mutant in, and takes out the one before. Throws where its text does not stand once in its file. */
  put(mutant: Mutant): void {
    this.#write(mutant, mutate(sourceOf(mutant), mutant));
  }

  takeOut(mutant: Mutant): void {
    this.#write(mutant, sourceOf(mutant));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }

  #write({ file }: Mutant, source: string): void {
    writeFileSync(join(this.directory, file), source);
    this.#compile(...compilerFlags, '--ignoreConfig', '--noResolve', '--lib', 'es5', '--types', '', file);
  }

  #compile(...flags: readonly string[]): void {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...flags], { cwd: this.directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the copy in ${this.directory} does not compile:\n${stdout}`);
  }
}

/** The file that the mutant changes, as it is. */
export function sourceOf({ file }: Mutant): string {
  return readFileSync(join(root, file), 'utf8');
}
