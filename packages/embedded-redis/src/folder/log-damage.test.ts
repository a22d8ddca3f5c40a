import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCutTail, findLogDamage, LOG_FOLDER, lacksManifest } from './log-damage.ts';

const PREFIX = '11059:M 23 Nov 2026 07:41:34.382 #';

describe('findLogDamage', () => {
  it('names the part in which everything up to the damage can be read', () => {
    const line = `${PREFIX} Bad file format reading the append only file appendonly.aof.2.incr.aof: make a backup of your AOF file`;
    expect(findLogDamage(['loading', line])).toMatchObject({
      cuttable: true,
      part: 'appendonly.aof.2.incr.aof',
    });
  });

  it('knows the wording of a server older than 7, which has one part without a name', () => {
    const line = `${PREFIX} Bad file format reading the append only file: make a backup of your AOF file`;
    expect(findLogDamage([line])).toMatchObject({ cuttable: true, part: undefined });
  });

  it.each([
    'Unable to obtain the AOF file appendonly.aof.2.base.rdb length. stat: No such file or directory',
    "Unknown command 'NOSUCHC' reading the append only file appendonly.aof.2.incr.aof",
    'Internal error in RDB reading offset 0, function at rdb.c:3225 -> RDB CRC error',
    'Invalid AOF manifest file format',
  ])('sees nothing to cut in: %s', (line) => {
    expect(findLogDamage([`${PREFIX} ${line}`])).toMatchObject({ cuttable: false });
  });

  it.each([
    "Can't open the append only file appendonly.aof.1.incr.aof: Permission denied",
    "Can't handle RDB format version 12",
    'Failed opening Unix socket: bind: No such file or directory',
  ])('does not take for damage: %s', (line) => {
    expect(findLogDamage([`${PREFIX} ${line}`])).toBeUndefined();
  });
});

describe('findCutTail', () => {
  it('finds the offset at which the server cut by itself', () => {
    const lines = [`${PREFIX} !!! Truncating the AOF appendonly.aof.2.incr.aof at offset 1720 !!!`];
    expect(findCutTail(lines)).toBe(
      'appendonly.aof.2.incr.aof ended in the middle of a write: cut at byte 1720',
    );
    expect(findCutTail(['DB loaded from append only file: 0.000 seconds'])).toBeUndefined();
  });
});

describe('lacksManifest', () => {
  async function folderWith(files: Readonly<Record<string, string>>) {
    const folder = await mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));
    await mkdir(join(folder.path, LOG_FOLDER));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder.path, LOG_FOLDER, name), text);
    }
    return folder;
  }

  it.each([
    { 'appendonly.aof.1.base.rdb': 'REDIS', 'appendonly.aof.1.incr.aof': '*2' },
    { 'appendonly.aof.2.base.rdb': 'REDIS', 'appendonly.aof.2.incr.aof': '' },
    { 'appendonly.aof.3.base.aof': '', 'temp-appendonly.aof.manifest': '' },
  ])('sees a written log that nothing lists any more (%j)', async (files) => {
    await using folder = await folderWith(files);
    expect(await lacksManifest(folder.path)).toBe(true);
  });

  it.each([
    {},
    { 'appendonly.aof.1.base.rdb': 'REDIS', 'appendonly.aof.1.incr.aof': '' },
    { 'appendonly.aof.manifest': 'file …', 'appendonly.aof.1.incr.aof': '*2' },
  ])('lets a first start that was cut short and a whole log pass (%j)', async (files) => {
    await using folder = await folderWith(files);
    expect(await lacksManifest(folder.path)).toBe(false);
  });
});
