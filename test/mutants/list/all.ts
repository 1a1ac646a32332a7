import type { Mutant } from '../mutant.ts';
import { answers } from './answers.ts';
import { disk } from './disk.ts';
import { elections } from './elections.ts';
import { log } from './log.ts';
import { members } from './members.ts';
import { reads } from './reads.ts';
import { snapshots } from './snapshots.ts';

export const mutants: readonly Mutant[] = [...elections, ...log, ...disk, ...reads, ...answers, ...snapshots, ...members];
