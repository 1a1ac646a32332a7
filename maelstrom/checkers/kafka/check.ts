import type { HistoryEvent } from '../../history/history.ts';
import { pairsOf } from '../../history/pairs.ts';
import type { LineNumberOf } from '../../history/pairs.ts';
import type { Judgement } from '../judgement.ts';
import { findDuplicates } from './duplicates.ts';
import { anomalies, Found } from './found.ts';
import type { Anomaly, AnomalyName } from './found.ts';
import { findInconsistentOffsets } from './inconsistent-offsets.ts';
import { LagWatch } from './lag.ts';
import type { Lag } from './lag.ts';
import { findLostWrites } from './lost-writes.ts';
import { PollOrder } from './polls.ts';
import { KafkaHistory } from './read-history.ts';
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
  const history = new KafkaHistory(pairsOf(events, lineNumberOf));
  const { found, lag } = findAll(history);
  const isAllowed = ({ name }: Anomaly) => allowedNames(history.subscribes).includes(name);
  const counts = countsOf(history);
  const bad = found.filter((anomaly) => !isAllowed(anomaly));
  return {
    ...verdictOf(bad, counts.polled > 0),
    explanation: [...summary(history, counts, lag), ...found.flatMap((anomaly) => lines(anomaly, isAllowed(anomaly)))],
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

/** Everything that is wrong, what is allowed included, and how far behind polls were. */
export function findAll(history: KafkaHistory): { readonly found: readonly Anomaly[]; readonly lag: Lag | undefined } {
  const found = new Found();
  for (const log of history.logs) {
    findInconsistentOffsets(log, found);
    findDuplicates(log, found);
    findLostWrites(log, found);
    findUntrueReads(log, found);
  }
  const polls = new PollOrder(found);
  const sends = new SendOrder(found);
  const lags = new LagWatch(history.logs);
  for (const operation of history.operations()) {
    findPrecommittedReads(operation, found);
    polls.take(operation);
    sends.take(operation);
    lags.take(operation);
  }
  return { found: found.anomalies, lag: lags.finish() };
}

/** What is no fault: where clients subscribe, the system may give their logs to others between two polls. */
function allowedNames(subscribes: boolean): readonly AnomalyName[] {
  return subscribes ? ['int-send-skip', 'poll-skip', 'nonmonotonic-poll'] : ['int-send-skip'];
}

function verdictOf(bad: readonly Anomaly[], isPolled: boolean): Pick<Judgement, 'verdict' | 'reasons'> {
  if (bad.length > 0) return { verdict: 'violated', reasons: bad.map(reason) };
  if (isPolled) return { verdict: 'good', reasons: ['every message that was acknowledged was polled, once and in order.'] };
  return { verdict: 'undecided', reasons: ['Not one message was polled, so nothing is shown.'] };
}

/** How often, and the first of them. */
function reason({ name, count, examples }: Anomaly): string {
  return `${anomalies[name]} (${count}): ${examples[0]?.text ?? ''}.`;
}

interface Counts {
  readonly keys: number;
  readonly messages: number;
  readonly acknowledged: number;
  readonly polled: number;
}

function countsOf({ logs }: KafkaHistory): Counts {
  let [keys, messages, acknowledged, polled] = [0, 0, 0, 0];
  for (const log of logs) {
    keys += 1;
    for (const { sending, reader } of log.messages) {
      messages += 1;
      if (sending === 'ok') acknowledged += 1;
      if (reader !== undefined) polled += 1;
    }
  }
  return { keys, messages, acknowledged, polled };
}

function summary({ operationCount }: KafkaHistory, counts: Counts, lag: Lag | undefined): readonly string[] {
  const { keys, messages, acknowledged, polled } = counts;
  return [
    `kafka: ${operationCount} operations on ${keys} keys; ${messages} messages, ${acknowledged} acknowledged, ${polled} polled`,
    `  ${lag === undefined ? 'no poll was behind' : lagText(lag)}`,
  ];
}

function lagText({ process, key, atNs, lagNs }: Lag): string {
  const [at, behind] = [atNs, lagNs].map((ns) => `${(ns / 1e9).toFixed(3)} s`);
  return `the poll that was furthest behind, by ${behind}: process ${process}, key ${JSON.stringify(key)}, at ${at}`;
}

/** The first of a kind. */
function lines(anomaly: Anomaly, isAllowed: boolean): readonly string[] {
  const { name, count, examples } = anomaly;
  const title = `  ${anomalies[name]} (${count})${isAllowed ? ', which is no fault' : ''}:`;
  return [title, ...examples.slice(0, 3).map(({ text }) => `    ${text}`)];
}
