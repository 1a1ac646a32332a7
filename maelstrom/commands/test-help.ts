import { flagHelp } from './flags.ts';
import { testFlags } from './test-options.ts';

export const testHelp = `eddy test --bin FILE [flags] [-- arguments for the node]

Runs a program as a cluster, and judges it. It starts the program once for each
node and sends each process its init. Clients send requests. Messages between
the nodes can be delayed, and faults can occur. What the clients saw is recorded
and judged.

A node is a program that reads messages from stdin and writes messages to
stdout: one JSON object a line, in the protocol of Jepsen's Maelstrom. What it
writes to stderr is kept in a file. It runs in the system's temporary directory,
as under Maelstrom, so give it absolute paths. It must answer init within 10 s,
and flush stdout after every line (in Python: print(..., flush=True)).

Some faults of a node are findings, and a run with a finding is bad:
- a line that is not a message;
- a message to a node or client that does not exist;
- an answer with fields that were not asked for;
- a node that exits, hangs (it is asked but writes nothing for 5 s), or does not
  read its stdin.

Flags (--flag VALUE or --flag=VALUE):
${testFlags.map(flagHelp).join('\n')}

WORKLOADS

They are Maelstrom's. Each kind of operation must succeed at least once. Clients
wait 5 s for an answer, except in lin-kv.

lin-kv: clients read, write and compare-and-set keys. Keys are integers, values
are 0 to 4. Every key must be linearizable. A read that is answered with error
20 (the key does not exist) has seen that the key has no value. A group of 2n
threads shares a key; n of them only read. After 20 processes have used the key,
the group takes a new one. (A thread becomes a new process after an operation
whose outcome is unknown.) A client waits ten mean latencies, at least 1 s.

echo: the answer to {"type":"echo","echo":X} must be
{"type":"echo_ok","echo":X}. An echo without an answer is wrong too, except
where nodes are killed or paused.

unique-ids: the answer to {"type":"generate"} must be
{"type":"generate_ok","id":X}. X may be any JSON. No X may come twice.

broadcast: after each init, a node is sent
{"type":"topology","topology":{NODE:[NEIGHBOUR,...],...}}; it answers
topology_ok. {"type":"broadcast","message":X} is answered with broadcast_ok,
{"type":"read"} with {"type":"read_ok","messages":[X,...]}. After all faults and
the recovery time, every client reads once more. A message is lost if its
broadcast was acknowledged and one of these last reads does not have it. How
long it took until all reads had a message is printed.

g-set: {"type":"add","element":X} is answered with add_ok, {"type":"read"} with
{"type":"read_ok","value":[X,...]}. After the recovery time every client reads
once more. An element is lost if its add was acknowledged and one of these last
reads does not have it. No read may have an element twice, or an element that no
client has added.

g-counter, pn-counter: {"type":"add","delta":N} is answered with add_ok,
{"type":"read"} with {"type":"read_ok","value":N}. g-counter adds 0 to 4 at a
time, pn-counter -5 to 4. After the recovery time every client reads once more.
Each of these last reads must be the sum of all acknowledged adds, plus any of
the adds whose outcome is unknown. No earlier read may be outside the sums that
were possible by then.

kafka: a log for each key. A key is a string. The messages of a log have
offsets, which rise and may have gaps.
  {"type":"send","key":K,"msg":X}
    is answered with {"type":"send_ok","offset":N}
  {"type":"poll","offsets":{K:N,...}}
    with {"type":"poll_ok","msgs":{K:[[N,X],...],...}}, from these offsets on
  {"type":"commit_offsets","offsets":{K:N,...}}
    with {"type":"commit_offsets_ok"}
  {"type":"list_committed_offsets","keys":[K,...]}
    with {"type":"list_committed_offsets_ok","offsets":{K:N,...}}
At the end every client starts again and polls all keys from the beginning, for
at most 10 s. Every acknowledged message must have been polled, always at the
same offset, and each client must have seen the offsets in order, without
leaving a message out.

txn-list-append: a transaction
{"type":"txn","txn":[["r",K,null],["append",K,V]]} is answered with the same
steps, {"type":"txn_ok","txn":[["r",K,[V,...]],["append",K,V]]}. A read has the
list at its key (null or [] if there is none) and includes what earlier steps of
its transaction did. Error 30 (a conflict with another transaction) means that
the transaction has done nothing.

txn-rw-register: the same with ["w",K,V], which overwrites the value at K. A
read has one value, or null if there is none.

In both, no value is written twice. So a read tells which transaction wrote what
it saw, and reads tell which transaction came before which. A cycle of such
dependencies is an anomaly; it is printed with its transactions.
--consistency-models says which anomalies are forbidden. The names of models and
anomalies are those of Elle (github.com/jepsen-io/elle). An answer with other
steps than the request is a finding, and so are some anomalies that Maelstrom
does not look for.

SERVICES

Nodes may send requests to the services lin-kv, seq-kv, lww-kv and lin-tso, as
under Maelstrom. Messages to and from services have the same latency as those
between nodes. The first three take read, write and cas as in the lin-kv
workload, and cas with "create_if_not_exists":true.

lin-kv is linearizable. seq-kv is sequentially consistent: a node may read an
old state, but never an older one than it has seen before, and a node that
writes sees all writes before its own. lww-kv has five replicas whose clocks
differ and keeps the last write by those clocks, so it loses writes. lin-tso
answers {"type":"ts"} with {"type":"ts_ok","ts":N}: 0, 1, 2, ..., each N once.
Errors: 20 (no such key), 22 (cas found another value), 10 and 12 (the request
is not understood), 11 (the service is full).

FAULTS

Each fault comes and goes at times of its own. It begins after half an interval
to one and a half, lasts as long, and so on (--nemesis-interval). At the end of
the load all faults are ended: the network is whole and every node runs.

partition: the network is cut into two random halves, or one node is cut off, or
the nodes form a ring in which each hears a different majority. (With three
nodes no two hear each other then, and nothing can be agreed on.) A message on
its way between nodes that are cut off is lost. Clients and services always
reach every running node.

kill: one node, a minority, a majority or all nodes get SIGKILL. Later the same
command starts them again and they get init anew. Messages to a killed node are
lost. A node that ends in any other way is a finding.

pause: such a set of nodes gets SIGSTOP, and later SIGCONT. Messages to a paused
node wait for it.

services: such a set of nodes is cut off from all services, not from each other.

DATA AND STATUS

{data} in the arguments for the node stands for a directory that is new in each
run. All nodes of the run are given the same one. Our own node, bin/raft, is
started with --data-dir {data} unless you give it a --data-dir.

Nodes that answer {"type":"raft_status"} with raft_status_ok (role, term,
leader, commit_index) are asked 40 times a second. Then the longest time without
a success is explained: detection, election, first commit. Other nodes need not
know this request. One node is asked first; if the request stops it, all nodes
are started again and none is asked any more.

RESULTS

Everything is written to store/<workload>/<time>/:
  report.html        a page for the browser: charts, nodes, messages, keys
  history.jsonl      what clients and nemesis did
  history.edn, .txt  the same as Jepsen writes it, for programs and for people
  messages.jsonl     every message, and what became of it
  results.json       all figures
  results.edn        the same as Maelstrom writes it
  node-logs/         the stderr of each node
  data/              what {data} stands for
store/latest is the newest run, store/<workload>/latest the newest of its
workload.

Examples:
  eddy test --bin ./node.py --node-count 3
  eddy test -w broadcast --bin ./node --nodes a,b,c --topology line
  eddy test -w txn-list-append --bin ./node \\
    --consistency-models snapshot-isolation --nemesis partition
  eddy test --bin ./node --nemesis partition --test-count 20
  eddy test --bin ./node --node-count 5 --concurrency 4n --rate 500
  eddy test --bin ./node --latency 20 --latency-dist exponential -- --verbose
  eddy test --bin ./node --nemesis partition,kill,pause -- --store {data}

Exit code: 0 all was well; 1 the workload's property was violated (lin-kv: a key
is not linearizable), a node misbehaved, or a kind of operation never succeeded;
2 it could not be run, or not be decided.
`;
