import { close, constants, open, write } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

/** A named pipe that nobody reads would hold `open` for ever, deaf to Ctrl-C; asked so, it fails. */
const WITHOUT_WAITING = constants.O_WRONLY | constants.O_NONBLOCK;

// Plain descriptors: a FileHandle cannot hand its own over to a socket.
const openFile = promisify(open);
const writeFile = promisify(write);
const closeFile = promisify(close);

/** Something that is written to as it is: a terminal, `/dev/null`, a named pipe. */
export interface OutputDevice {
  /** Resolves when the bytes are taken. Rejects when they cannot be, or when the signal aborts. */
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Whether there is a device or a pipe: to put a file in its place would take it away from everybody. */
export async function isDevice(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** @throws the system's error; ENXIO when nobody reads the pipe */
export async function openDevice(path: string, signal: AbortSignal): Promise<OutputDevice> {
  const isPipe = (await stat(path)).isFIFO();
  const file = await openFile(path, WITHOUT_WAITING);
  return isPipe ? pipeDevice(file, signal) : fileDevice(file);
}

function fileDevice(file: number): OutputDevice {
  return {
    write: async (bytes) => {
      for (let at = 0; at < bytes.length; ) at += (await writeFile(file, bytes, at)).bytesWritten;
    },
    close: () => closeFile(file),
  };
}

/** A reader may stop reading: a write that waits in the thread pool would outlive the command. */
function pipeDevice(file: number, signal: AbortSignal): OutputDevice {
  const socket = new Socket({ fd: file, readable: false, writable: true });
  // Each write is told of its own failure.
  socket.on('error', () => undefined);
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
    },
  };
}
