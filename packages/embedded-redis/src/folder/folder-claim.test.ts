import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimFolder } from './folder-claim.ts';
import { markPid, type PidMark } from './pid-mark.ts';

const temporary = () => mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));

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

describe('claimFolder', () => {
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
    // The notice comes before the wait: only then does the server get its end.
    await claimFolder(folder.path, () => left.stdin.end());
    expect(gone).toBe(true);
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
