/** The thread of one worker: takes seeds, one after the other, and answers each with what came of it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer } from './crew.ts';
import { playSeed } from './run.ts';
import { playTask } from './seed-report.ts';
import type { Task } from './seed-report.ts';

const task: Task = workerData;

function answer(seed: number): Answer {
  try {
    return { report: playTask(playSeed, task, seed) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

parentPort?.on('message', (seed: number) => parentPort?.postMessage(answer(seed)));
