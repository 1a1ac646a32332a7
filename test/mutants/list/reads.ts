import type { Mutant } from '../mutant.ts';

export const reads: readonly Mutant[] = [
  {
    name: 'read-index-without-a-no-op',
    why: 'A new leader does not know what is committed until an entry of its own term is (thesis, section 6.4).',
    file: 'src/raft/leadership.ts',
    find: 'return this.term === 1 || commitIndex >= this.#firstIndexOfTerm ? commitIndex : undefined;',
    replace: 'return commitIndex;',
  },
  {
    name: 'read-confirmed-by-an-earlier-answer',
    why: 'Only an answer to what was sent after the read arrived shows that nobody had replaced the leader by then.',
    file: 'src/raft/leadership.ts',
    find: 'return (this.#progress.get(voter)?.answeredNumber ?? 0) >= firstNumber;',
    replace: 'return (this.#progress.get(voter)?.answeredNumber ?? 0) > 0 * firstNumber;',
  },
  {
    name: 'read-not-confirmed-at-all',
    why: 'A leader may have been replaced without knowing it: being one is no lease.',
    file: 'src/raft/reads.ts',
    find: 'if (!hasQuorum) unconfirmed.push(read);',
    replace: 'if (hasQuorum === undefined) unconfirmed.push(read);',
  },
  {
    name: 'read-confirmed-by-one-too-few',
    why: 'A majority has to confirm, the leader included.',
    file: 'src/raft/quorum.ts',
    find: 'return granted >= majority(this.#voters.length);',
    replace: 'return granted >= majority(this.#voters.length) - 1;',
  },
  {
    name: 'read-served-before-its-index-is-applied',
    why: 'A confirmed read sees everything up to its index, and so waits until that is applied.',
    file: 'src/raft/local-reads.ts',
    find: [
      'const servable = this.#answered.filter((one) => one.index <= appliedIndex);',
      '    this.#answered = this.#answered.filter((one) => one.index > appliedIndex);',
    ].join('\n'),
    replace: [
      'const servable = this.#answered.filter((one) => one.index <= appliedIndex + 1);',
      '    this.#answered = this.#answered.filter((one) => one.index > appliedIndex + 1);',
    ].join('\n'),
  },
  {
    name: 'read-index-of-the-round-before',
    why: 'Reads that arrive while a round is under way need one of their own: its messages were sent before.',
    file: 'src/raft/read-index.ts',
    find: 'leadership.reads.openRound(outbox.nextNumber, readableIndex);',
    replace: 'leadership.reads.openRound(outbox.nextNumber - 8, readableIndex);',
  },
  {
    name: 'read-index-answered-in-another-term',
    why: 'A follower\'s question confirms the leader of its own term, and no other.',
    file: 'src/raft/raft.ts',
    find: "if (this.#role.name !== 'leader' || request.term !== this.#term) {",
    replace: "if (this.#role.name !== 'leader') {",
    onlyScenarios: 'A follower in an earlier term confirms as well as any, and one in a later term asks somebody else.',
  },
  {
    name: 'lease-from-the-answer',
    why: 'A lease runs from when the answered request was sent (thesis, section 6.4.1), and winning gives none.',
    file: 'src/raft/leadership.ts',
    find: '(progress) => progress.answeredSentAtMs)',
    replace: '(progress) => progress.heardAtMs)',
  },
  {
    name: 'lease-of-one-follower',
    why: 'A majority has to stand by a leader while its lease runs.',
    file: 'src/raft/leadership.ts',
    find: 'const sentAtMs = this.#reached(nowMs, (progress) => progress.answeredSentAtMs);',
    replace: 'const sentAtMs = Math.max(...this.#followers.map((progress) => progress.answeredSentAtMs));',
  },
  {
    name: 'lease-without-drift',
    why: 'Clocks do not run alike: a lease ends by the slowest of them before P has passed on the fastest.',
    file: 'src/raft/leadership.ts',
    find: 'electionTimeoutMs * (1 - maxClockDrift)',
    replace: 'electionTimeoutMs * (1 + 0 * maxClockDrift)',
  },
  {
    name: 'reads-lost-with-the-leadership',
    why: 'A leader that is replaced hands its own clients\' reads on to the next one.',
    file: 'src/raft/read-index.ts',
    find: "if (read.from === 'here') local.add([read.id]);",
    replace: "if (read.from === 'here') continue;",
    onlyScenarios: 'The client is told 13 after ten seconds instead of its value: late, not wrong.',
  },
];
