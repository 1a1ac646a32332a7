import { decodeColumn } from './columns.js';

/**
 * @typedef {import('../page-data.ts').PageData} PageData
 * @typedef {import('../page-data.ts').FaultMark} FaultMark
 * @typedef {import('../page-data.ts').KeyData} KeyData
 * @typedef {import('../page-data.ts').MessageData} MessageData
 *
 * @typedef {object} Operation one row of the table of operations; times in milliseconds
 * @property {number} row
 * @property {number} process
 * @property {number} kind a place in `PageData.kinds`, or -1
 * @property {number} key a place in `PageData.keys`, or -1
 * @property {string} text
 * @property {string} leaves
 * @property {'ok' | 'fail' | 'info'} outcome
 * @property {string | null} error
 * @property {number} invokedMs
 * @property {number | undefined} endedMs
 *
 * @typedef {object} NodeHistory how a node was seen: each array has an item for each change
 * @property {string} nodeId
 * @property {readonly number[]} atMs
 * @property {readonly string[]} role
 * @property {readonly number[]} term
 * @property {readonly number[]} commitIndex
 * @property {readonly number[]} appliedIndex -1 where it is not known
 *
 * @typedef {Omit<PageData, 'operations' | 'nodes'> & {
 *   readonly operations: readonly Operation[],
 *   readonly operationCount: number,
 *   readonly nodes: readonly NodeHistory[],
 * }} Run
 */

/**
 * What is embedded in the page, as the charts want it. Messages stay packed until they are looked at.
 *
 * @param {PageData} data
 * @returns {Run}
 */
export function readRun(data) {
  const { operations, nodes, ...rest } = data;
  return {
    ...rest,
    operations: readOperations(operations),
    operationCount: operations.total,
    nodes: nodes.map((node) => ({
      nodeId: node.nodeId,
      atMs: decodeColumn(node.at).map((us) => us / 1000),
      role: decodeColumn(node.role),
      term: decodeColumn(node.term),
      commitIndex: decodeColumn(node.commitIndex),
      appliedIndex: decodeColumn(node.appliedIndex),
    })),
  };
}

/**
 * @param {PageData['operations']} table
 * @returns {readonly Operation[]}
 */
function readOperations(table) {
  const [kind, key, text, leaves] = [table.kind, table.key, table.text, table.leaves].map(decodeColumn);
  const [outcome, error, invoked, ended] = [table.outcome, table.error, table.invoked, table.ended].map(decodeColumn);
  return decodeColumn(table.process).map((process, row) => ({
    row,
    process,
    kind: kind?.[row],
    key: key?.[row],
    text: text?.[row],
    leaves: leaves?.[row],
    outcome: outcome?.[row],
    error: error?.[row],
    invokedMs: invoked?.[row] / 1000,
    endedMs: ended?.[row] < 0 ? undefined : ended?.[row] / 1000,
  }));
}
