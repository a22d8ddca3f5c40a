import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  demandToken,
  sendJson,
  sendManifest,
  sendStatus,
} from '../../../../packages/registry-client/src/testing/scripted-registry.ts';
import { openScriptedServer } from '../../../../packages/registry-client/src/testing/scripted-server.ts';
import {
  issueTestCertificate,
  trustTestCertificate,
} from '../../../../packages/registry-client/src/testing/test-certificate.ts';
import { accessSteps } from './access-steps.ts';
import { readSubject } from './read-subject.ts';
import { type Clinic, openClinic } from './testing/open-clinic.ts';

const PASSWORD = 'planted-password-7f3a';
const TOKEN = 'planted-token-91bc';
const robot = { username: 'robot', password: PASSWORD };
const BASIC = Buffer.from(`robot:${PASSWORD}`).toString('base64');

const certificate = issueTestCertificate();
trustTestCertificate(certificate);
const foreignCertificate = issueTestCertificate('DNS:localhost');
trustTestCertificate(foreignCertificate);

let clinic: Clinic;

beforeAll(async () => {
  clinic = await openClinic(certificate);
});

afterAll(() => clinic[Symbol.asyncDispose]());

beforeEach(() => clinic.simulator.requireAuth('none'));

const tag = () => `${clinic.secure}/team/app:v1`;

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Everything needs the planted token, which its own host issues as `issue` does. */
function guarded(issue: RequestListener, answer: Answer): RequestListener {
  return (request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/token')) issue(request, response);
    else if (headers.authorization === `Bearer ${TOKEN}`) answer(request, response);
    else demandToken(request, response, { realm: `https://${headers.host}/token?key=${PASSWORD}` });
  };
}

const issuePlanted: RequestListener = (_, response) =>
  sendJson(response, { token: TOKEN, expires_in: 300 });

