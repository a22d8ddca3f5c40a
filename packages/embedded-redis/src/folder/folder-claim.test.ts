import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClaim, type FolderClaim } from './folder-claim.ts';
import { markPid, type PidMark } from './pid-mark.ts';
import { chooseRunFolder } from './run-folder.ts';
import { untilVacant } from './vacant-folder.ts';

const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

/** The steps of an opening, without the server. */
async function claimFolder(folder: string, onNotice: (line: string) => void): Promise<FolderClaim> {
  await untilVacant(folder);
  const claim = await createClaim(folder, onNotice);
  await claim.take();
  return claim;
}

async function deadMark(): Promise<PidMark> {
  const child = spawn('/bin/sh', ['-c', 'read -r line'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const mark = await markPid(Number(child.pid));
  child.stdin.end();
  await once(child, 'exit');
  return mark;
}

async function leaveRecord(folder: string, record: object): Promise<void> {
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ id: 'other', ...record }));
}

describe('a claim to a folder', () => {
  it('creates the folder for this user alone and frees it again', async () => {
    await using parent = await temporary();
    const folder = join(parent.path, 'a/b');
    const claim = await claimFolder(folder, () => {});
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const record: unknown = JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8'));
    expect(record).toMatchObject({ owner: { pid: process.pid } });
    await claim.release();
    await claim.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused while the owner lives, naming its pid', async () => {
    await using folder = await temporary();
    await leaveRecord(folder.path, { owner: await markPid(process.pid) });
    const second = claimFolder(folder.path, () => {});
    await expect(second).rejects.toMatchObject({ code: 'folder-owned' });
    await expect(second).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('takes over from a dead owner and says so', async () => {
    await using folder = await temporary();
    const owner = await deadMark();
    await leaveRecord(folder.path, { owner });
    const notices: string[] = [];
    await claimFolder(folder.path, (line) => notices.push(line));
    expect(notices).toEqual([expect.stringContaining(`process ${owner.pid}, which is gone`)]);
  });

  it('tells an owner from a later process with the same pid', async () => {
    await using folder = await temporary();
    await leaveRecord(folder.path, { owner: { pid: process.pid, started: 'another boot/1' } });
    const notices: string[] = [];
    await claimFolder(folder.path, (line) => notices.push(line));
    expect(notices).toHaveLength(1);
  });

  it.each(['', '{', '{"id":"x"}', '{"id":"x","owner":{"pid":-1}}'])(
    'takes over from a record that can not be read (%s)',
    async (text) => {
      await using folder = await temporary();
      await writeFile(join(folder.path, 'owner.json'), text);
      const notices: string[] = [];
      await claimFolder(folder.path, (line) => notices.push(line));
      expect(notices).toEqual([expect.stringContaining("can't be read")]);
    },
  );

  it('waits for the server that a dead owner left', async () => {
    await using folder = await temporary();
    const left = spawn('/bin/sh', ['-c', 'read -r line'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const server = await markPid(Number(left.pid));
    await leaveRecord(folder.path, { owner: await deadMark(), server });
    let gone = false;
    left.once('exit', () => {
      gone = true;
    });
    const claim = claimFolder(folder.path, () => {});
    left.stdin.end(); // it needs longer to end than the claim to find it
    await claim;
    expect(gone).toBe(true);
  });

  it('removes the run folder of an owner that was killed with its watchdog, and nothing else', async () => {
    await using folder = await temporary();
    const runFolder = chooseRunFolder(folder.path);
    const other = join(folder.path, 'other');
    for (const path of [runFolder, other]) {
      await mkdir(path);
      await leaveRecord(folder.path, { owner: await deadMark(), runFolder: path });
      const claim = await claimFolder(folder.path, () => {});
      await claim.release();
    }
    expect(await readdir(folder.path)).toEqual(['other']);
  });

  it('stays taken when it is taken again, and after what was started is recorded', async () => {
    await using folder = await temporary();
    const claim = await claimFolder(folder.path, () => {});
    await claim.record({ watchdog: process.pid, server: process.pid, runFolder: '/tmp/none' });
    await claim.take();
    const record: unknown = JSON.parse(await readFile(join(folder.path, 'owner.json'), 'utf8'));
    expect(record).toMatchObject({ server: { pid: process.pid }, runFolder: '/tmp/none' });
    await claim.release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('removes what claims left that were killed half way, but not what is being written', async () => {
    await using folder = await temporary();
    const [left, fresh] = [
      join(folder.path, 'owner.json.left'),
      join(folder.path, 'owner.json.new'),
    ];
    await writeFile(left, '{');
    await writeFile(fresh, '{');
    const minutesAgo = Date.now() / 1000 - 120;
    await utimes(left, minutesAgo, minutesAgo);
    await claimFolder(folder.path, () => {});
    expect((await readdir(folder.path)).sort()).toEqual(['owner.json', 'owner.json.new']);
  });

  it('gives racing claims to one of them', async () => {
    await using folder = await temporary();
    const claims = Array.from({ length: 8 }, () => claimFolder(folder.path, () => {}));
    const settled = await Promise.allSettled(claims);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  // Root passes every mode bit: these fail for root as well.
  it.each(['/proc/tagtrail', '/proc/self/fdinfo', '/dev/null/folder'])(
    'names a folder that can not be written: %s',
    async (folder) => {
      const claim = claimFolder(folder, () => {});
      await expect(claim).rejects.toMatchObject({ code: 'folder-not-writable' });
      await expect(claim).rejects.toThrow(`${folder} can't be written: `);
    },
  );
});
