// One address in front of two development servers, so that cookies and paths are those of production.
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

const API = /^\/(api|v1|v2-beta|healthz|readyz|metrics)(\/|\?|$)/;

function passRequest(port, incoming, outgoing) {
  const { method, url, headers } = incoming;
  const forward = request({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  forward.on('error', () => {
    if (!outgoing.headersSent) outgoing.writeHead(503, { 'retry-after': '1' });
    outgoing.end('The server behind is restarting; reload in a moment.\n');
  });
  incoming.pipe(forward);
}

/** Passes a WebSocket (Next's reload channel) through as bytes. */
function passUpgrade(port, incoming, socket, head) {
  const forward = connect(port, '127.0.0.1', () => {
    const headers = [];
    for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
      headers.push(`${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}`);
    }
    forward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    forward.write(head);
    socket.pipe(forward).pipe(socket);
  });
  forward.on('error', () => socket.destroy());
  socket.on('error', () => forward.destroy());
}

/** Listens on `port` and sends what belongs to the API there, all else to the console. */
export function startFront({ port, apiPort, consolePort }) {
  const portOf = (url) => (API.test(url ?? '/') ? apiPort : consolePort);
  const server = createServer((incoming, outgoing) =>
    passRequest(portOf(incoming.url), incoming, outgoing),
  );
  server.on('upgrade', (incoming, socket, head) =>
    passUpgrade(portOf(incoming.url), incoming, socket, head),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** A port that was free a moment ago. */
export function findFreePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
