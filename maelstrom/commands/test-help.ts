import { flagHelp } from './flags.ts';
import { testFlags } from './test-options.ts';

export const testHelp = `eddy test --bin FILE [flags] [-- arguments for the node]

Starts the node's executable several times, sends each process its init, and plays clients against them while
messages between the nodes are delayed and cut off. Records what the clients saw and judges it.

A node is a program that reads messages from stdin and writes messages to stdout, one JSON object a line, in the
protocol of Jepsen's Maelstrom. What it writes to stderr is kept for you. It runs in the system's temporary
directory, as under Maelstrom, so give it absolute paths. It has to answer init within 10 s, and to flush its stdout
after every line (in Python: print(..., flush=True)).

A line that is no message is a finding, and so are a message to nobody, an answer with fields that are not asked for,
and a node that exits, hangs (writes nothing for 5 s though it is asked) or leaves its stdin unread. A run with findings
is bad.

Flags (--flag VALUE or --flag=VALUE):
${testFlags.map(flagHelp).join('\n')}

The workloads are Maelstrom's; each kind of operation must succeed at least once.

lin-kv: clients read, write and compare-and-set keys that are whole numbers, with values 0 to 4. Keys are shared by
groups of 2n threads, of which n only read, until 20 processes have used them (a thread counts as a new one after an
operation whose outcome is unknown). A client gives up after ten mean latencies, at least 1 s. Every key must be
linearizable. A read that is answered with error 20 (the key does not exist) has seen that nothing is there.

echo: {"type":"echo","echo":X} has to bring {"type":"echo_ok","echo":X}. Clients wait 5 s, here and below. An echo that
is not answered is wrong too, except where nodes are killed or paused.

unique-ids: {"type":"generate"} has to bring {"type":"generate_ok","id":X}, and no X twice. It may be any JSON.

broadcast: nodes are told {"type":"topology","topology":{NODE:[NEIGHBOUR,...],...}} and answer topology_ok, after
each init. {"type":"broadcast","message":X} brings broadcast_ok, {"type":"read"} brings
{"type":"read_ok","messages":[X,...]}. After the recovery time, when all faults are over, every client reads once more.
A message is lost if it was known to be taken and one of the last reads does not show it; how long messages took until
all reads showed them is printed.

g-set: {"type":"add","element":X} brings add_ok, {"type":"read"} brings {"type":"read_ok","value":[X,...]}. Every client
reads once more after the recovery time. An element is lost if it was known to be added and one of the last reads does
not show it. No read may bring an element twice, or one that was not being added.

g-counter, pn-counter: {"type":"add","delta":N} brings add_ok, {"type":"read"} brings {"type":"read_ok","value":N}. The
first adds 0 to 4 at a time, the second -5 to 4. Every client reads once more after the recovery time: each of the last
reads has to bring the sum of all adds that were acknowledged, and any of those whose outcome is unknown. No read may
bring more, or less, than what had been added by then allows.

kafka: logs, each under a key that is a text, of messages at offsets that go up and may have gaps.
{"type":"send","key":K,"msg":X} brings {"type":"send_ok","offset":N}. {"type":"poll","offsets":{K:N,...}} brings
{"type":"poll_ok","msgs":{K:[[N,X],...],...}}, the messages from these offsets on. {"type":"commit_offsets",
"offsets":{K:N,...}} brings commit_offsets_ok, and {"type":"list_committed_offsets","keys":[K,...]} brings
{"type":"list_committed_offsets_ok","offsets":{K:N,...}}. At the end every client begins anew and polls all keys from the
beginning, for 10 s at most. What was acknowledged must have been polled, at one offset, by each client in order and
without a gap.

txn-list-append: {"type":"txn","txn":[["r",K,null],["append",K,V]]} has to bring {"type":"txn_ok","txn":[["r",K,[V,...]],
["append",K,V]]}: the same steps, where each read shows the list at its key (null or [] where there is none) and sees
what the steps before it did. txn-rw-register: the same with ["w",K,V], which overwrites, and reads that show one value,
null where there is none. Error 30 (in conflict with another transaction) means that nothing of it happened. Values are
never written twice, so reads tell which transaction they saw, and from that follows which transaction came before
which. A circle of such dependencies is an anomaly, told with the transactions in it. --consistency-models says which
anomalies are forbidden; the names of models and anomalies are Elle's (github.com/jepsen-io/elle). Other steps in an
answer than were asked for are a finding (Maelstrom lets them pass), and so are anomalies that it does not look for.

Services: nodes may send requests to lin-kv, seq-kv, lww-kv and lin-tso, as under Maelstrom, and get answers from them
like from any node, with the same latency. The first three know read, write and cas, as in lin-kv above, and cas with
"create_if_not_exists":true. lin-kv is linearizable. seq-kv is sequentially consistent: it serves old states, but never
lets a node go back, and whoever writes sees all that was written before. lww-kv has five replicas and keeps the last
write, by clocks that do not agree: it loses writes. lin-tso answers {"type":"ts"} with {"type":"ts_ok","ts":N}, each N
once, from 0 upwards. Errors: 20 (no such key), 22 (cas found another value), 10 and 12 (not understood), 11 (full).

Faults come, alone or together, after about an interval, last for about another, and so on, each at times of its own,
drawn from half an interval to one and a half. At the end everything is healed, started again and let go on.

partition: the network is cut into random halves, or one node is alone, or nodes form a ring in which each hears a
different majority (of three nodes, then, no two hear each other, and nothing can be agreed on). A message that is on
its way between cut-off nodes is lost. Clients reach every node that runs, always.

kill: one node, a minority, a majority or all of them get SIGKILL, then the same command runs again, with init sent
anew. What they are sent meanwhile is lost. That is no fault of theirs; whatever else ends a node is.

pause: such a set of nodes gets SIGSTOP, then SIGCONT. What they are sent meanwhile waits for them.

services: such a set of nodes is cut off from all services (not from each other). A partition leaves services within
reach of every node, as under Maelstrom.

Each run has a fresh directory for data, which all nodes share: {data} in the arguments after -- stands for it.

Nodes that answer {"type":"raft_status"} with raft_status_ok (role, term, leader, commit_index) are asked all the
time, and the longest gap between two successes is broken down: detection, election, first commit. Others need not
know that request: one node is asked first, and if that was too much for it, all are started again and left alone.

Everything is left in store/<workload>/<time>/: report.html (for a browser: charts, nodes, every message, every key),
history.jsonl (what clients and nemesis did), history.edn and history.txt (the same as Jepsen writes it, for programs and
for people), messages.jsonl (what was sent, and what became of it), results.json (all figures), results.edn (the same as
Maelstrom writes it), node-logs/ (each node's stderr), data/ (what nodes kept). store/latest is the newest, and
store/<workload>/latest the newest of its workload.

Examples:
  eddy test --bin ./node.py --node-count 3
  eddy test -w broadcast --bin ./node --nodes a,b,c --topology line --nemesis partition
  eddy test -w txn-list-append --bin ./node --consistency-models snapshot-isolation --nemesis partition
  eddy test --bin ./node --nemesis partition --test-count 20
  eddy test --bin ./node --node-count 5 --concurrency 4n --rate 500 --time-limit 60 --nemesis partition
  eddy test --bin ./node --latency 20 --latency-dist exponential --seed 7 -- --verbose
  eddy test --bin ./node --time-limit 60 --nemesis partition,kill,pause -- --store {data}

Exit code: 0 all was well; 1 not linearizable (or whatever the workload asks for), a node misbehaved, or a kind of
operation never succeeded; 2 it could not be run or not be decided.
`;
