import { withImplied } from './anomalies.ts';
import type { Anomaly } from './anomalies.ts';
import { cycleAnomaly } from './cycle.ts';
import { cyclesOf } from './cycles.ts';
import { cycleSentences } from './explain-cycle.ts';
import { FindingList } from './finding.ts';
import type { FindingGroup } from './finding.ts';
import { GraphBuilder } from './graph.ts';
import { findListAnomalies } from './list-anomalies.ts';
import { addListDependencies } from './list-dependencies.ts';
import { listFactsOf } from './list-facts.ts';
import { boundaryOf, forbiddenBy, impliedModels, violatedModels } from './models.ts';
import type { Boundary } from './models.ts';
import { openLists, openRegisters } from './open-orders.ts';
import type { OpenKey } from './open-orders.ts';
import { searchOpenVersions } from './open-versions.ts';
import { findRegisterAnomalies } from './register-anomalies.ts';
import { addRegisterDependencies } from './register-dependencies.ts';
import { registerFactsOf } from './register-facts.ts';
import { addProcessOrder, addRealTimeOrder } from './session-orders.ts';
import type { TransactionHistory } from './transaction.ts';
import { Words } from './words.ts';

/** What the checker found in a history of transactions. */
export interface TransactionReport {
  readonly history: TransactionHistory;
  /** The models that were asked for, by friendly name. */
  readonly models: readonly string[];
  /** Those of them that do not hold. */
  readonly violated: readonly string[];
  /** Those of them that nothing was found against, before the search was given up. */
  readonly undecided: readonly string[];
  /** What was found that one of the models forbids, the gravest first. */
  readonly forbidden: readonly FindingGroup[];
  /** What was found that all of them allow. */
  readonly allowed: readonly FindingGroup[];
  readonly boundary: Boundary;
}

/** Checks a history against consistency models, which are given by friendly name. */
export function checkTransactions(history: TransactionHistory, models: readonly string[]): TransactionReport {
  const words = new Words(history);
  const findings = new FindingList();
  const builder = new GraphBuilder(history.transactions.length);
  const { takesPart, openKeys } = examine(history, words, findings, builder);
  addProcessOrder(builder, history.transactions, takesPart);
  addRealTimeOrder(builder, history.transactions, takesPart);
  const graph = builder.build();
  for (const cycle of cyclesOf(graph, history.transactions)) {
    findings.add(cycleAnomaly(cycle), () => {
      return { sentences: cycleSentences(cycle, words), transactions: cycle.map(({ from }) => from), cycle };
    });
  }
  const violated = violatedModels(findings.groups.map(({ anomaly }) => anomaly));
  const { found, undecided } = searchOpenVersions(graph, history, openKeys, violated);
  for (const { anomaly, transactions } of found) {
    const sentence = 'Their writes can be put in many orders, and in each of them there is a forbidden circle of dependencies.';
    findings.add(anomaly, () => ({ sentences: [sentence], transactions }));
  }
  return reportOf(history, models, findings.groups, undecided);
}

interface Examined {
  /** By place in the history: 1 for transactions that are vertices of the graph. */
  readonly takesPart: Uint8Array;
  readonly openKeys: readonly OpenKey[];
}

/** Looks at what the two types of keys have of their own. */
function examine(history: TransactionHistory, words: Words, findings: FindingList, builder: GraphBuilder): Examined {
  if (history.type === 'list-append') {
    const facts = listFactsOf(history);
    findListAnomalies(facts, words, findings);
    addListDependencies(builder, facts);
    return { takesPart: facts.takesPart, openKeys: openLists(facts) };
  }
  const facts = registerFactsOf(history);
  findRegisterAnomalies(facts, words, findings);
  addRegisterDependencies(builder, facts);
  return { takesPart: facts.takesPart, openKeys: openRegisters(facts) };
}

function reportOf(
  history: TransactionHistory,
  models: readonly string[],
  groups: readonly FindingGroup[],
  undecided: readonly string[],
): TransactionReport {
  const found = groups.map(({ anomaly }) => anomaly);
  const impossible = violatedModels(found);
  const forbidden = new Set(models.flatMap((model) => [...forbiddenBy(model)]));
  const isForbidden = ({ anomaly }: FindingGroup) => [...withImplied([anomaly])].some((name) => forbidden.has(name));
  return {
    history,
    models,
    violated: models.filter((model) => impossible.has(model)),
    undecided: models.filter((model) => !impossible.has(model) && undecided.some((open) => impliedModels([model]).has(open))),
    forbidden: byGravity(groups.filter(isForbidden)),
    allowed: byGravity(groups.filter((group) => !isForbidden(group))),
    boundary: boundaryOf(found),
  };
}

/** What rules out more models comes first; of two that rule out as many, the simpler. */
function byGravity(groups: readonly FindingGroup[]): readonly FindingGroup[] {
  const gravity = (anomaly: Anomaly) => violatedModels([anomaly]).size;
  return groups.toSorted((left, right) => gravity(right.anomaly) - gravity(left.anomaly));
}
