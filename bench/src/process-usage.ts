/** CPU time and connections of a running process, read from /proc (Linux, proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * CPU time of all threads in milliseconds. From `schedstat`, in nanoseconds: `stat` counts ticks
 * of 10 ms, which is as much as a small run uses. Threads that ended are lost; Node keeps its own.
 */
export function cpuTimeMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      return 0; // ended between the listing and the reading
    }
  });
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
}

/** Local ports of the process's established IPv4 connections to a port of this machine. */
export function connectionsTo(pid: number, port: number): readonly number[] {
  const own = socketInodes(pid);
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2]?.endsWith(`:${wanted}`) === true && fields[3] === established)
    .filter((fields) => own.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

const established = '01';

function socketInodes(pid: number): ReadonlySet<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return ''; // closed between the listing and the reading
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** Which connections a process had to a port while it was watched, sampled. */
export class ConnectionSampler {
  readonly #seen = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  constructor(
    private readonly pid: number,
    private readonly port: number,
  ) {
    this.#sample();
    // Rarely enough not to disturb; a connection per request would still show as many ports.
    this.#timer = setInterval(() => this.#sample(), 50);
  }

  #sample(): void {
    const ports = connectionsTo(this.pid, this.port);
    this.#most = Math.max(this.#most, ports.length);
    for (const port of ports) this.#seen.add(port);
  }

  /** The most at one moment, and how many different ones in all. */
  stop(): { readonly most: number; readonly different: number } {
    clearInterval(this.#timer);
    this.#sample();
    return { most: this.#most, different: this.#seen.size };
  }
}
