import { Injectable } from '@nestjs/common';
import { Fingerprints } from '../sealing/fingerprint.js';
import { Installation } from '../sealing/installation.js';

/** What tells our objects from others': the installation's id and its keyed hash. */
@Injectable()
export class SyncIdentity {
  constructor(
    private readonly installation: Installation,
    private readonly fingerprints: Fingerprints,
  ) {}

  get installationId(): string {
    return this.installation.id;
  }

  contentHash(bytes: Buffer | string): string {
    return this.fingerprints.contentHash(bytes);
  }
}
