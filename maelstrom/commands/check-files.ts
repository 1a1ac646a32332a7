import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the directory of a run holds: the same history twice, beside other files. */
const ofRun: readonly string[] = ['history.jsonl', 'history.edn'];

/**
 * The histories at a path: the file itself, or of a directory what is in it and below. Where a directory holds a history
 * as a run leaves it, the other files there are none. What cannot be looked at is taken for a file, for who reads it can
 * say why not. Links to directories are not followed.
 */
export function historiesIn(path: string): readonly string[] {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isDirectory ? inDirectory(path) : [path];
}

function inDirectory(directory: string): readonly string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const run = ofRun.find((name) => names.includes(name));
  const here = run === undefined ? names.filter((name) => /\.(?:jsonl|edn)$/.test(name)) : [run];
  const below = entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => inDirectory(join(directory, name)));
  return [...here.map((name) => join(directory, name)), ...below];
}
