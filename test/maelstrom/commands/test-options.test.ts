import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../maelstrom/commands/flags.ts';
import { testHelp } from '../../../maelstrom/commands/test-help.ts';
import { parseTestOptions, testFlags } from '../../../maelstrom/commands/test-options.ts';

function parse(text: string) {
  return parseTestOptions(text.split(' ').filter((word) => word !== ''), () => 42);
}

/** What is said about a wrong command line. */
function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('the flags of eddy test', () => {
  it('have defaults, all but --bin', () => {
    expect(parse('--bin ./node')).toMatchObject({
      workload: { name: 'lin-kv' },
      bin: './node',
      nodeArguments: [],
      nodeIds: ['n1', 'n2', 'n3', 'n4', 'n5'],
      concurrency: 10,
      ratePerSecond: 100,
      timeLimitMs: 10_000,
      latency: { meanMs: 0, distribution: 'constant' },
      faults: [],
      nemesisIntervalMs: 2000,
      logStderr: false,
      logNetSend: false,
      logNetRecv: false,
      availability: undefined,
      recoveryMs: 10_000,
      seed: 42,
      testCount: 1,
      topology: 'grid',
    });
  });

  it('are those of Maelstrom', () => {
    const options = parse(
      '-w lin-kv --bin ./node --node-count 3 --concurrency 4n --rate 12.5 --time-limit 60 --latency 20 ' +
        '--latency-dist exponential --nemesis partition --nemesis-interval 5 --log-stderr --seed 7 ' +
        '--test-count 3 --topology line --availability 0.95 --log-net-send --log-net-recv --recovery-time 2',
    );
    expect(options).toMatchObject({
      nodeIds: ['n0', 'n1', 'n2'],
      concurrency: 12,
      ratePerSecond: 12.5,
      timeLimitMs: 60_000,
      latency: { meanMs: 20, distribution: 'exponential' },
      faults: ['partition'],
      nemesisIntervalMs: 5000,
      logStderr: true,
      logNetSend: true,
      logNetRecv: true,
      availability: 0.95,
      recoveryMs: 2000,
      seed: 7,
      testCount: 3,
      topology: 'line',
    });
  });

  it('name the nodes, where no number of them is given', () => {
    expect(parse('--bin ./node --nodes a,b,n-3').nodeIds).toEqual(['a', 'b', 'n-3']);
    expect(parse('--bin ./node --nodes a,b --node-count 1').nodeIds).toEqual(['n0']);
  });

  it('choose the workload; only lin-kv wants groups of threads', () => {
    for (const name of ['lin-kv', 'echo', 'unique-ids', 'broadcast']) {
      expect(parse(`--bin ./node -w ${name}`).workload.name).toBe(name);
    }
    expect(parse('--bin ./node -w echo --concurrency 7').concurrency).toBe(7);
  });

  it('ask for everything, or a share of it, to succeed', () => {
    expect(parse('--bin ./node --availability total').availability).toBe('total');
    expect(parse('--bin ./node --availability 1').availability).toBe(1);
    for (const share of ['1.01', 'most', '-1', '95%']) {
      expect(complaint(`--bin ./node --availability=${share}`)).toMatch(/--availability is total or a number from 0 to 1/);
    }
  });

  it('take several faults, each once', () => {
    expect(parse('--bin ./node --nemesis kill,partition,pause,kill').faults).toEqual(['kill', 'partition', 'pause']);
    expect(parse('--bin ./node --nemesis kill --nemesis-interval 6.6').faults).toEqual(['kill']);
  });

  it('may be written with an equals sign', () => {
    expect(parse('--bin=./node --node-count=1 --workload=lin-kv')).toMatchObject({ bin: './node', nodeIds: ['n0'] });
  });

  it('may be repeated: the last one counts', () => {
    expect(parse('--bin ./a --bin ./b --rate 1 --rate 2')).toMatchObject({ bin: './b', ratePerSecond: 2 });
  });

  it('end at --: what follows is for the node', () => {
    expect(parse('--bin ./node -- --rate x -- y').nodeArguments).toEqual(['--rate', 'x', '--', 'y']);
  });

  it('are all in the help', () => {
    for (const { name } of testFlags) expect(testHelp).toContain(`--${name}`);
  });

  it.each([
    ['', '--bin is missing'],
    ['--bin', '--bin needs a value: --bin FILE'],
    ['--bin --rate 5', '--bin needs a value'],
    ['--bin=', '--bin needs a value'],
    ['--bin ./node --frobnicate 3', 'there is no flag --frobnicate'],
    ['--bin ./node -x', 'there is no flag -x'],
    ['--bin ./node stray', '"stray" belongs to no flag; arguments for the node itself come last, after --'],
    ['node.py', '"node.py" belongs to no flag; is that your node? --bin node.py'],
    ['--bin ./node --nodes a,,b', '--nodes takes names of letters, digits, ., - and _, as in a,b,c, not ""'],
    ['--bin ./node --nodes ../a', '--nodes takes names of letters'],
    ['--bin ./node --nodes a,c1', '--nodes: c1 is the name of a client'],
    ['--bin ./node --nodes a,a', '--nodes names a node twice'],
    [`--bin ./node --nodes ${Array.from({ length: 101 }, (_, place) => `x${place}`).join(',')}`, '100 is the most'],
    ['--bin ./node --test-count 0', '--test-count is a whole number from 1 to 1000000'],
    ['--bin ./node --topology star', '--topology is one of grid, line, total, tree, tree2, tree3, tree4, not "star"'],
    ['--bin ./node -w txn-list', 'there is no workload "txn-list"; there is lin-kv'],
    ['--bin ./node --node-count 0', '--node-count is a whole number from 1 to 100, not "0"'],
    ['--bin ./node --node-count 101', '--node-count is a whole number from 1 to 100'],
    ['--bin ./node --node-count three', '--node-count is a whole number'],
    ['--bin ./node --rate 0', '--rate must be more than 0'],
    ['--bin ./node --rate fast', '--rate is a number of 0 or more, not "fast"'],
    ['--bin ./node --time-limit 0', '--time-limit must be more than 0'],
    ['--bin ./node --latency -3', '--latency is a number of 0 or more, not "-3"'],
    ['--bin ./node --latency-dist normal', '--latency-dist is one of constant, uniform, exponential, not "normal"'],
    ['--bin ./node --nemesis clock', '--nemesis cannot do "clock"; it can do partition, kill, pause'],
    ['--bin ./node --nemesis partition,sleep', '--nemesis cannot do "sleep"'],
    ['--bin ./node --nemesis partition --nemesis-interval 7', 'a fault may come after 1.5 intervals only'],
    ['--bin ./node --log-stderr=yes', '--log-stderr is a switch'],
    ['--bin ./node --seed 1.5', '--seed is a whole number'],
    ['--bin ./node --concurrency many', '--concurrency is a whole number, or one followed by n'],
    ['--bin ./node --concurrency 20000n', '10000 is the most'],
  ])('%s: says %s', (text, said) => {
    expect(complaint(text)).toContain(said);
  });

  it('want a concurrency that fills groups of 2n threads, and name the nearest that do', () => {
    expect(complaint('--bin ./node --node-count 3 --concurrency 8')).toMatch(/needs a multiple of 6.*: 6 or 12$/);
    expect(complaint('--bin ./node --node-count 3 --concurrency 1n')).toMatch(/: 6$/);
    expect(complaint('--bin ./node --node-count 3 --concurrency 0')).toMatch(/: 6$/);
    expect(parse('--bin ./node --node-count 3 --concurrency 12').concurrency).toBe(12);
  });
});
