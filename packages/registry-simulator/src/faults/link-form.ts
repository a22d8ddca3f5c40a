import type { WireRequest } from '../wire/route.ts';

/** What a Link header is made of. */
export interface LinkParts {
  readonly request: WireRequest;
  /** Names in a page. */
  readonly size: number;
  /** The last name of this page. */
  readonly last: string;
}

/** The parameter in which the `opaque` form hides its cursor. */
export const CURSOR = 'next_page';

const FORMS = {
  /** A whole URL. */
  absolute: (parts) => next(`http://${hostOf(parts)}${place(parts)}`),
  /** Where the client was not sent to ask. */
  otherHost: (parts) => next(`http://elsewhere.invalid${place(parts)}`),
  /** The host as a proxy in front of it is called. */
  withoutPort: (parts) => next(`http://${hostOf(parts).replace(/:\d+$/, '')}${place(parts)}`),
  /** The path behind a proxy that serves several registries below paths. */
  withoutPrefix: (parts) => next(place(parts).replace(/^\/v2\/[^/]+\//, '/v2/')),
  withoutRel: (parts) => `<${place(parts)}>`,
  several: (parts) => {
    const { path } = parts.request;
    return `<${path}>; rel="first", ${next(place(parts))}; title="a, b", <${path}?last=z>; rel=last`;
  },
  /** A cursor that only the registry can read; it takes no other. */
  opaque: ({ request, size, last }) => {
    const cursor = Buffer.from(last).toString('base64url');
    return next(`${request.path}?n=${size}&${CURSOR}=${cursor}`);
  },
  /** This very page again. */
  circular: ({ request }) => next(`${request.path}?${request.query}`),
  /** Ever another cursor. */
  endless: ({ request, size }) => {
    const page = Number(new URLSearchParams(request.query).get('page') ?? '1');
    return next(`${request.path}?n=${size}&page=${page + 1}`);
  },
  /** As if this page were the last. */
  none: () => undefined,
} as const satisfies Readonly<Record<string, (parts: LinkParts) => string | undefined>>;

/** How the next page of a list is pointed to. */
export type LinkForm = keyof typeof FORMS;

export const LINK_FORMS = Object.keys(FORMS) as readonly LinkForm[];

/** The value of the Link header, `relative` as the distribution-spec shows it; undefined for none. */
export function linkTo(form: LinkForm | 'relative', parts: LinkParts): string | undefined {
  return form === 'relative' ? next(place(parts)) : FORMS[form](parts);
}

function next(target: string): string {
  return `<${target}>; rel="next"`;
}

function place({ request, size, last }: LinkParts): string {
  return `${request.path}?${new URLSearchParams({ n: String(size), last })}`;
}

function hostOf({ request }: LinkParts): string {
  return request.headers.host ?? '';
}
