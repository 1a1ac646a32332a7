import type { Mutant } from '../mutant.ts';

export const answers: readonly Mutant[] = [
  {
    name: 'message-ids-used-again',
    why: 'Message ids start above all that an earlier incarnation can have used: its answers would count otherwise.',
    file: 'src/node.ts',
    find: 'const firstId = replica.bootCount * messageIdsPerBoot;',
    replace: 'const firstId = 0;',
  },
  {
    name: '14-on-truncation',
    why: 'An entry that was replaced in this log may still be committed from another: nothing is proven yet.',
    file: 'src/node.ts',
    find: 'for (const { entry, result } of applied) requests.applied(entry, result);',
    replace:
      "for (const { entry, result } of applied) requests.applied(entry, result);\n    const { firstIndex, lastIndex } = replica.status;\n    for (const { origin, ...place } of replica.entries(firstIndex, lastIndex)) requests.applied(place, { kind: 'ok' });",
  },
  {
    name: '14-by-an-entry-of-the-same-term',
    why: 'An applied entry of the proposal\'s own term proves nothing: the proposal may be behind it.',
    file: 'src/requests/outcome.ts',
    find: 'return applied.term > proposal.term ||',
    replace: 'return applied.term >= proposal.term ||',
  },
  {
    name: '14-across-an-installed-snapshot',
    why: 'What a snapshot covers is not told entry by entry: the write may be in it. 13.',
    file: 'src/requests/client-requests.ts',
    find: 'for (const { client } of this.#writes.takeCovered(lastIncludedIndex)) this.#answer(client, inDoubt());',
    replace: 'for (const { client } of this.#writes.takeCovered(lastIncludedIndex)) this.#answer(client, aborted());',
  },
  {
    name: '11-for-what-was-proposed',
    why: 'A definite error only for what has reached no log: a write that was handed over may have.',
    file: 'src/requests/pending-writes.ts',
    find: 'const leaderless = receivedBefore(this.#waiting.values(), nowMs, limitMs);',
    replace: 'const leaderless = receivedBefore([...this.#waiting.values(), ...this.#proposed.values()], nowMs, limitMs);\n    for (const { id } of leaderless) this.#take(id);',
  },
  {
    name: '14-when-a-hand-over-is-old',
    why: 'Time proves nothing: what was handed over and not answered may still be logged. 13.',
    file: 'src/requests/client-requests.ts',
    find: 'for (const { client } of leaderless) this.#answer(client, unavailable(\'no leader is known\'));',
    replace:
      "for (const { client } of leaderless) this.#answer(client, unavailable('no leader is known'));\n    for (const { client } of this.#writes.takeExpired(nowMs + pendingLimitMs - limitMs)) this.#answer(client, aborted());",
  },
  {
    name: 'hand-over-taken-twice',
    why: 'The network may deliver a hand-over twice; its writes are logged once.',
    file: 'src/node.ts',
    find: 'if (!handOvers.isFirst(peer.src, peer.msgId)) return;',
    replace: 'handOvers.isFirst(peer.src, peer.msgId);',
  },
  {
    name: 'hand-over-taken-in-another-term',
    why: 'Only the leader of the named term takes a hand-over: its node counts on nothing of that term coming later.',
    file: 'src/node.ts',
    find: 'const proposed = replica.propose(proposals, body.term);',
    replace: 'const proposed = replica.propose(proposals);',
  },
  {
    name: 'proposed-again-by-a-new-leader',
    why: 'What was proposed once is not proposed again without a proof: both may be applied.',
    file: 'src/requests/pending-writes.ts',
    find: "return [...this.#waiting.values()];",
    replace: 'return [...this.#waiting.values(), ...this.#proposed.values()];',
  },
  {
    name: 'answered-by-number-alone',
    why: 'An entry is answered by the node that took the request: numbers of other nodes mean other requests.',
    file: 'src/requests/pending-writes.ts',
    find: 'if (entry.origin?.node !== this.#nodeId) return undefined;',
    replace: 'if (entry.origin === undefined) return undefined;',
  },
  {
    name: 'answered-when-logged',
    why: 'A write is answered when it is applied: before it is committed, another leader may replace it.',
    file: 'src/node.ts',
    find: 'return requests.proposed(writes, { term, index: proposed.firstIndex });',
    replace:
      "requests.proposed(writes, { term, index: proposed.firstIndex });\n    for (const { id, command } of writes) requests.applied({ term, index: 0, command, origin: { node: nodeId, id } }, { kind: 'ok' });\n    return undefined;",
  },
  {
    name: 'cas-compared-by-reference',
    why: 'Values are compared by value, objects too.',
    file: 'src/kv/store.ts',
    find: "if (!jsonEquals(found, from)) return { kind: 'mismatch', found };",
    replace: "if (found !== from) return { kind: 'mismatch', found };",
    onlyScenarios: 'The simulated clients write numbers.',
  },
  {
    name: 'failed-cas-writes',
    why: 'A cas that meets another value changes nothing.',
    file: 'src/kv/store.ts',
    find: "if (!jsonEquals(found, from)) return { kind: 'mismatch', found };",
    replace: "if (!jsonEquals(found, from)) {\n      this.#set(key, to);\n      return { kind: 'mismatch', found };\n    }",
  },
];
