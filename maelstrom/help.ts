import { testFlags } from './options.ts';
import type { Flag } from './options.ts';

export const generalHelp = `eddy: a small Maelstrom. Runs any node that speaks the Maelstrom protocol as a cluster,
makes its network go wrong, and says whether what the clients saw was right.

  eddy test --bin FILE [flags] [-- arguments for the node]   run a cluster and judge it
  eddy check FILE                                            judge a history that was recorded before
<<<<<<< HEAD
  eddy sim [--seeds 1..1000]                                 hunt for bugs in our own node, in virtual time
  eddy test --help, eddy check --help, eddy sim --help       more about each
=======
  eddy bench --bin FILE [--vs FILE] [flags]                  measure how fast it is
  eddy test --help, eddy check --help, ...                   more about each
>>>>>>> main

Try:
  eddy test --bin ./my-node --node-count 3
  eddy test --bin ./my-node --node-count 3 --nemesis partition --latency 20
  eddy test --bin ./my-node --nemesis partition,kill,pause -- --data-dir {data}

Exit code: 0 all was well, 1 something was violated, 2 it could not be run or not be decided.
`;

export const testHelp = `eddy test --bin FILE [flags] [-- arguments for the node]

Starts the node's executable several times, sends each process its init, and plays clients against them while
messages between the nodes are delayed and cut off. Records what the clients saw and judges it.

A node is a program that reads messages from stdin and writes messages to stdout, one JSON object a line, in the
protocol of Jepsen's Maelstrom. What it writes to stderr is kept for you. It runs in the system's temporary
directory, as under Maelstrom, so give it absolute paths.

Flags (--flag VALUE or --flag=VALUE):
${testFlags.map(flagHelp).join('\n')}

lin-kv: clients read, write and compare-and-set keys that are whole numbers, with values 0 to 4. Keys are shared by
groups of 2n threads, of which n only read. A client gives up after ten mean latencies, at least 1 s. Every key
must be linearizable, and reads, writes and compare-and-sets must each succeed at least once. A read that is answered
with error 20 (the key does not exist) has seen that nothing is there.

Faults come, alone or together, after about an interval, last for about another, and so on, each at times of its own,
drawn from half an interval to one and a half. At the end everything is healed, started again and let go on.

partition: the network is cut into random halves, or one node is alone, or nodes form a ring in which each hears a
different majority (of three nodes, then, no two hear each other, and nothing can be agreed on). A message that is on
its way between cut-off nodes is lost. Clients reach every node that runs, always.

kill: one node, a minority, a majority or all of them get SIGKILL, then the same command runs again, with init sent
anew. What they are sent meanwhile is lost. That is no fault of theirs; whatever else ends a node is.

pause: such a set of nodes gets SIGSTOP, then SIGCONT. What they are sent meanwhile waits for them.

Each run has a fresh directory for data, which all nodes share: {data} in the arguments after -- stands for it.

Nodes that answer {"type":"raft_status"} with raft_status_ok (role, term, leader, commit_index) are asked all the
time, and the longest gap between two successes is broken down: detection, election, first commit. Others need not
know that request: one node is asked first, and if that was too much for it, all are started again and left alone.

Everything is left in store/<workload>/<time>/: history.jsonl (what clients and nemesis did), results.json (all
figures), node-logs/ (each node's stderr), data/ (what nodes kept). store/latest is the newest.

Examples:
  eddy test --bin ./node.py --node-count 3
  eddy test --bin ./node --node-count 5 --concurrency 4n --rate 500 --time-limit 60 --nemesis partition
  eddy test --bin ./node --latency 20 --latency-dist exponential --seed 7 -- --verbose
  eddy test --bin ./node --time-limit 60 --nemesis partition,kill,pause -- --store {data}

Exit code: 0 all was well; 1 not linearizable, a node misbehaved, or a kind of operation never succeeded;
2 it could not be run or not be decided.
`;

export const checkHelp = `eddy check FILE

Judges a recorded history: is there, for every key, one order of the operations that explains all that clients saw?
FILE holds one JSON object a line, as eddy test leaves it:

  {"index":0,"time":1000000,"process":0,"type":"invoke","f":"write","key":1,"value":3}
  {"index":1,"time":2000000,"process":0,"type":"ok","f":"write","key":1,"value":3}

time is in nanoseconds; type is invoke, ok, fail (it certainly did not happen) or info (nobody knows); f is read,
write or cas (whose value is [from, to]); error may say why.

Example:
  eddy check store/latest/history.jsonl

Exit code: 0 linearizable, 1 not linearizable, 2 the file cannot be read or the search was given up.
`;

export function flagHelp({ name, short, value, help }: Flag): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return `  ${names.padEnd(28)} ${help}`;
}
