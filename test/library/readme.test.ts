import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The code blocks of a section of the README: language and text, as they stand there. */
function blocksUnder(heading: string, readme: string): readonly (readonly [language: string, text: string])[] {
  const [section = ''] = readme.slice(readme.indexOf(`\n${heading}\n`) + 1).split(/\n(?=## )/);
  return [...section.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => [language, text]);
}

test("the README's example of the library runs as it stands there, and prints what the README says", async () => {
  const [example, output] = blocksUnder('## The library', await readFile(join(root, 'README.md'), 'utf8'));
  expect(example?.[0]).toBe('ts');
  // Inside the package its own name leads to its build, as it would for somebody who has installed it.
  const directory = await mkdtemp(join(import.meta.dirname, 'example-'));
  try {
    const file = join(directory, 'example.mjs');
    await writeFile(file, example?.[1] ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toBe(output?.[1]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
