/** Ports for programs that cannot be told "any free one" and report which. */
import { createServer } from 'node:net';

// A port is free until its program binds it; two callers in this process must not get the same.
const given = new Set<number>();

export async function freePort(): Promise<number> {
  for (;;) {
    const port = await askForPort();
    if (!given.has(port)) {
      given.add(port);
      return port;
    }
  }
}

function askForPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
