import { expect, it } from 'vitest';
import { type BannerFacts, bannerLines } from './banner.ts';

const facts: BannerFacts = {
  version: '0.1.0',
  startTime: 2_340,
  folder: {
    path: '/srv/.tagtrail',
    shown: './.tagtrail',
    kubeconfig: "/srv/it's/kubeconfig",
    tokenFile: '',
    secretKeyFile: '',
    redis: '',
    registry: '',
    certificates: '',
    logs: '',
  },
  redis: 'redis-server 7.0.15, private',
  port: 8420,
  registryPort: 5420,
  simulator: { url: 'http://127.0.0.1:5451', every: '3s' },
  command: 'npx tagtrail',
  isDefaultFolder: true,
};

it('says where to look and what to type', () => {
  const lines = bannerLines(facts, { colors: false });
  expect(lines[0]).toBe(
    'tagtrail 0.1.0 is up after 2.3 s: records in ./.tagtrail (redis-server 7.0.15, private)',
  );
  expect(lines).toContain('  page       http://127.0.0.1:8420/');
  expect(lines).toContain('  npx tagtrail history web:latest');
  expect(lines.join('\n')).not.toContain('KUBECONFIG');
});

it('names the kubeconfig of another folder, and no examples without the demo', () => {
  const lines = bannerLines(
    { ...facts, isDefaultFolder: false, simulator: undefined, command: 'tagtrail' },
    { colors: false },
  );
  expect(lines).toContain(String.raw`  export KUBECONFIG='/srv/it'\''s/kubeconfig'`);
  expect(lines).toContain('  tagtrail apply -f stream.yaml');
  expect(lines.join('\n')).not.toContain('web:latest');
});
