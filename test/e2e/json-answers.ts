import { PassThrough } from 'node:stream';
import { buildProgram } from '../../apps/cli/src/commands/program.ts';
import { readEnvironment } from '../../apps/cli/src/config.ts';
import { openOutput } from '../../apps/cli/src/terminal/output.ts';

/** How each command is asked for an answer in JSON, one after the other. DIGEST is that of the image of web:latest, HOST its registry, REGISTRY the one of Tagtrail. */
export const JSON_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  create: ['create -f made.yaml', 'create token ci --role view --expires 1h'],
  apply: ['apply -f made.yaml'],
  get: [
    'get is',
    'get is web',
    'get is -A -l no=thing',
    'get istag',
    'get istag web:latest',
    'get isimage web@DIGEST',
    'get image DIGEST',
    'get checks',
    'get secrets',
    'get tokens',
    'get token ci',
  ],
  history: ['history web', 'history web --limit 1'],
  resolve: ['resolve web:latest'],
  'import-image': ['import-image web', 'import-image web --dry-run'],
  tag: ['tag --reference quay.io/acme/app:1 made:v1', 'tag -d made:v1'],
  delete: ['delete is made', 'delete token ci'],
  export: ['export -f saved.jsonl'],
  import: ['import -f saved.jsonl --skip-existing', 'import -f saved.jsonl --replace --dry-run'],
  status: ['status'],
  storage: ['storage --registry REGISTRY', 'storage collect --dry-run --registry REGISTRY'],
  doctor: ['doctor HOST/shop/web:latest --insecure'],
  'plan-capacity': ['plan-capacity --tags 1000 --interval 15m'],
  config: ['config'],
  version: ['version'],
};

/** Commands that go on until they are told to stop; each line of theirs is a JSON document. */
export const JSON_LINES = ['simulate-registry', 'up', 'watch'];

/** Commands without JSON, and why. */
export const TEXT_ONLY: Readonly<Record<string, string>> = {
  api: 'a service: log.format makes its log JSON',
  describe: 'its text is that of oc, and get has all of it in JSON',
  registry: 'a service: log.format makes its log JSON',
  producer: 'a service: log.format makes its log JSON',
  'status-writer': 'a service: log.format makes its log JSON',
  worker: 'a service: log.format makes its log JSON',
};

/** Commands that talk to no API. */
export const LOCAL = ['config', 'doctor', 'plan-capacity', 'simulate-registry', 'up', 'version'];

/** The commands that there are, by whether they take `-o json`. */
export function commandNames(): {
  readonly json: readonly string[];
  readonly text: readonly string[];
} {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const output = openOutput(streams, { noColor: true, onReaderGone: () => undefined });
  const { program } = buildProgram({ output, environment: readEnvironment() });
  const printsJson = ({ options }: { readonly options: typeof program.options }) =>
    options.some(({ long, argChoices }) => long === '--output' && argChoices?.includes('json'));
  const names = (commands: typeof program.commands) => commands.map((one) => one.name()).sort();
  return {
    json: names(program.commands.filter(printsJson)),
    text: names(program.commands.filter((one) => !printsJson(one))),
  };
}
