export const generalHelp = `eddy: a small Maelstrom. Runs any node that speaks the Maelstrom protocol as a cluster,
makes its network go wrong, and says whether what the clients saw was right.

  eddy test --bin FILE [flags] [-- arguments for the node]   run a cluster and judge it
  eddy check FILE...                                         judge a history that was recorded before, by Jepsen too
  eddy bench --bin FILE [--vs FILE] [flags]                  measure how fast it is
  eddy sim [--seeds 1..1000]                                 hunt for bugs in our own node, in virtual time
  eddy test --help, eddy check --help, ...                   more about each

Try:
  eddy test -w echo --bin ./my-node --node-count 1
  eddy test --bin ./my-node --node-count 3
  eddy test --bin ./my-node --node-count 3 --nemesis partition --latency 20
  eddy test --bin ./my-node --nemesis partition,kill,pause -- --data-dir {data}

Exit code: 0 all was well, 1 something was violated, 2 it could not be run or not be decided.
`;
