import type { HistoryEvent } from '../history/history.ts';

/** What has to succeed: all operations, or this share of them, from 0 to 1. */
export type Availability = 'total' | number;

/** How many operations of a run succeeded, of how many that began. */
export interface SuccessShare {
  readonly okCount: number;
  readonly begunCount: number;
}

/**
 * Counts the operations of these kinds, those at the end of the run included. Maelstrom counts crashes of kafka's
 * clients as well, which never succeed: there no run of kafka is totally available.
 */
export function successShare(events: readonly HistoryEvent[], kinds: readonly string[]): SuccessShare {
  const counted = events.filter(({ process, f }) => process !== 'nemesis' && kinds.includes(f));
  const of = (type: HistoryEvent['type']) => counted.filter((event) => event.type === type).length;
  return { okCount: of('ok'), begunCount: of('invoke') };
}

/** 1 where nothing began. */
export function okFraction({ okCount, begunCount }: SuccessShare): number {
  return begunCount === 0 ? 1 : okCount / begunCount;
}

export function isAvailable(share: SuccessShare, asked: Availability | undefined): boolean {
  if (asked === undefined) return true;
  return asked === 'total' ? share.okCount === share.begunCount : okFraction(share) >= asked;
}

/** Why a run is not available enough, as a sentence; nothing where it is. */
export function availabilityReasons(share: SuccessShare, asked: Availability | undefined): readonly string[] {
  if (asked === undefined || isAvailable(share, asked)) return [];
  const wanted = asked === 'total' ? 'all of them are to' : `${percent(asked)} are to`;
  return [`Not available enough: ${shareText(share)}, and ${wanted}.`];
}

/** For a terminal, where it was asked for. */
export function availabilityLines(share: SuccessShare, asked: Availability | undefined): readonly string[] {
  return asked === undefined ? [] : [`availability ${shareText(share)}`];
}

function shareText(share: SuccessShare): string {
  const { okCount, begunCount } = share;
  return `${okCount} of ${begunCount} operations succeeded, ${percent(okFraction(share))}`;
}

/** Rounded down, so that what falls short never looks as if it did not. */
function percent(fraction: number): string {
  return `${Math.floor(fraction * 10_000) / 100} %`;
}
