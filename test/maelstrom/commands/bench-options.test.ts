import { describe, expect, it } from 'vitest';
import { benchHelp } from '../../../maelstrom/commands/bench-help.ts';
import { benchFlags, parseBenchOptions } from '../../../maelstrom/commands/bench-options.ts';
import { UsageError } from '../../../maelstrom/commands/flags.ts';

function parse(text: string) {
  return parseBenchOptions(text.split(' ').filter((word) => word !== ''), () => 42);
}

function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('the flags of eddy bench', () => {
  it('have defaults, all but --bin', () => {
    expect(parse('--bin ./node')).toEqual({
      bin: { bin: './node', nodeArguments: [] },
      versus: undefined,
      nodeCounts: [3],
      clientCounts: [1, 8, 64, 512],
      rounds: 5,
      warmUpMs: 3000,
      measureMs: 2000,
      readShare: 0.5,
      keyCount: 100,
      valueBytes: 8,
      latencyMs: 0,
      measuresCeiling: true,
      jsonFile: undefined,
      seed: 42,
    });
  });

  it('can all be given', () => {
    const options = parse(
      '--bin ./a --vs ./b --clients 1,2 --node-count 3,5 --rounds 7 --time-limit 0.5 --warm-up 0 --read-share 1 ' +
        '--keys 9 --value-bytes 0 --latency 10 --no-ceiling --json out.json --seed 3',
    );
    expect(options).toMatchObject({
      versus: { bin: './b' },
      nodeCounts: [3, 5],
      clientCounts: [1, 2],
      rounds: 7,
      warmUpMs: 0,
      measureMs: 500,
      readShare: 1,
      keyCount: 9,
      valueBytes: 0,
      latencyMs: 10,
      measuresCeiling: false,
      jsonFile: 'out.json',
      seed: 3,
    });
  });

  it('end at --: what follows is for the first node, and for the other after another --', () => {
    const options = parse('--bin ./a --vs ./b -- --x 1 -- --y -- 2');
    expect(options.bin.nodeArguments).toEqual(['--x', '1']);
    expect(options.versus?.nodeArguments).toEqual(['--y', '--', '2']);
    expect(parse('--bin ./a --vs ./b -- -- --y').bin.nodeArguments).toEqual([]);
  });

  it('are all in the help', () => {
    for (const { name } of benchFlags) expect(benchHelp).toContain(`--${name}`);
  });

  it.each([
    ['', '--bin is missing'],
    ['--bin ./node --nemesis kill', 'there is no flag --nemesis; eddy bench --help lists them'],
    ['--bin ./node --clients 1,,2', '--clients is a whole number from 1 to 10000, not ""'],
    ['--bin ./node --clients 0', '--clients is a whole number from 1'],
    ['--bin ./node --node-count 3,101', '--node-count is a whole number from 1 to 100, not "101"'],
    ['--bin ./node --read-share 1.1', '--read-share is a number from 0 to 1, not 1.1'],
    ['--bin ./node --rounds 0', '--rounds is a whole number from 1'],
    ['--bin ./node --time-limit 0', '--time-limit must be more than 0'],
    ['--bin ./node --value-bytes 1000001', '--value-bytes is a whole number from 0 to 1000000'],
    ['--bin ./node --clients 512 --value-bytes 1000000', 'times --value-bytes is 512000000; 67108864 is the most'],
    ['--bin ./node -- --x -- --y', 'arguments after a second -- are for the node of --vs, which is missing'],
  ])('%s: says %s', (text, said) => {
    expect(complaint(text)).toContain(said);
  });
});
