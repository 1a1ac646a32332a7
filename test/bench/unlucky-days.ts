/**
 * Plays many unlucky days and prints what came of them: `npm run days -- FIRST LAST` for the seeds from FIRST to LAST.
 * Exit code 1 where a day was not linearizable, or a node did what no node may do; that day is named by its seed.
 */
import { playDay } from '../simulation/unlucky-day.ts';

const [first = 1, last = 100] = process.argv.slice(2).map(Number);
const total = { days: 0, ok: 0, fail: 0, info: 0, restarts: 0 };

for (let seed = first; seed <= last; seed += 1) {
  const { events, report, findings, restarts } = playDay({ seed, durationMs: 10_000 });
  total.days += 1;
  total.restarts += restarts;
  for (const { process: who, type } of events) {
    if (who !== 'nemesis' && type !== 'invoke') total[type] += 1;
  }
  if (report.verdict !== 'linearizable' || findings.length > 0) {
    console.log(`seed ${seed}: ${report.verdict}`, findings.slice(0, 3));
    process.exitCode = 1;
  }
}

const { days, ok, fail, info, restarts } = total;
console.log(`${days} days of 10 s: ${ok} ok, ${fail} fail, ${info} info, ${restarts} restarts`);
console.log(process.exitCode === undefined ? 'every day was linearizable' : 'not every day was good');
