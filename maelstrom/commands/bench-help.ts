import { benchFlags } from './bench-options.ts';
import { flagHelp } from './flags.ts';

export const benchHelp = `eddy bench --bin FILE [--vs FILE] [flags] [-- arguments for the first [-- and for the other]]

Measures how fast a node is, beside another one if you like: starts a cluster, lets clients read and write as fast as
they are answered, and says how many operations a second succeeded, how long they took, and what they cost.

Flags (--flag VALUE or --flag=VALUE):
${benchFlags.map(flagHelp).join('\n')}

Each client asks, waits for the answer and asks again at once (a closed loop). Clients are spread over the nodes and
stay with theirs; where there are fewer clients than nodes, each goes round the nodes, so that it does not matter who
leads. A client that is told an error, which is counted, rests for 10 ms. Every answer is checked: that its request
was asked, that it is from the right node, and whether it says success; what was read is not judged (eddy test does).

Nodes are measured in turn, round after round: what else the machine does hits all. Each time a fresh cluster is warmed
up once, and measured with each number of clients after the other.
A node that is compiled while it runs (JavaScript, Java) is slow at first, so clusters are warmed up with 64 clients
or more; on a busy machine give it more time, until a longer --warm-up changes nothing. Shown are medians over the
rounds. A ratio is the median of the ratios within each round.

  op/s            successful operations a second
  p50, p99        latency: half of them, and 99 of 100, took no longer than that, in milliseconds
  msg/op          messages between nodes, for each operation; bytes/op: the bytes of their lines
  cpu             milliseconds of processor time that all nodes together took for 1,000 operations (Linux only)
  MiB             the most memory that the largest node has had (Linux only)
  router busy     how much of its one processor core the router took: near 100 % it is the router that is measured
  share           the router's part of the processor time of router and nodes together
  failed          operations that ended in an error or in no answer for 10 s

The row "ceiling" is a node of ours that answers from a map and replicates nothing: no node in Node.js can be faster
here, and it shows how much the router can carry.

{data} in the arguments for a node stands for a directory that is fresh for every cluster. Without it our own node
keeps everything in memory.

Examples:
  eddy bench --bin ./node --clients 1,64 --node-count 3,5
  eddy bench --bin ./node --vs ./node-before --rounds 9 --json bench.json
  eddy bench --bin bin/raft --vs bin/raft --clients 64 -- --data-dir {data} -- --heartbeat-ms 50
  eddy bench --bin ./node --clients 10 --latency 10 --no-ceiling

Exit code: 0 measured; 1 a node misbehaved, or operations failed; 2 it could not be run.
`;
