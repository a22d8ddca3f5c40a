import { Redis } from 'ioredis';

type SendCommand = Redis['sendCommand'];

/**
 * An ioredis client that sends the commands of one turn of the event loop in one write. Replies, timers and requests that
 * end together are followed by commands together; alone, each would cost both sides a system call, and a server that
 * syncs its log before it answers would sync for each.
 */
export class GatheringClient extends Redis {
  override sendCommand(...[command, stream]: Parameters<SendCommand>): ReturnType<SendCommand> {
    this.#gather();
    return super.sendCommand(command, stream);
  }

  #gather(): void {
    // Absent before the first connection.
    const socket: Redis['stream'] | undefined = this.stream;
    if (socket === undefined || socket.destroyed || socket.writableCorked > 0) return;
    socket.cork();
    setImmediate(() => socket.uncork());
  }
}
