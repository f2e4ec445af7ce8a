/** Every request that a simulated server has answered, for tests that count them. */
import type { RequestSummary } from './faults.js';

export interface RequestRecord extends RequestSummary {
  readonly status: number;
  readonly userAgent: string;
}

/** Enough for the largest fast test; older entries are forgotten, the total is not. */
const keptRecords = 50_000;

export class RequestLog {
  #records: RequestRecord[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(record: RequestRecord): void {
    this.#total += 1;
    this.#records.push(record);
    if (this.#records.length > keptRecords) this.#records = this.#records.slice(keptRecords / 2);
  }

  records(): readonly RequestRecord[] {
    return this.#records;
  }

  count(matches: (record: RequestRecord) => boolean): number {
    return this.#records.filter(matches).length;
  }

  clear(): void {
    this.#records = [];
    this.#total = 0;
  }
}
