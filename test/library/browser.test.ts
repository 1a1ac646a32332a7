import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Three replicas, an election, a write, and what each of them then has. */
const program = `
import { defaultRaftConfig as config } from './src/raft/config.ts';
import { Random } from './src/raft/random.ts';
import { Replica } from './src/member/replica.ts';
import { KeyValueStore } from './src/services/kv/store.ts';
import { MemoryStorage } from './src/storage/memory-storage.ts';

const voters = ['n1', 'n2', 'n3'];
const policy = { snapshotEntries: 1, keepEntries: 0 };
const stores = voters.map(() => new KeyValueStore());
const replicas = voters.map((nodeId, at) => {
  const own = { storage: new MemoryStorage(), stateMachine: stores[at], random: new Random(at), snapshots: policy };
  return new Replica({ nodeId, voters, config, nowMs: 0, ...own });
});
let nowMs = 0;
const requests = [];
function letTimePass() {
  nowMs += 10;
  for (const [at, replica] of replicas.entries()) {
    for (const sent of replica.turn(nowMs).messages) {
      const to = replicas[voters.indexOf(sent.to)];
      if (sent.kind === 'request') to.receiveRequest(voters[at], sent.message, requests.push(sent) - 1, nowMs);
      else if (sent.kind === 'reply') {
        const { number, term } = requests[sent.ticket];
        to.receiveReply(voters[at], sent.message, number, term, nowMs);
      }
    }
  }
}
while (!replicas.some((replica) => replica.status.role === 'leader')) letTimePass();
const leader = replicas.find((replica) => replica.status.role === 'leader');
const { firstIndex } = leader.propose([{ command: { op: 'put', key: 'greeting', value: 'ahoj \u{1f44b}' } }]);
while (replicas.some((replica) => replica.status.lastApplied < firstIndex)) letTimePass();
globalThis.values = stores.map((store) => store.read('greeting').value);
`;

test('core, member and key-value service run where there is nothing but the language', async () => {
  const stdin = { contents: program, resolveDir: root, loader: 'ts' as const };
  const bundled = await build({ stdin, bundle: true, write: false, platform: 'browser', format: 'iife', target: 'es2023' });
  const context = createContext({});
  runInContext(bundled.outputFiles[0]?.text ?? '', context);
  expect(runInContext('JSON.stringify(values)', context)).toBe(JSON.stringify(Array(3).fill('ahoj \u{1f44b}')));
});
