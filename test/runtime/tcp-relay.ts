import { connect, createServer, type Socket } from 'node:net';
import { listening } from '../loopback-server.ts';

/** A relay to a service. It can end all of its connections and still accept new ones. */
export async function tcpRelay(target: string) {
  const { hostname, port } = new URL(target);
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    clients.add(client);
    client
      .on('error', () => {})
      .on('close', () => {
        clients.delete(client);
        service.destroy();
      });
    service.on('error', () => {}).on('close', () => client.destroy());
    client.pipe(service).pipe(client);
  });
  const { url, stop } = await listening(server);
  return {
    url,
    stop,
    /** How many connections are open. */
    get open() {
      return clients.size;
    },
    /** Ends the connections, as a service does with idle ones, or a load balancer that has forgotten them. */
    cut(how: 'closed' | 'reset' | 'reset at its next use'): void {
      for (const client of clients) {
        if (how === 'closed') client.end();
        else if (how === 'reset') client.resetAndDestroy();
        else
          client
            .unpipe()
            .on('data', () => client.resetAndDestroy())
            .resume();
      }
    },
  };
}
