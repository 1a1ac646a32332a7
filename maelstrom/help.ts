import { testFlags } from './options.ts';

export const generalHelp = `eddy: a small Maelstrom. Runs any node that speaks the Maelstrom protocol as a cluster,
makes its network go wrong, and says whether what the clients saw was right.

  eddy test --bin FILE [flags] [-- arguments for the node]   run a cluster and judge it
  eddy check FILE                                            judge a history that was recorded before
  eddy test --help, eddy check --help                        more about each

Try:
  eddy test --bin ./my-node --node-count 3
  eddy test --bin ./my-node --node-count 3 --nemesis partition --latency 20

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
must be linearizable, and reads, writes and compare-and-sets must each succeed at least once.

partition: after one interval the network is cut, after the next it is healed, and so on; at the end it is healed.
Random halves, one node alone, or a ring in which each node hears a different majority (of three nodes, then, no two
hear each other, and nothing can be agreed on). A message that is on its way between cut-off nodes is lost. Clients
reach every node, always.

Nodes that answer {"type":"raft_status"} with raft_status_ok (role, term, leader, commit_index) are asked all the
time, and the longest gap between two successes is broken down: detection, election, first commit. Others need not
know that request: one node is asked first, and if that was too much for it, all are started again and left alone.

Everything is left in store/<workload>/<time>/: history.jsonl (what clients and nemesis did), results.json (all
figures), node-logs/ (each node's stderr). store/latest is the newest.

Examples:
  eddy test --bin ./node.py --node-count 3
  eddy test --bin ./node --node-count 5 --concurrency 4n --rate 500 --time-limit 60 --nemesis partition
  eddy test --bin ./node --latency 20 --latency-dist exponential --seed 7 -- --verbose

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

function flagHelp({ name, short, value, help }: (typeof testFlags)[number]): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return `  ${names.padEnd(28)} ${help}`;
}
