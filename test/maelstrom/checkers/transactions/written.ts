import { z } from 'zod';
import { checkTransactions } from '../../../../maelstrom/checkers/transactions/check.ts';
import type { TransactionReport } from '../../../../maelstrom/checkers/transactions/check.ts';
import { transactionsOf } from '../../../../maelstrom/checkers/transactions/read-history.ts';
import type { Anomaly } from '../../../../maelstrom/checkers/transactions/anomalies.ts';
import type { DataType } from '../../../../maelstrom/checkers/transactions/transaction.ts';
import { eventsOf } from './draw.ts';
import type { DrawnStep, DrawnTransaction } from './draw.ts';

const line = /^(\d+)-(\d+) client (\d+)( failed| open)?: (.*)$/;
const json = z.json();

/**
 * A history as people write it, a transaction a line: when it began and ended, which client it was of, and its steps, as
 * in `0-3 client 0: append 1 5; r 2 [7,8]`. One that failed, or of which nobody knows, says so.
 */
export function written(...lines: readonly string[]): readonly DrawnTransaction[] {
  return lines.map((text) => {
    const [, begin, end, client, outcome = '', steps = ''] = line.exec(text) ?? [];
    if (begin === undefined) throw new Error(`no transaction: ${text}`);
    return {
      process: Number(client),
      outcome: outcome === '' ? 'ok' : outcome === ' failed' ? 'fail' : 'info',
      begin: Number(begin),
      end: Number(end),
      steps: steps.split('; ').map(stepOf),
    };
  });
}

function stepOf(text: string): DrawnStep {
  const [f, key, value] = text.split(' ');
  if (f !== 'r' && f !== 'append' && f !== 'w') throw new Error(`no step: ${text}`);
  return [f, Number(key), value === undefined ? null : json.parse(JSON.parse(value))];
}

export function report(
  drawn: readonly DrawnTransaction[],
  type: DataType,
  models: readonly string[] = ['strict-serializable'],
): TransactionReport {
  return checkTransactions(transactionsOf(eventsOf(drawn), type), models);
}

/** The names of all anomalies that are found, allowed or not. */
export function anomalies(drawn: readonly DrawnTransaction[], type: DataType): readonly Anomaly[] {
  const { forbidden, allowed } = report(drawn, type);
  return [...forbidden, ...allowed].map(({ anomaly }) => anomaly);
}
