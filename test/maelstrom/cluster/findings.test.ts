import { expect, test } from 'vitest';
import type { Finding } from '../../../maelstrom/cluster/cluster.ts';
import { Findings } from '../../../maelstrom/cluster/findings.ts';

function finding(nodeId: string, what: string, kind: Finding['kind'] = 'bad-reply'): Finding {
  return { kind, nodeId, what, atMs: 0, stderrTail: [] };
}

test('of what a node does again and again a few are kept, and the rest is counted', () => {
  const findings = new Findings(20);
  for (let count = 0; count < 50; count += 1) findings.add(finding('n1', 'answered nonsense'));
  findings.add(finding('n2', 'answered nonsense'));
  findings.add(finding('n1', 'answered twice'));
  expect(findings.kept.map(({ nodeId, what }) => `${nodeId} ${what}`)).toEqual([
    'n1 answered nonsense',
    'n1 answered nonsense',
    'n1 answered nonsense',
    'n2 answered nonsense',
    'n1 answered twice',
  ]);
  expect(findings.omittedCount).toBe(47);
});

test('no more are kept than the bound, but for the first end of each node', () => {
  const findings = new Findings(2);
  for (const what of ['a', 'b', 'c']) findings.add(finding('n1', what));
  findings.add(finding('n1', 'exited', 'ended'));
  findings.add(finding('n1', 'exited', 'ended'));
  expect(findings.kept.map(({ what }) => what)).toEqual(['a', 'b', 'exited']);
  expect(findings.omittedCount).toBe(2);
});
