export const generalHelp = `eddy: a workbench for Maelstrom nodes. It runs any program that speaks the
Maelstrom protocol as a cluster, makes its network and its nodes fail, and says
whether what the clients saw was correct.

  eddy test --bin FILE [flags] [-- arguments for the node]
      run a cluster under load and judge it
  eddy check FILE...
      judge a history that was recorded before, also one of Jepsen's
  eddy bench --bin FILE [--vs FILE] [flags]
      measure how fast a node is
  eddy sim [--seeds 1..1000]
      search for bugs in our own node, in simulated time

Each command explains its flags: eddy test --help, eddy check --help, ...

Try:
  eddy test -w echo --bin ./my-node --node-count 1
  eddy test --bin ./my-node --node-count 3
  eddy test --bin ./my-node --node-count 3 --nemesis partition --latency 20
  eddy test --bin ./my-node --nemesis partition,kill,pause -- --data-dir {data}

Exit code: 0 all was well; 1 something was violated; 2 it could not be run, or
not be decided.
`;
