/**
 * `npm run bench:transactions [HISTORIES] [FROM]`: compares the checker of transactions with the definitions on random
 * small histories of each type (100,000 each), then measures it on 100,000 transactions.
 */
import { checkTransactions } from '../../maelstrom/checkers/transactions/check.ts';
import { transactionsOf } from '../../maelstrom/checkers/transactions/read-history.ts';
import type { DataType } from '../../maelstrom/checkers/transactions/transaction.ts';
import { opinions } from '../maelstrom/checkers/transactions/agreement.ts';
import { largeHistory } from '../maelstrom/checkers/transactions/large.ts';

const [histories = 100_000, from = 1_000_000] = process.argv.slice(2).map(Number);
const types: readonly DataType[] = ['list-append', 'rw-register'];

for (const type of types) {
  let [compared, disagreements] = [0, 0];
  for (let seed = from; seed < from + histories; seed += 1) {
    for (const { model, isViolated, isCalledViolated } of opinions(type, seed)) {
      compared += 1;
      if (isViolated === isCalledViolated) continue;
      disagreements += 1;
      console.log(`${type}, seed ${seed}: ${model} is ${isViolated ? 'violated' : 'held'} and called otherwise`);
    }
  }
  console.log(`${type}: ${histories} histories, ${compared} verdicts compared, ${disagreements} disagreements`);
}

for (const type of types) {
  for (const fault of ['none', 'stale-reads'] as const) {
    const events = largeHistory(type, 100_000, fault);
    const before = process.cpuUsage();
    const { violated, undecided } = checkTransactions(transactionsOf(events, type), ['strict-serializable']);
    const { user, system } = process.cpuUsage(before);
    const verdict = violated.length > 0 ? 'violated' : undecided.length > 0 ? 'undecided' : 'good';
    console.log(`${type}, 100,000 transactions, ${fault}: ${((user + system) / 1e6).toFixed(1)} s of processor, ${verdict}`);
  }
}
