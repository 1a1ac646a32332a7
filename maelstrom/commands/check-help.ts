import { checkFlags } from './check-options.ts';
import { flagHelp } from './flags.ts';

export const checkHelp = `eddy check FILE... [flags]

Judges recorded histories. A history of registers is good if every key is
linearizable: one order of its operations explains all that the clients saw.
Histories of the other workloads are judged as by eddy test. The workload is
found from the operations, or given with --workload.

FILE is one of these:

1. A file with one JSON object a line, as eddy test writes it:

  {"index":0,"time":1000000,"process":0,"type":"invoke","f":"write","key":1,"value":3}
  {"index":1,"time":2000000,"process":0,"type":"ok","f":"write","key":1,"value":3}

time is in nanoseconds. type is invoke (the operation begins), ok (it
succeeded), fail (it certainly did not happen) or info (it is not known whether
it did). f is read, write or cas, whose value is [from, to]. error may say why.

2. A file whose name ends in .edn, with a history of Jepsen's or Maelstrom's:
one map after the other, or all in one vector, tagged or not:

  {:index 0, :time 1000000, :type :invoke, :process 0, :f :write, :value [1 3]}
  #jepsen.history.Op{:index 1, :time 2000000, :type :ok, :process 0, :f :write, :value [1 3]}

If every :value is a pair, its first element is the key (as with
jepsen.independent). Otherwise there is one register. A register is nil at
first, and a read that is ok with nil has seen that nothing is there. (For
Knossos, such a read says nothing.)

3. A directory: the histories in it and below. In the directory of a run that is
its history, else all files whose names end in .jsonl or .edn.

In a history of transactions f is txn, and a value is a list of steps:
[["r",1,[3,4]],["append",1,5]] for lists, [["r",1,3],["w",1,5]] for registers
(in .edn as Elle writes it: [[:r 1 3] [:w 1 5]]).

Several histories are judged one after the other.

Flags (--flag VALUE or --flag=VALUE):
${checkFlags.map(flagHelp).join('\n')}

Examples:
  eddy check store/latest/history.jsonl
  eddy check store/latest/history.jsonl --report page.html
  eddy check registers-that-begin-with-0.edn --initial 0
  eddy check jepsen/store/latest/history.edn
  eddy check elle.edn --consistency-models snapshot-isolation
  eddy check store --time-limit 10

Exit code: 0 all histories are good; 1 one is not; 2 one cannot be read, or the
search in it was given up.
`;
