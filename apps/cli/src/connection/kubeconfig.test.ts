import { describe, expect, it } from 'vitest';
import { decodeKubeconfig, encodeKubeconfig } from './kubeconfig.ts';

const written = {
  server: 'https://127.0.0.1:8420',
  certificateAuthority: '-----BEGIN CERTIFICATE-----\n',
  token: 's3cret',
  namespace: 'demo',
};

const two = `
apiVersion: v1
kind: Config
current-context: one
clusters:
- name: here
  cluster: {server: "https://here.example:6443", certificate-authority-data: Q0VSVA==}
- name: there
  cluster: {server: "https://there.example:6443", certificate-authority: ca.crt}
users:
- name: ann
  user: {token: t1, tokenFile: ann.token}
- name: bob
  user: {exec: {command: login}}
contexts:
- name: one
  context: {cluster: here, user: ann, namespace: a}
- name: two
  context: {cluster: there}
- name: three
  context: {cluster: there, user: bob}
- name: four
  context: {cluster: nowhere}
`;

describe('decodeKubeconfig', () => {
  it('reads back what encodeKubeconfig wrote', () => {
    expect(decodeKubeconfig(encodeKubeconfig(written))).toEqual({
      ok: true,
      context: {
        server: written.server,
        namespace: 'demo',
        token: { text: 's3cret' },
        certificateAuthority: { text: written.certificateAuthority },
      },
    });
  });

  it('takes the current context, its certificate authority and the token file before the token', () => {
    expect(decodeKubeconfig(two)).toEqual({
      ok: true,
      context: {
        server: 'https://here.example:6443',
        namespace: 'a',
        token: { file: 'ann.token' },
        certificateAuthority: { text: 'CERT' },
      },
    });
  });

  it('takes the context asked for; namespace default, no token', () => {
    expect(decodeKubeconfig(two, 'two')).toEqual({
      ok: true,
      context: {
        server: 'https://there.example:6443',
        namespace: 'default',
        certificateAuthority: { file: 'ca.crt' },
      },
    });
  });

  it.each([
    ['three', 'user "bob" logs in by exec; give a token instead'],
    ['four', 'has no server for cluster "nowhere"'],
    ['five', 'has no context "five"'],
  ])('says what is wrong with context %s', (context, message) => {
    expect(decodeKubeconfig(two, context)).toEqual({ ok: false, message });
  });

  it.each([
    ['', 'is not a kubeconfig'],
    ['- 1', 'is not a kubeconfig'],
    ['token: [s3cret', 'is not a kubeconfig'],
    ['kind: Config', 'has no current-context'],
  ])('says what is wrong with %j, without quoting it', (text, message) => {
    expect(decodeKubeconfig(text)).toEqual({ ok: false, message });
  });
});
