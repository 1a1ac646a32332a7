import { expect, test } from 'vitest';
import { play } from '../../../maelstrom/playground/play.ts';
import { formatScript, parseScript } from '../../../maelstrom/playground/script.ts';

const text = `# A rule.

> cluster 1
n1 is ready

# Another one.
> show nodes
n1 is follower in term 0, commit 0, log ends 0

# The end.
`;

test('a script is commands, each with its output, and words for the reader', () => {
  const { steps, after } = parseScript(text);
  expect(steps).toEqual([
    { before: ['# A rule.', ''], command: 'cluster 1', output: ['n1 is ready'] },
    {
      before: ['', '# Another one.'],
      command: 'show nodes',
      output: ['n1 is follower in term 0, commit 0, log ends 0'],
    },
  ]);
  expect(after).toEqual(['', '# The end.']);
});

test('a script that is played tells what comes of it now, whatever it says', () => {
  expect(formatScript(play(text))).toBe(text);
  expect(formatScript(play(text.replace('n1 is ready', 'n1 is not\nready')))).toBe(text);
});

test('an output without a command is a mistake', () => {
  expect(() => parseScript('# A rule.\nn1 is ready\n')).toThrow('no command comes before the output "n1 is ready"');
});

test.each([
  ['there is no command elekt', 'elekt n1'],
  ['there is no bound maxSpeed', 'cluster 3 maxSpeed=1'],
  ['there is no node n7', 'restart n7'],
  ['three is not a number', 'cluster three'],
  ['there is nothing to show called stars', 'show stars'],
])('%s', (why, command) => {
  expect(() => play(`> ${command}\n`)).toThrow(why);
});
