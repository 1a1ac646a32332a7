import { isObject } from '../../src/json.ts';
import type { Json } from '../../src/json.ts';
import type { HistoryEvent } from '../history.ts';

/** A time during which the network was cut, in milliseconds since the start of the run. */
export interface PartitionSpan {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether some node could still talk with a majority, itself included: no consensus without. */
  readonly leftMajority: boolean;
}

/** When the network was cut. A partition that nobody healed lasts to the end. */
export function partitionSpans(events: readonly HistoryEvent[], durationMs: number): readonly PartitionSpan[] {
  const spans: PartitionSpan[] = [];
  let open: Omit<PartitionSpan, 'toMs'> | undefined;
  for (const event of events) {
    if (event.process !== 'nemesis') continue;
    const atMs = event.time / 1e6;
    if (open !== undefined) spans.push({ ...open, toMs: atMs });
    open = event.f === 'start-partition' ? { ...described(event.value), fromMs: atMs } : undefined;
  }
  return open === undefined ? spans : [...spans, { ...open, toMs: durationMs }];
}

function described(value: Json): Pick<PartitionSpan, 'kind' | 'leftMajority'> {
  const { kind, cuts } = isObject(value) ? value : {};
  return { kind: typeof kind === 'string' ? kind : 'unknown', leftMajority: leavesMajority(cuts ?? null) };
}

/** @param cuts receiver -> the senders that it cannot hear; lists every node of the cluster */
function leavesMajority(cuts: Json): boolean {
  const unheard = new Map(isObject(cuts) ? Object.entries(cuts) : []);
  const hears = (receiver: string, sender: string) => {
    const senders = unheard.get(receiver);
    return !Array.isArray(senders) || !senders.includes(sender);
  };
  const nodeIds = [...unheard.keys()];
  const majority = Math.floor(nodeIds.length / 2) + 1;
  return nodeIds.some((id) => nodeIds.filter((other) => hears(id, other) && hears(other, id)).length >= majority);
}
