/** How an answer is written: the objects themselves, or a server-side Table for `kubectl get`. */
export type Representation =
  | { readonly kind: 'object' }
  | { readonly kind: 'table'; readonly version: TableVersion };

export type TableVersion = 'v1' | 'v1beta1';

/** The longest Accept header that is read; kubectl's has about 150 characters. */
const ACCEPT_LIMIT = 2048;

const OBJECT: Representation = { kind: 'object' };

interface Alternative {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * Chooses the first alternative of an Accept header that can be written; undefined when there is none (406).
 * `tables` says whether the resource can be drawn as a Table. Source: Kubernetes "Resources as tables".
 */
export function chooseRepresentation(
  accept: string | undefined,
  tables: boolean,
): Representation | undefined {
  if (accept === undefined || accept.trim() === '') return OBJECT;
  if (accept.length > ACCEPT_LIMIT) return undefined;
  for (const alternative of parseAccept(accept)) {
    const representation = represent(alternative, tables);
    if (representation !== undefined) return representation;
  }
  return undefined;
}

function parseAccept(accept: string): readonly Alternative[] {
  return accept
    .split(',')
    .map(parseAlternative)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

function parseAlternative(text: string): Alternative {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(
    rest.map((parameter): [string, string] => {
      const [key = '', value = ''] = parameter.split('=', 2);
      return [key.trim().toLowerCase(), value.trim()];
    }),
  );
  const quality = Number(parameters.get('q') ?? '1');
  return {
    type: type.toLowerCase(),
    parameters,
    quality: Number.isFinite(quality) ? quality : 0,
  };
}

function represent({ type, parameters }: Alternative, tables: boolean): Representation | undefined {
  const as = parameters.get('as');
  if (as === undefined) {
    return type === 'application/json' || type === 'application/*' || type === '*/*'
      ? OBJECT
      : undefined;
  }
  const version = parameters.get('v');
  const isTable = as === 'Table' && parameters.get('g') === 'meta.k8s.io';
  if (!tables || !isTable || type !== 'application/json') return undefined;
  return version === 'v1' || version === 'v1beta1' ? { kind: 'table', version } : undefined;
}
