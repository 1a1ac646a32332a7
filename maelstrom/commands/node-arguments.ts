import { realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Where `bin/raft` may be, seen from here: this runs from the sources, or compiled below `dist/`. */
const ownNodes = ['../../bin/raft', '../../../bin/raft'].map((path) => join(import.meta.dirname, path));

/** Stands for the data directory of the run in what is given for the node. */
const placeholder = '{data}';

/**
 * The arguments that every node is started with: those given, with the data directory of the run in place of `{data}`.
 * Our own node is told to keep its data there unless it is told where.
 */
export function nodeArguments(
  { bin, nodeArguments: given }: { readonly bin: string; readonly nodeArguments: readonly string[] },
  dataDirectory: string,
): readonly string[] {
  const isTold = given.some((argument) => argument === '--data-dir' || argument.startsWith('--data-dir='));
  const isOwn = ownNodes.includes(realpathSync(bin));
  const all = isOwn && !isTold ? [...given, '--data-dir', placeholder] : given;
  return all.map((argument) => argument.replaceAll(placeholder, () => dataDirectory));
}
