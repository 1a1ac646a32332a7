import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Node } from '../../src/stdio/node.ts';
import { parseOptions } from '../../src/stdio/options.ts';
import { MemoryStorage } from '../../src/storage/memory-storage.ts';
import { RaftProcess, withoutTicks } from '../process/raft-process.ts';

// A transcript is a pair of files: NAME.in is piped to a node, NAME.out is all that it writes, byte for byte. The node
// runs with flags that let no tick fall between the lines, or with those in NAME.args. UPDATE_GOLDEN=1 writes outputs.
const directory = fileURLToPath(new URL('.', import.meta.url));
const isUpdate = process.env['UPDATE_GOLDEN'] !== undefined;

const names = readdirSync(directory)
  .filter((file) => file.endsWith('.in'))
  .map((file) => file.slice(0, -'.in'.length));

function read(file: string): string {
  return readFileSync(`${directory}${file}`, 'utf8');
}

function flagsOf(name: string): readonly string[] {
  return existsSync(`${directory}${name}.args`) ? read(`${name}.args`).split(/\s+/).filter(Boolean) : withoutTicks;
}

/** What a node in this process writes where each line of the input arrives alone. */
function outputLineByLine(input: string, flags: readonly string[]): string {
  const parsed = parseOptions(flags);
  if (parsed.kind !== 'run') throw new Error(`wrong flags: ${flags.join(' ')}`);
  const seed = parsed.options.seed ?? 0;
  const node = new Node({ ...parsed.options, seed, openStorage: () => new MemoryStorage() });
  const linesOut = input.split(/(?<=\n)/).flatMap((line) => {
    node.receive(Buffer.from(line), 0);
    return node.turn(0).lines;
  });
  node.endInput(0);
  return [...linesOut, ...node.turn(0).lines].map((line) => `${line}\n`).join('');
}

describe('what a node answers to', () => {
  test.each(names)('%s', async (name) => {
    const { exitCode, stdout, stderr } = await new RaftProcess({ flags: flagsOf(name) }).end(read(`${name}.in`));
    if (isUpdate) writeFileSync(`${directory}${name}.out`, stdout);
    expect({ stdout, exitCode }, stderr).toEqual({ stdout: read(`${name}.out`), exitCode: 0 });
  });

  test.each(names)('%s, the lines arriving one by one', (name) => {
    expect(outputLineByLine(read(`${name}.in`), flagsOf(name))).toBe(read(`${name}.out`));
  });
});

test('every transcript is compared: no output lies there without its input', () => {
  const outputs = readdirSync(directory).filter((file) => file.endsWith('.out'));
  expect(outputs.map((file) => file.slice(0, -'.out'.length))).toEqual(names);
});

describe('the sample, however it arrives', () => {
  const input = read('sample.in');
  const output = read('sample.out');
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  /** Pauses between the pieces, so that each arrives alone: without pauses the test would still hold, but show less. */
  async function outputOf(pieces: readonly string[]): Promise<string> {
    const node = new RaftProcess();
    for (const piece of pieces) {
      await node.write(piece);
      await pause();
    }
    return (await node.end()).stdout;
  }

  test('line by line', async () => {
    expect(await outputOf(input.split(/(?<=\n)/))).toBe(output);
  });

  test('in pieces of a few bytes', async () => {
    expect(await outputOf(input.match(/[^]{1,9}/g) ?? [])).toBe(output);
  });

  test('with CRLF', async () => {
    expect(await outputOf([input.replaceAll('\n', '\r\n')])).toBe(output);
  });

  test('with CRLF, the carriage return and the line feed apart', async () => {
    expect(await outputOf(input.replaceAll('\n', '\r\n').split(/(?<=\r)/))).toBe(output);
  });

  test('without a line break at the end', async () => {
    expect(await outputOf([input.trimEnd()])).toBe(output);
  });
});
