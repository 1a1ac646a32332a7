import type { HistoryEvent } from '../history/history.ts';
import { checkKafka } from '../checkers/kafka/check.ts';
import { holdsLogSteps } from '../checkers/kafka/steps.ts';
import { KafkaClient } from './kafka-client.ts';
import type { KafkaInvocation } from './kafka-client.ts';
import { KafkaGenerator } from './kafka-generator.ts';
import { openOutcome } from './reply.ts';
import type { Settings, Workload } from './workload.ts';

/**
 * Maelstrom's kafka: logs, each under a key, to which clients send messages and which they poll. At the end every client
 * begins anew and polls all keys from the beginning, until it saw all that it knows of, for 10 s at most. See
 * `checkKafka` for how it is judged.
 */
export const kafka = kafkaWith({});

function kafkaWith(settings: Settings): Workload<KafkaInvocation> {
  return {
    name: 'kafka',
    operations: ['send', 'poll', 'assign'],
    // A crash never succeeds; the others are Jepsen's, in histories of other systems.
    otherOperations: ['crash', 'subscribe', 'txn', 'debug-topic-partitions'],
    isForRaft: true,
    threadsPerGroup: () => 1,
    timeoutMs: () => 5000,
    generator: (options) => new KafkaGenerator(options, settings),
    newClient: () => new KafkaClient(),
    request: remembers,
    outcome: remembers,
    unanswered: ({ f }, reason) => openOutcome(f === 'assign', reason),
    last: 'generated',
    fits: (events: readonly HistoryEvent[]) => holdsLogSteps(events),
    configured: (more) => kafkaWith({ ...settings, ...more }),
    judge: (events, { lineNumberOf }) => checkKafka(events, lineNumberOf),
  };
}

function remembers(): never {
  throw new Error('assertion: clients of kafka remember something, and are asked themselves');
}
