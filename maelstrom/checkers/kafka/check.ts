import type { HistoryEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { LineNumberOf } from '../../history/pairs.ts';
import type { Judgement } from '../judgement.ts';
import { findDuplicates } from './duplicates.ts';
import { anomalies, Found } from './found.ts';
import type { Anomaly, AnomalyName } from './found.ts';
import { findInconsistentOffsets } from './inconsistent-offsets.ts';
import { worstLag } from './lag.ts';
import type { Lag } from './lag.ts';
import { findLostWrites } from './lost-writes.ts';
import { PollOrder } from './polls.ts';
import { readHistory } from './read-history.ts';
import type { KafkaHistory } from './read-history.ts';
import { SendOrder } from './sends.ts';
import { findPrecommittedReads, findUntrueReads } from './untrue-reads.ts';

/**
 * Judges logs by Jepsen's rules for kafka (jepsen.tests.kafka), as Maelstrom does. Two things are told more plainly: a
 * message that was polled before its send had begun (to Jepsen a cycle in real time, G1c), and one that was never sent
 * (there Jepsen's checker fails itself). Polls and sends are compared by their offsets, not by where their messages
 * were found last: a duplicate is therefore called just that. What it takes grows with what was sent and polled, never
 * with the size of the offsets.
 */
export function checkKafka(events: readonly HistoryEvent[], lineNumberOf?: LineNumberOf): Judgement {
  const history = readHistory(pairsOf(events, lineNumberOf));
  const { logs, operations, subscribes } = history;
  const found = findAll(history);
  const lag = worstLag(operations, logs);
  const isAllowed = ({ name }: Anomaly) => allowedNames(subscribes).includes(name);
  const bad = found.filter((anomaly) => !isAllowed(anomaly));
  return {
    ...verdictOf(bad, logs.reduce((total, log) => total + log.places.filter(({ reader }) => reader !== undefined).length, 0)),
    explanation: [...summary(history, lag), ...found.flatMap((anomaly) => lines(anomaly, isAllowed(anomaly)))],
    results: {
      kafka: {
        badErrorTypes: bad.map(({ name }) => name),
        errorTypes: found.map(({ name }) => name),
        errors: Object.fromEntries(found.map(({ name, count, examples }) => [name, { count, examples }])),
        worstRealtimeLag: lag === undefined ? null : { ...lag },
      },
    },
  };
}

/** Everything that is wrong, what is allowed included. */
export function findAll({ logs, operations }: KafkaHistory): readonly Anomaly[] {
  const found = new Found();
  for (const log of logs) {
    findInconsistentOffsets(log, found);
    findDuplicates(log, found);
    findLostWrites(log, found);
    findUntrueReads(log, found);
  }
  const polls = new PollOrder(found);
  const sends = new SendOrder(found);
  for (const operation of operations) {
    findPrecommittedReads(operation, found);
    polls.take(operation);
    sends.take(operation);
  }
  return found.anomalies;
}

/** What is no fault: where clients subscribe, the system may give their logs to others between two polls. */
function allowedNames(subscribes: boolean): readonly AnomalyName[] {
  return subscribes ? ['int-send-skip', 'poll-skip', 'nonmonotonic-poll'] : ['int-send-skip'];
}

function verdictOf(bad: readonly Anomaly[], polledCount: number): Pick<Judgement, 'verdict' | 'reasons'> {
  if (bad.length > 0) return { verdict: 'violated', reasons: bad.map(reason) };
  if (polledCount > 0) return { verdict: 'good', reasons: ['every message that was acknowledged was polled, once and in order.'] };
  return { verdict: 'undecided', reasons: ['Not one message was polled, so nothing is shown.'] };
}

/** How often, and the first of them. */
function reason({ name, count, examples }: Anomaly): string {
  return `${anomalies[name]} (${count}): ${examples[0]?.text ?? ''}.`;
}

function summary({ logs, operations }: KafkaHistory, lag: Lag | undefined): readonly string[] {
  const messages = logs.flatMap((log) => [...log.messages]);
  const acknowledged = messages.filter(({ sending }) => sending === 'ok').length;
  const polled = messages.filter(({ reader }) => reader !== undefined).length;
  const counts = `${messages.length} messages, ${acknowledged} acknowledged, ${polled} polled`;
  const lagText = lag === undefined
    ? 'no poll was behind'
    : `the poll that was furthest behind, by ${(lag.lagNs / 1e9).toFixed(3)} s: process ${lag.process}, key ${JSON.stringify(lag.key)}, at ${(lag.atNs / 1e9).toFixed(3)} s`;
  return [`kafka: ${operations.length} operations on ${logs.length} keys; ${counts}`, `  ${lagText}`];
}

/** All but the first example, which is told with the verdict. */
function lines(anomaly: Anomaly, isAllowed: boolean): readonly string[] {
  const { name, count, examples } = anomaly;
  const title = `  ${anomalies[name]} (${count})${isAllowed ? ', which is no fault' : ''}:`;
  return [title, ...examples.slice(0, 3).map(({ text }) => `    ${text}`)];
}
