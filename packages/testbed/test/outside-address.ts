/**
 * A registry of the test under an address that is not loopback. dockerd trusts what resolves to loopback
 * without any certificate, so that only from outside can be seen what it trusts.
 */
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** An IPv4 address of this machine; undefined where there is none but loopback. */
export function outsideAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** Passes connections on from that address to the same port of loopback. */
export function forwardPort(address: string, port: number): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((outside) => {
    const inside = connect(port, '127.0.0.1');
    outside.pipe(inside).pipe(outside);
    open.add(outside);
    outside.on('close', () => open.delete(outside));
    // The one end tells of its fault by closing the other.
    outside.on('error', () => inside.destroy());
    inside.on('error', () => outside.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      resolve(() => {
        const closed = new Promise<void>((done) => server.close(() => done()));
        for (const socket of open) socket.destroy();
        return closed;
      });
    });
  });
}
