import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldInvalid, invalid } from '@tagtrail/apimachinery';
import { expect, it } from 'vitest';
import { openScriptedApi, refuse } from '../testing/scripted-api.ts';

const DEFINITION = `kind: ImageStream
metadata: {name: one}
---
kind: ImageStream
metadata:
  name: web
spec:
  tags:
  - name: "1"
    from: {kind: DockerImage, name: redis}
  - name: "0"
    from:
      kind: DockerImage
      name: nginx
`;
const WEB = { group: 'image.openshift.io', resource: 'imagestreams', kind: 'ImageStream' };

it('a field that only the API refuses is named by document and line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
  const file = join(folder, 'f.yaml');
  writeFileSync(file, DEFINITION);
  const api = await openScriptedApi();
  const cause = fieldInvalid('spec.tags[0].from.name', 'nginx', 'is not allowed here');
  const refusal = refuse(422, invalid({ ...WEB, name: 'web' }, [cause]));
  const { exitCode, stderr } = await api.run(`create -f ${file}`, refusal);
  expect(exitCode).toBe(1);
  expect(stderr.trimEnd().split('\n')[1]).toBe(
    `Error from server (Invalid): ImageStream.image.openshift.io "web" is invalid: spec.tags[0].from.name: Invalid value: "nginx": is not allowed here (${file}: document 2, line 14)`,
  );
  await api[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
