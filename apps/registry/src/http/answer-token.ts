import { text } from 'node:stream/consumers';
import { isRepositoryName } from '@tagtrail/image-reference';
import { type Gatekeeper, TOKEN_LIFE, type Visitor } from '../access/gatekeeper.ts';
import { RegistryFault } from '../registry-fault.ts';
import { type Exchange, sendJson } from './exchange.ts';
import type { RepositoryName } from './route.ts';

/** Scopes of one token: a client asks for the repository it pulls, and for those it may mount from. */
const MAX_SCOPES = 100;
/** Bytes of a form: a password, a hundred scopes. */
const FORM_LIMIT = 32 * 1024;

/**
 * Answers the second step of `docker login` and of every pull: a short-lived token for what the asker may pull. GET with
 * Basic, or POST with a form. Source: distribution, "Token Authentication Specification".
 */
export async function answerToken(exchange: Exchange, gatekeeper: Gatekeeper): Promise<void> {
  const isForm = exchange.request.method === 'POST';
  const wish = isForm ? await readForm(exchange) : exchange.query;
  const visitor = isForm ? await loginByForm(wish, gatekeeper) : exchange.visitor;
  // What was made for some repositories is not worth another one.
  if (visitor.claims !== undefined) {
    throw new RegistryFault(
      'UNAUTHORIZED',
      'a token is given for an access token, not for another token',
    );
  }
  const { token, issuedAt } = gatekeeper.issue(visitor, scopesIn(wish));
  const answer = {
    token,
    access_token: token,
    expires_in: TOKEN_LIFE,
    issued_at: new Date(issuedAt * 1_000).toISOString(),
  };
  sendJson(exchange, answer, { 'cache-control': 'no-store' });
}

async function readForm({ request }: Exchange): Promise<URLSearchParams> {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(length <= FORM_LIMIT)) {
    throw new RegistryFault('DENIED', `a form of at most ${FORM_LIMIT} bytes, please`, {
      status: 413,
    });
  }
  return new URLSearchParams(await text(request));
}

function loginByForm(form: URLSearchParams, gatekeeper: Gatekeeper): Promise<Visitor> {
  if (form.get('grant_type') === 'password') return gatekeeper.login(form.get('password') ?? '');
  throw new RegistryFault('UNSUPPORTED', 'grant_type password is the one that this registry knows');
}

/** What is asked for besides pulling is nothing that anybody gets here. */
function scopesIn(wish: URLSearchParams): readonly RepositoryName[] {
  const scopes = wish.getAll('scope').flatMap((scope) => scope.split(' '));
  return scopes.slice(0, MAX_SCOPES).flatMap((scope) => {
    const [type, repository = '', actions = ''] = scope.split(':');
    const [namespace = '', name = '', ...more] = repository.split('/');
    const isWanted = type === 'repository' && actions.split(',').includes('pull');
    return isWanted && isRepositoryName(repository) && name !== '' && more.length === 0
      ? [{ namespace, name }]
      : [];
  });
}
