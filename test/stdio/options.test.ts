import { expect, test } from 'vitest';
import { counter } from '../../src/services/counter/service.ts';
import { kv } from '../../src/services/kv/service.ts';
import { parseOptions } from '../../src/stdio/options.ts';
import type { Options } from '../../src/stdio/options.ts';

function optionsOf(...argv: readonly string[]): Options | undefined {
  const parsed = parseOptions(argv);
  return parsed.kind === 'run' ? parsed.options : undefined;
}

test('without flags: P 500 ms, heartbeats every 150 ms', () => {
  const timesAndBounds = { electionTimeoutMs: 500, heartbeatMs: 150, maxPending: 16_384, seed: undefined };
  const snapshots = {
    snapshotEntries: 100_000,
    snapshotBytes: 32 * 1024 * 1024,
    keepEntries: 10_000,
    keepBytes: 16 * 1024 * 1024,
  };
  const disk = { dataDirectory: undefined, diskReserveBytes: 64 * 1024 * 1024 };
  expect(optionsOf()).toEqual({ service: kv, joins: false, ...timesAndBounds, ...disk, snapshots, readMode: 'read-index' });
});

test('every flag sets its option, in either form', () => {
  const argv = ['--election-timeout-ms', '2000', '--heartbeat-ms=300', '--max-pending', '7', '--seed=0'];
  expect(optionsOf(...argv)).toMatchObject({ electionTimeoutMs: 2000, heartbeatMs: 300, maxPending: 7, seed: 0 });
  expect(optionsOf('--service', 'counter')).toMatchObject({ service: counter });
  const ofDisk = ['--data-dir', 'some/where', '--disk-reserve-bytes=0'];
  expect(optionsOf(...ofDisk)).toMatchObject({ dataDirectory: 'some/where', diskReserveBytes: 0 });
  expect(optionsOf('--read-mode', 'lease')).toMatchObject({ readMode: 'lease' });
  const ofSnapshots = ['--snapshot-entries', '50', '--snapshot-keep-entries=0'];
  expect(optionsOf(...ofSnapshots)).toMatchObject({ snapshots: { snapshotEntries: 50, keepEntries: 0 } });
});

test.each([
  ['--max-pending', '1'],
  ['--max-pending', '1048576'],
  ['--seed', '9007199254740991'],
  ['--election-timeout-ms', '2147483647'],
  ['--heartbeat-ms', '500'],
  ['--disk-reserve-bytes', '9007199254740991'],
  ['--snapshot-entries', '1'],
  ['--snapshot-keep-entries', '10000000'],
])('%s takes %s', (flag, value) => {
  expect(parseOptions([flag, value, '--data-dir', 'somewhere']).kind).toBe('run');
});

test.each([
  ['--max-pending', '0'],
  ['--max-pending', '1048577'],
  ['--max-pending', '-1'],
  ['--seed', '9007199254740992'],
  ['--seed', '1.5'],
  ['--seed', '1e3'],
  ['--seed', ''],
  ['--seed', ' 1'],
  ['--heartbeat-ms', '0'],
  ['--heartbeat-ms', '0x10'],
  ['--election-timeout-ms', '2147483648'],
  ['--election-timeout-ms', '500ms'],
  ['--disk-reserve-bytes', '-1'],
  ['--snapshot-entries', '0'],
  ['--snapshot-keep-entries', '10000001'],
])('%s does not take %j, and says what it takes', (flag, value) => {
  const parsed = parseOptions([`${flag}=${value}`, '--data-dir=somewhere']);
  const what = new RegExp(`^${flag} takes an integer from \\d+ to \\d+, not "${value}"\n`);
  expect(parsed).toMatchObject({ kind: 'wrong', why: expect.stringMatching(what) });
});

const wrong = [[['--read-mode', 'none']], [['--data-dir']], [['--data-dir=']], [['--no-such-flag']], [['--seed']], [['argument']], [['--help=no']]];
test.each(wrong)('%j is wrong, and points to --help', (argv) => {
  expect(parseOptions(argv)).toMatchObject({ kind: 'wrong', why: expect.stringContaining('raft --help') });
});

test('followers must hear from their leader more often than they would campaign', () => {
  expect(optionsOf('--heartbeat-ms', '200', '--election-timeout-ms', '200')).toBeDefined();
  const parsed = parseOptions(['--heartbeat-ms', '201', '--election-timeout-ms', '200']);
  expect(parsed).toMatchObject({ kind: 'wrong', why: expect.stringContaining('--heartbeat-ms') });
});

test('the help names every flag with its default', () => {
  const parsed = parseOptions(['--help', '--seed', '7']);
  const text = parsed.kind === 'help' ? parsed.text : '';
  for (const part of ['--election-timeout-ms', '--heartbeat-ms', '--max-pending', '--seed', '--data-dir', '500', '150', '16384', '67108864']) {
    expect(text).toContain(part);
  }
});

test.each([
  ['--hearbeat-ms', 'there is no flag --hearbeat-ms; did you mean --heartbeat-ms?'],
  ['--election-timeout=5', 'there is no flag --election-timeout; did you mean --election-timeout-ms?'],
  ['--durable', 'there is no flag --durable'],
])('%s is refused, and where a name is near it is told', (argument, why) => {
  expect(parseOptions([argument])).toEqual({ kind: 'wrong', why: `${why}\nTry: raft --help` });
});

test.each([
  [['--seed', '1', '--seed=2'], '--seed is given twice, with different values'],
  [['--data-dir', 'a', '--data-dir', 'b'], '--data-dir is given twice, with different values'],
  [['--disk-reserve-bytes', '5'], '--disk-reserve-bytes needs --data-dir: without it nothing is on a disk'],
])('flags that contradict each other are refused: %j', (argv, why) => {
  expect(parseOptions(argv)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
});

test('the same flag twice with the same value is fine', () => {
  expect(optionsOf('--seed', '1', '--seed=1')).toMatchObject({ seed: 1 });
});
