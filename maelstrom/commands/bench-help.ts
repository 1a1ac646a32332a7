import { benchFlags } from './bench-options.ts';
import { flagHelp } from './flags.ts';

export const benchHelp = `eddy bench --bin FILE [--vs FILE] [flags]
           [-- arguments for the node of --bin [-- arguments for that of --vs]]

Measures how fast a node is, and compares it with another one if you like. It
starts a cluster, and clients read and write as fast as they are answered. It
prints how many operations succeeded each second, how long they took, and what
they cost.

Flags (--flag VALUE or --flag=VALUE):
${benchFlags.map(flagHelp).join('\n')}

Each client sends a request, waits for the answer, and sends the next request at
once (a closed loop). Clients are spread over the nodes, and each keeps to one
node. Where there are fewer clients than nodes, each client goes round the
nodes, so that it does not matter which node leads. After an error, which is
counted, a client rests for 10 ms. Every answer is checked: it must belong to a
request, come from the right node, and say success. The values that were read
are not judged (eddy test judges them).

Nodes are measured in turn, round after round, so that other load on the machine
affects all of them. In each round a new cluster is warmed up once, and then
measured with each number of clients. The printed figures are medians over the
rounds. A ratio is the median of the ratios within each round.

A node that is compiled while it runs (JavaScript, Java) is slow at first. That
is why the warm-up has at least 64 clients. On a busy machine raise --warm-up
until the figures do not change any more.

  op/s            successful operations each second
  p50, p99        latency in milliseconds: 50 % and 99 % of the operations took
                  no longer
  msg/op          messages between nodes for each operation
  bytes/op        bytes of these messages for each operation
  cpu             milliseconds of processor time of all nodes for 1,000
                  operations (Linux only)
  MiB             the most memory that the largest node used (Linux only)
  router busy     the share of one processor core that the router used. Near
                  100 % it is the router that is measured.
  share           the router's part of the processor time of router and nodes
  failed          operations that ended in an error, or had no answer for 10 s

The row "ceiling" is a node of ours that answers from a map and replicates
nothing. No node in Node.js can be faster here. It shows how much the router can
carry.

{data} in the arguments for a node stands for a directory that is new for every
cluster. Without it our own node keeps everything in memory.

Examples:
  eddy bench --bin ./node --clients 1,64 --node-count 3,5
  eddy bench --bin ./node --vs ./node-before --rounds 9 --json bench.json
  eddy bench --bin bin/raft --vs bin/raft --clients 64 \\
    -- --data-dir {data} -- --heartbeat-ms 50
  eddy bench --bin ./node --clients 10 --latency 10 --no-ceiling

Exit code: 0 measured; 1 a node misbehaved, or operations failed; 2 it could not
be run.
`;
