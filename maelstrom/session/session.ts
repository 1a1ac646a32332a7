import { resolve } from 'node:path';
import { Random } from '../../src/index.ts';
import type { Body, Finding } from '../cluster/cluster.ts';
import { greet } from '../cluster/greeting.ts';
import { initialize, isInitAnswer } from '../cluster/init.ts';
import type { InitFailure } from '../cluster/init.ts';
import { probeStatus } from '../cluster/status-probe.ts';
import { ProcessCluster } from '../cluster/processes.ts';
import { Findings } from '../cluster/findings.ts';
import type { HistoryEvent } from '../history/history.ts';
import { Journal } from '../network/journal/journal.ts';
import { Network } from '../network/network.ts';
import { Services } from '../services/services.ts';
import type { Progress } from '../report/progress.ts';
import { oneFinding } from '../report/terminal.ts';
import type { Store } from '../report/store.ts';
import type { TestOptions } from './options.ts';
import { startRun } from './test-run.ts';
import type { RunRecord } from './test-run.ts';

/** Services draw from a stream of their own. */
const servicesSalt = 0x5eb1ce5;

/** Findings that are kept and shown, besides the ends of nodes. */
const maxFindings = 20;

/** How a run ended. */
export type SessionResult =
  | { readonly kind: 'played'; readonly record: RunRecord }
  /** A node did not survive `raft_status`, which it need not know. Nothing was played; do not ask the next ones. */
  | { readonly kind: 'upset' }
  /** `why` is a clause for the person who started it: which nodes failed, and how. */
  | { readonly kind: 'not-up'; readonly why: string }
  /** `record` is what had happened by then; undefined where clients had not begun. */
  | { readonly kind: 'interrupted'; readonly record: RunRecord | undefined };

/**
 * One run on real processes, from their start to their end. This is where the callbacks of a cluster become promises:
 * a run on a simulated one does without.
 */
export class Session {
  readonly findings = new Findings(maxFindings);
  readonly network: Network;
  /** The messages of the run. */
  readonly journal = new Journal(() => this.#cluster.nowMs() - this.#runStartedAtMs);
  readonly #options: TestOptions;
  readonly #cluster: ProcessCluster;
  readonly #store: Store;
  readonly #progress: Progress;
  readonly #lateNodes = new Set<string>();
  /** When the clients began, in the cluster's milliseconds: the history and the findings count from there. */
  #runStartedAtMs = 0;
  #recordSoFar: () => RunRecord | undefined = () => undefined;
  /** What happens afterwards is of no interest. */
  #isCutShort = false;

  /** Starts the processes. `stop` has to be called whatever happens. */
  constructor(options: TestOptions, store: Store, progress: Progress) {
    this.#options = options;
    this.#store = store;
    this.#progress = progress;
    store.clearData();
    this.network = new Network(options.nodeIds, options.latency, new Random(options.seed));
    this.#cluster = new ProcessCluster(
      {
        nodeIds: options.nodeIds,
        bin: resolve(options.bin),
        nodeArguments: options.nodeArguments,
        nodeLogs: store.nodeLogs,
        onStderrLine: (nodeId, text) => {
          if (options.logStderr) progress.say(`${nodeId}: ${text}`);
        },
        onSend: (line) => {
          if (options.logNetSend) progress.say(`send ${line}`);
        },
        onReceive: (line) => {
          if (options.logNetRecv) progress.say(`recv ${line}`);
        },
        services: new Services(new Random(options.seed ^ servicesSalt)),
      },
      this.network,
    );
  }

