import { describe, expect, it } from 'vitest';
import { benchHelp } from '../../../maelstrom/commands/bench-help.ts';
import { benchFlags } from '../../../maelstrom/commands/bench-options.ts';
import { checkHelp } from '../../../maelstrom/commands/check-help.ts';
import { checkFlags } from '../../../maelstrom/commands/check-options.ts';
import { generalHelp } from '../../../maelstrom/commands/help.ts';
import { simHelp } from '../../../maelstrom/commands/sim-help.ts';
import { simFlags } from '../../../maelstrom/commands/sim-options.ts';
import { testHelp } from '../../../maelstrom/commands/test-help.ts';
import { testFlags } from '../../../maelstrom/commands/test-options.ts';
import { flags as raftFlags, parseOptions } from '../../../src/stdio/options.ts';

const ofRaft = parseOptions(['--help']);
const raftHelp = ofRaft.kind === 'help' ? ofRaft.text : '';
const helps: Readonly<Record<string, { readonly text: string; readonly flags: readonly string[] }>> = {
  raft: { text: raftHelp, flags: [...Object.keys(raftFlags), 'version'] },
  'eddy test': { text: testHelp, flags: testFlags.map(({ name }) => name) },
  'eddy check': { text: checkHelp, flags: checkFlags.map(({ name }) => name) },
  'eddy sim': { text: simHelp, flags: Object.keys(simFlags) },
  'eddy bench': { text: benchHelp, flags: benchFlags.map(({ name }) => name) },
};

describe.each(Object.entries(helps))('the help of %s', (_, { text, flags }) => {
  it('explains each flag that exists, and no other', () => {
    const explained = [...text.matchAll(/^ {2,6}(?:-[a-z], )?--([a-z-]+)(?: [A-Z].*)?(?: {2}.*)?$/gm)].map(([, name]) => name);
    expect(explained.toSorted()).toEqual(flags.toSorted());
  });
});

const texts = [{ of: 'eddy', text: generalHelp }, ...Object.entries(helps).map(([of, { text }]) => ({ of, text }))];

it.each(texts)('the help of $of fits 80 columns, except where an example is one line of JSON', ({ text }) => {
  const isExample = (line: string): boolean => /^ +(?:echo '|#jepsen)?\S*\{/.test(line);
  expect(text.split('\n').filter((line) => line.length > 80 && !isExample(line))).toEqual([]);
});
