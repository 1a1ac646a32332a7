import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Three members, an election, a write, and what each of them then has. */
const program = `
import { defaultRaftConfig as config } from './src/raft/config.ts';
import { Member } from './src/member/member.ts';
import { KeyValueStore } from './src/services/kv/store.ts';
import { MemoryStorage } from './src/storage/memory-storage.ts';

const voters = ['n1', 'n2', 'n3'];
const policy = { snapshotEntries: 1, keepEntries: 0 };
const stores = voters.map(() => new KeyValueStore());
const members = voters.map((nodeId, at) => {
  const own = { storage: new MemoryStorage(), stateMachine: stores[at], seed: at, lifeSeed: at, snapshots: policy };
  return new Member({ nodeId, voters, config, maxPending: 10, nowMs: 0, ...own });
});
let nowMs = 0;
const requests = [];
function letTimePass() {
  nowMs += 10;
  for (const [at, member] of members.entries()) {
    for (const sent of member.turn(nowMs).effects) {
      const to = members[voters.indexOf(sent.to)];
      if (sent.kind === 'request') to.receiveRequest(voters[at], sent.message, requests.push(sent) - 1, nowMs);
      else if (sent.kind === 'reply') to.receiveReply(voters[at], sent.message, requests[sent.ticket], nowMs);
    }
  }
}
while (!members.some((member) => member.status.role === 'leader')) letTimePass();
const leader = members.find((member) => member.status.role === 'leader');
leader.write('caller', { op: 'put', key: 'greeting', value: 'ahoj \u{1f44b}' }, nowMs);
while (members.some((member) => member.status.lastApplied < 1)) letTimePass();
globalThis.values = stores.map((store) => store.read('greeting').value);
`;

test('core, member and key-value service run where there is nothing but the language', async () => {
  const stdin = { contents: program, resolveDir: root, loader: 'ts' as const };
  const bundled = await build({ stdin, bundle: true, write: false, platform: 'browser', format: 'iife', target: 'es2023' });
  const context = createContext({});
  runInContext(bundled.outputFiles[0]?.text ?? '', context);
  expect(runInContext('JSON.stringify(values)', context)).toBe(JSON.stringify(Array(3).fill('ahoj \u{1f44b}')));
});