  /** Nodes that answered their `init` after they had been given up: when their stdin was closed, that is. */
  get lateNodes(): readonly string[] {
    return [...this.#lateNodes];
  }

  /**
   * Brings the cluster up and plays the run. Ends early when `interrupted` is aborted.
   *
   * @param asksStatus whether to ask nodes for their status, if they can be asked
   */
  async play(asksStatus: boolean, interrupted: AbortSignal): Promise<SessionResult> {
    const aborted = new Promise<'aborted'>((settle) => {
      if (interrupted.aborted) settle('aborted');
      interrupted.addEventListener('abort', () => settle('aborted'));
    });
    const failures = await Promise.race([this.#initialize(), aborted]);
    if (failures === 'aborted') return { kind: 'interrupted', record: undefined };
    if (failures.length > 0) {
      this.#cluster.onClientMessage((message) => {
        if (isInitAnswer(this.#options.nodeIds, message)) this.#lateNodes.add(message.src);
      });
      return notUp(failures);
    }
    const mayAsk = asksStatus && this.#options.workload.isForRaft;
    const answersStatus = mayAsk ? await Promise.race([this.#probe(), aborted]) : false;
    if (answersStatus === 'aborted') return { kind: 'interrupted', record: undefined };
    if (answersStatus === undefined) return { kind: 'upset' };
    const unwelcome = await Promise.race([this.#greet(), aborted]);
    if (unwelcome === 'aborted') return { kind: 'interrupted', record: undefined };
    if (unwelcome.length > 0) return notUp(unwelcome);
    const record = await Promise.race([this.#run(answersStatus), aborted]);
    if (record !== 'aborted') return { kind: 'played', record };
    this.#isCutShort = true;
    return { kind: 'interrupted', record: this.#recordSoFar() };
  }

  /** Resolves when no process is left. */
  async stop(): Promise<void> {
    await this.#cluster.stop();
  }

  /** Resolves to the nodes that failed. One that has ended cannot answer any more, and is not waited for. */
  #initialize(): Promise<readonly InitFailure[]> {
    return new Promise((settle) => {
      this.#onEnd('before it answered init', settle);
      initialize(this.#cluster, settle);
    });
  }

  get #greeting(): Body | undefined {
    const { workload, nodeIds, topology } = this.#options;
    return workload.greeting?.(nodeIds, topology);
  }

  /** Resolves to whether nodes tell their status; to undefined where one of them went wrong when it was asked. */
  #probe(): Promise<boolean | undefined> {
    return new Promise((settle) => {
      this.#cluster.onFinding(() => settle(undefined));
      probeStatus(this.#cluster, settle);
    });
  }

  /** Tells the nodes what the workload has for them. Resolves to the nodes that did not take it. */
  #greet(): Promise<readonly InitFailure[]> {
    const body = this.#greeting;
    if (body === undefined) return Promise.resolve([]);
    return new Promise((settle) => {
      this.#onEnd(`before it answered ${body.type}`, settle);
      greet(this.#cluster, body, settle);
    });
  }

  #run(asksStatus: boolean): Promise<RunRecord> {
    const { workload, concurrency, ratePerSecond, timeLimitMs, faults, nemesisIntervalMs, recoveryMs, seed } = this.#options;
    const load = { workload, concurrency, ratePerSecond, timeLimitMs };
    const plan = { ...load, faults, nemesisIntervalMs, recoveryMs, seed, asksStatus, greeting: this.#greeting };
    const onFinding = (finding: Finding) => this.#take(finding);
    this.#cluster.onFinding(onFinding);
    this.#runStartedAtMs = this.#cluster.nowMs();
    this.#cluster.keepJournal(this.journal);
    this.#tickEachSecond();
    return new Promise((onDone) => {
      this.#recordSoFar = startRun(this.#cluster, plan, {
        onEvent: (event) => {
          if (this.#isCutShort) return;
          this.#store.addEvent(event);
          this.#progress.add(event);
          if (isNotable(event)) this.journal.mark();
        },
        onFinding,
        onDone,
      });
    });
  }

  /** Takes findings, and tells of a node that ends. */
  #onEnd(when: string, tell: (failures: readonly InitFailure[]) => void): void {
    this.#cluster.onFinding((finding) => {
      this.#take(finding);
      const { kind, nodeId, what } = finding;
      if (kind === 'ended') tell([{ nodeId, what: `${what} ${when}` }]);
    });
  }

  #tickEachSecond(): void {
    this.#cluster.after(1000, () => {
      this.#progress.tick();
      this.#tickEachSecond();
    });
  }

  #take(found: Finding): void {
    if (this.#isCutShort) return;
    this.journal.mark();
    const finding = { ...found, atMs: found.atMs - this.#runStartedAtMs };
    if (this.findings.add(finding)) this.#progress.say(oneFinding(finding).join('\n'));
  }
}

function notUp(failures: readonly InitFailure[]): SessionResult {
  const whats = failures.map(({ nodeId, what }) => `${nodeId} ${what}`).join('; ');
  return { kind: 'not-up', why: `the cluster did not come up: ${whats}` };
}

/** A fault that begins or ends, or an operation whose client was left without an answer. */
function isNotable({ process, type, ...event }: HistoryEvent): boolean {
  return process === 'nemesis' || type === 'info' || ('error' in event && event.error === 'timeout');
}
