import { describe, expect, test } from 'vitest';
import {
  boundaryOf,
  forbiddenBy,
  friendlyName,
  impliedModels,
  isCheckable,
  modelNames,
  violatedModels,
} from '../../../../maelstrom/checkers/transactions/models.ts';

describe('consistency models', () => {
  test.each([
    ['PL-1', 'read-uncommitted'],
    ['PL-2', 'read-committed'],
    ['PL-2.99', 'repeatable-read'],
    ['PL-3', 'serializable'],
    ['conflict-serializable', 'serializable'],
    ['PL-SI', 'snapshot-isolation'],
    ['PL-SS', 'strict-serializable'],
    ['strong-serializable', 'strict-serializable'],
  ])('%s is another name of %s', (alias, name) => {
    expect(friendlyName(alias)).toBe(name);
  });

  test('what a model implies, it implies all the way down', () => {
    expect([...impliedModels(['serializable'])]).toEqual(
      expect.arrayContaining(['snapshot-isolation', 'repeatable-read', 'read-atomic', 'read-committed', 'read-uncommitted']),
    );
    expect(impliedModels(['serializable']).has('strong-session-serializable')).toBe(false);
  });

  test('a stronger model forbids all that a weaker one does', () => {
    for (const name of modelNames) {
      for (const weaker of impliedModels([name])) {
        expect([...forbiddenBy(name)]).toEqual(expect.arrayContaining([...forbiddenBy(weaker)]));
      }
    }
  });

  test.each([
    ['G0', ['read-uncommitted']],
    ['G1a', ['read-committed']],
    ['G-single-item', ['consistent-view', 'repeatable-read']],
    ['G-nonadjacent-item', ['repeatable-read', 'snapshot-isolation']],
    ['G2-item', ['repeatable-read']],
    ['lost-update', ['cursor-stability', 'update-atomic']],
    ['G1c-realtime', ['strong-read-committed']],
    ['G-single-item-process', ['strong-session-snapshot-isolation']],
    ['G2-item-realtime', ['strict-serializable']],
  ] as const)('%s rules out %s and what is stronger', (anomaly, weakest) => {
    const { not, alsoNot } = boundaryOf([anomaly]);
    expect([...not].toSorted()).toEqual([...weakest].toSorted());
    if (!not.includes('strict-serializable')) expect(alsoNot).toContain('strict-serializable');
  });

  test('without an anomaly the strongest model stands', () => {
    expect(boundaryOf([])).toEqual({ not: [], alsoNot: [], strongest: ['strict-serializable'] });
    expect(violatedModels([])).toEqual(new Set());
  });

  test('those that no anomaly of transactions can rule out are known as such', () => {
    expect(['linearizable', 'sequential', 'causal', '1SR'].filter(isCheckable)).toEqual([]);
  });
});