describe('who asks', () => {
  it('is told by the name of the credential, and never by the password', async () => {
    clinic.simulator.requireAuth('basic', robot);
    await clinic.login(clinic.secure, robot);
    const lines = await clinic.doctor(tag());
    expect(lines.exitCode).toBe(0);
    expect(lines.stdout).toContain(
      `- a credential for ${clinic.secure} from the operator (registries.authFile) is shown to ${clinic.secure}`,
    );
    const json = await clinic.doctor(tag(), '-o', 'json');
    for (const { stdout, stderr } of [lines, json]) {
      expect(stdout + stderr).not.toContain(PASSWORD);
      expect(stdout + stderr).not.toContain(BASIC);
    }
    await clinic.login(clinic.secure, {});
  });

  it('never shows its token, not even when the registry repeats it wherever it can', async () => {
    const echo: Answer = ({ headers, method }, response) => {
      const { authorization = '' } = headers;
      response.setHeader('docker-content-digest', TOKEN);
      response.setHeader('link', `</v2/?key=${TOKEN}>; rel="next"`);
      response.setHeader('content-type', `text/${TOKEN}`);
      response.setHeader('ratelimit-limit', TOKEN);
      response.writeHead(method === 'HEAD' ? 405 : 429);
      response.end(JSON.stringify({ errors: [{ code: TOKEN, message: authorization }] }));
    };
    await using server = await openScriptedServer(guarded(issuePlanted, echo), certificate);
    await clinic.login(server.host, robot);
    const lines = await clinic.doctor(`${server.host}/team/app`);
    const json = await clinic.doctor(`${server.host}/team/app`, '-o', 'json');
    expect(lines.stdout).toContain('Bearer');
    expect(lines.exitCode).toBe(3);
    for (const { stdout, stderr } of [lines, json]) {
      for (const secret of [TOKEN, PASSWORD, BASIC]) expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('is asked for a credential where there is none', async () => {
    clinic.simulator.requireAuth('basic', robot);
    expect((await clinic.doctor(tag())).exitCode).toBe(3);
    const { challenge } = await clinic.steps(tag());
    expect(challenge).toMatchObject({
      verdict: 'failed',
      seen: 'Basic',
      remarks: [
        `there is no credential for ${clinic.secure} from registries.authFile (${clinic.authFile}) or registries.credentialHelpers: it is asked anonymously`,
        'secrets of namespaces are not seen from here: a stream with a pull secret may be let in all the same',
        'give the workers one: registries.authFile names a config.json as `docker login` writes it, registries.credentialHelpers names programs',
      ],
    });
  });

  it('is told that the credential is refused, of a tag and of a registry alone', async () => {
    clinic.simulator.requireAuth('basic', { ...robot, password: 'another' });
    await clinic.login(clinic.secure, robot);
    const refused = 'the credentials of the operator (registries.authFile) may not pull it';
    for (const subject of [tag(), clinic.secure]) {
      const { exitCode, stdout } = await clinic.doctor(subject);
      expect(exitCode).toBe(3);
      expect(stdout).toContain(refused);
    }
    await clinic.login(clinic.secure, {});
  });

  it('has the credential withheld from plain http', async () => {
    await using server = await openScriptedServer((_, response) =>
      sendStatus(response, 401, { 'www-authenticate': 'Basic realm="x"' }),
    );
    await clinic.login(server.host, robot);
    const { challenge } = await clinic.steps(`${server.host}/team/app`, '--insecure');
    expect(challenge?.remarks).toEqual([
      `a credential for ${server.host} from the operator (registries.authFile) is not sent, because the registry is spoken to in plain http`,
      'serve the registry over https: passwords are not sent in the clear',
    ]);
  });

  it('has the credential withheld from a token service of others', async () => {
    await using issuer = await openScriptedServer(issuePlanted, foreignCertificate);
    const realm = `https://${issuer.host.replace('127.0.0.1', 'localhost')}/token`;
    await using server = await openScriptedServer(
      (request, response) =>
        request.headers.authorization === undefined
          ? demandToken(request, response, { realm })
          : sendManifest(response),
      certificate,
    );
    await clinic.login(server.host, robot);
    const { challenge, token } = await clinic.steps(`${server.host}/team/app`);
    expect(challenge?.facts).toMatchObject({ realm, credential: 'withheld-from-realm' });
    expect(challenge?.remarks).toEqual([
      `a credential for ${server.host} from the operator (registries.authFile) is not sent to a token service that does not belong to the registry: the token is asked for anonymously`,
    ]);
    expect(token).toMatchObject({ verdict: 'ok', seen: 'an opaque token, used for 300 s' });
  });

  it('is offered nothing that can be answered', async () => {
    await using server = await openScriptedServer(
      (_, response) => sendStatus(response, 401, { 'www-authenticate': 'Negotiate' }),
      certificate,
    );
    const { challenge } = await clinic.steps(`${server.host}/team/app`);
    expect(challenge).toMatchObject({
      verdict: 'failed',
      seen: 'the registry refuses and offers negotiate',
      remarks: ['Tagtrail answers Bearer and Basic, and sends no password to anything else'],
    });
  });

  it('may be asked with the manifest only', async () => {
    const secured = guarded(issuePlanted, (_, response) => sendManifest(response));
    await using server = await openScriptedServer(
      (request, response) =>
        request.url === '/v2/' ? sendJson(response, {}) : secured(request, response),
      certificate,
    );
    const { ping, challenge, head } = await clinic.steps(`${server.host}/team/app`);
    expect(ping?.facts).toMatchObject({ statuses: [200] });
    expect(challenge).toMatchObject({ verdict: 'ok' });
    expect(head).toMatchObject({ verdict: 'ok' });
  });
});

describe('the token', () => {
  const refuse: RequestListener = (_, response) => sendStatus(response, 401);

  it('that is refused ends the examination of a tag, and is no matter for a registry alone', async () => {
    await using server = await openScriptedServer(
      guarded(refuse, (_, response) => sendManifest(response)),
      certificate,
    );
    expect((await clinic.doctor(`${server.host}/team/app`)).exitCode).toBe(3);
    const alone = await clinic.steps(server.host);
    expect(alone['token']).toMatchObject({ verdict: 'skipped' });
    expect(alone['token']?.seen).toContain('none without the name of a repository: ');
  });

  it.each([
    [
      { token: TOKEN },
      'an opaque token, used for 300 s',
      'nobody says how long the token lives: it is used for five minutes, or until it is refused',
    ],
    [
      { token: `e30.${Buffer.from('{"iat":0,"exp":900}').toString('base64url')}.x` },
      'a JWT, used for 900 s',
      'the token service does not say how long it lives; the token itself does',
    ],
  ])('is told by its form and its life: %j', async (reply, seen, remark) => {
    await using server = await openScriptedServer((request, response) => {
      const { url = '', headers } = request;
      if (url.startsWith('/token')) sendJson(response, reply);
      else if (headers.authorization === `Bearer ${reply.token}`) sendManifest(response);
      else demandToken(request, response, { realm: `https://${headers.host}/token` });
    }, certificate);
    const { token } = await clinic.steps(`${server.host}/team/app`);
    expect(token).toMatchObject({ verdict: 'ok', seen });
    expect(token?.remarks[0]).toContain(remark);
  });
});

const NOBODY = { credentials: [], failure: undefined, authFile: undefined } as const;

it('names no file where the settings name none', () => {
  const subject = readSubject('quay.io/team/app', false);
  const chosen = { scheme: 'basic', credential: 'none' } as const;
  const [challenge] = accessSteps([{ kind: 'challenge', offered: ['basic'], chosen }], {
    subject,
    operator: NOBODY,
    asked: { ok: true, value: undefined },
    now: 0,
  });
  expect(challenge?.remarks[0]).toBe(
    'there is no credential for quay.io from registries.authFile (no file) or registries.credentialHelpers: it is asked anonymously',
  );
});

it.each([
  [
    { scheme: 'bearer', realm: 'https://quay.io/token', credential: 'shown-as-token' },
    [
      'a credential for quay.io from a.json or the operator is a token already: the registry gets it, and no token service is asked',
    ],
  ],
  [
    { scheme: 'basic', credential: 'unfit' },
    [
      'a credential for quay.io from a.json or the operator is a token, and the registry asks for a password',
      'give the workers user and password in its place',
    ],
  ],
] as const)('names a token that was made elsewhere: %j', (chosen, remarks) => {
  const context = {
    subject: readSubject('quay.io/team/app', false),
    operator: { ...NOBODY, credentials: [{ ...robot, name: 'a.json' }, robot] },
    asked: { ok: true, value: undefined },
    now: 0,
  } as const;
  const steps = accessSteps([{ kind: 'challenge', offered: [chosen.scheme], chosen }], context);
  expect(steps[0]?.remarks).toEqual(remarks);
  expect(steps[1]).toMatchObject({ verdict: 'skipped', seen: 'none is needed' });
});

it('says when no scheme at all is offered', () => {
  const context = {
    subject: readSubject('quay.io', false),
    operator: NOBODY,
    asked: { ok: true, value: undefined },
    now: 0,
  } as const;
  const [challenge] = accessSteps([{ kind: 'challenge', offered: [], chosen: undefined }], context);
  expect(challenge?.seen).toBe('the registry refuses and offers no scheme');
});
