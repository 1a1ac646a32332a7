import type { TransactionReport } from './check.ts';
import { cycleSentences, edgeName } from './explain-cycle.ts';
import type { Finding, FindingGroup } from './finding.ts';
import { Words } from './words.ts';

/**
 * What was found, as a value for results.json and for pages that draw it: the fields of Elle's results, in JSON. A cycle
 * is a list of edges between the transactions of its case, which are numbered as in the sentences.
 */
export function transactionResults({ history, models, violated, undecided, forbidden, allowed, boundary }: TransactionReport): object {
  const words = new Words(history);
  return {
    valid: violated.length > 0 ? false : undecided.length > 0 ? 'unknown' : true,
    models,
    violated,
    undecided,
    anomalyTypes: forbidden.map(({ anomaly }) => anomaly).toSorted(),
    not: boundary.not,
    alsoNot: boundary.alsoNot,
    strongest: boundary.strongest,
    anomalies: Object.fromEntries(forbidden.map((group) => [group.anomaly, groupResult(group, words)])),
    allowed: Object.fromEntries(allowed.map((group) => [group.anomaly, groupResult(group, words)])),
  };
}

function groupResult({ count, cases }: FindingGroup, words: Words): object {
  return { count, cases: cases.map((finding) => caseResult(finding, words)) };
}

function caseResult({ sentences, transactions, cycle }: Finding, words: Words): object {
  return {
    sentences,
    transactions: transactions.map((place) => ({ name: words.name(place), text: words.steps(place) })),
    ...(cycle === undefined
      ? {}
      : {
          cycle: cycle.map((step) => ({
            from: words.name(step.from),
            to: words.name(step.to),
            kind: edgeName(step.kind),
            why: cycleSentences([step], words)[0]?.replace(/^Yet /, ''),
          })),
        }),
  };
}
