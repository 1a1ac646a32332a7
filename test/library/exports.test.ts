import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', 'dist', 'src');

/** What a module's declarations export by name, and from which file. */
function namesIn(text: string, keyword: 'export' | 'import'): readonly (readonly [name: string, path: string])[] {
  const lists = text.matchAll(new RegExp(`^${keyword} (?:type )?\\{([^}]*)\\} from '([^']*)'`, 'gms'));
  return [...lists].flatMap(([, names = '', path = '']) => {
    return names.split(',').map((name) => [name.trim(), path.replace(/\.[jt]s$/, '.d.ts')] as const);
  }).filter(([name]) => name !== '');
}

function declarationsIn(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
}

/** The declaration of a name, up to the next one. */
function declarationOf(name: string, text: string): string {
  const found = new RegExp(`^export (?:declare )?(?:class|interface|type|function|const) ${name}\\b.*?(?=^(?:export|declare|class|interface|type|function) |(?![^]))`, 'ms');
  return found.exec(text)?.[0] ?? '';
}

test('every type that the public API mentions is exported', () => {
  const exported = new Map(namesIn(declarationsIn(join(root, 'index.d.ts')), 'export'));
  const missing = [...exported].flatMap(([name, path]) => {
    const file = normalize(join(root, path));
    const text = declarationsIn(file);
    const declaration = declarationOf(name, text);
    expect(declaration, `${name} of ${dirname(file)}`).not.toBe('');
    const declared = [...text.matchAll(/^(?:export )?(?:declare )?(?:class|interface|type) (\w+)/gm)].map(([, own = '']) => own);
    const known = [...declared, ...namesIn(text, 'import').map(([imported]) => imported)];
    const mentioned = known.filter((other) => new RegExp(`\\b${other}\\b`).test(declaration));
    return mentioned.filter((other) => !exported.has(other)).map((other) => `${name} mentions ${other}`);
  });
  expect([...new Set(missing)]).toEqual([]);
});
