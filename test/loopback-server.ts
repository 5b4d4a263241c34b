import { once } from 'node:events';
import type { Server, Socket } from 'node:net';

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Ends its connections, too. */
  stop(): Promise<void>;
}

/** Lets a server listen on a free port of the loopback interface. */
export async function listening(server: Server): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
