import { expect, it } from 'vitest';
import { formatStructured } from './structured-output.ts';

it('prints JSON and YAML without a line break at the end, and no aliases', () => {
  const from = { kind: 'DockerImage' };
  expect(formatStructured({ a: from }, 'json')).toBe(
    '{\n    "a": {\n        "kind": "DockerImage"\n    }\n}',
  );
  expect(formatStructured({ a: from, b: from }, 'yaml')).toBe(
    'a:\n  kind: DockerImage\nb:\n  kind: DockerImage',
  );
});

it('never folds a long text over several lines of YAML', () => {
  const long = 'word '.repeat(60).trim();
  expect(formatStructured({ long }, 'yaml')).toBe(`long: ${long}`);
});
