/** Figure 7 of the Raft paper, logs as the terms of their entries: that of a leader of term 8 before its no-op ... */
export const leaderLog: readonly number[] = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];

/** ... and those that it may find at its followers. */
export const followerLogs: readonly (readonly [what: string, log: readonly number[]])[] = [
  ['lacks an entry (a)', [1, 1, 1, 4, 4, 5, 5, 6, 6]],
  ['lacks many (b)', [1, 1, 1, 4]],
  ['has one too many (c)', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
  ['has a term too many (d)', [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
  ['lacks some and has others (e)', [1, 1, 1, 4, 4, 4, 4]],
  ['has whole terms that nobody else has (f)', [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
];
