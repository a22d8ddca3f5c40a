import { resolve } from 'node:path';
import { writeBundle } from './write-bundle.ts';

const folder = resolve(import.meta.dirname, '../../dist');
const { files } = await writeBundle(folder);
process.stdout.write(`${files.length} files in ${folder}\n`);
