import { checkFlags } from './check-options.ts';
import { flagHelp } from './flags.ts';

export const checkHelp = `eddy check FILE... [flags]

Judges a recorded history: is there, for every key, one order of the operations that explains all that clients saw?
(A history of echo, unique-ids or broadcast is judged as that.) FILE holds one JSON object a line, as eddy test leaves
it:

  {"index":0,"time":1000000,"process":0,"type":"invoke","f":"write","key":1,"value":3}
  {"index":1,"time":2000000,"process":0,"type":"ok","f":"write","key":1,"value":3}

time is in nanoseconds; type is invoke, ok, fail (it certainly did not happen) or info (it is not known); f is read,
write or cas (whose value is [from, to]); error may say why.

Or its name ends in .edn, and it holds a history of Jepsen's or Maelstrom's, one map after the other or all in one
vector, tagged or not:

  {:index 0, :time 1000000, :type :invoke, :process 0, :f :write, :value [1 3]}
  #jepsen.history.Op{:index 1, :time 2000000, :type :ok, :process 0, :f :write, :value [1 3]}

Where every :value is a pair, the first is the key (as with jepsen.independent); otherwise there is one register. It
holds nil at first, and a read that is ok with nil has seen that nothing is there (to Knossos, such a read says nothing).

A history of transactions has f txn, and values like [["r",1,[3,4]],["append",1,5]] (lists) or [["r",1,3],["w",1,5]]
(registers; Elle's [[:r 1 3] [:w 1 5]] in .edn). It is judged as by eddy test -w txn-list-append and txn-rw-register.

Several histories are judged one after the other. Of a directory it judges what is in it and below: the history of a run,
or all files that end in .jsonl or .edn.

Flags (--flag VALUE or --flag=VALUE):
${checkFlags.map(flagHelp).join('\n')}

Examples:
  eddy check store/latest/history.jsonl
  eddy check store/latest/history.jsonl --report page.html
  eddy check registers-that-begin-with-0.edn --initial 0
  eddy check jepsen/store/latest/history.edn
  eddy check elle.edn --consistency-models snapshot-isolation
  eddy check store --time-limit 10

Exit code: 0 all are linearizable, 1 one is not, 2 one cannot be read or its search was given up.
`;
