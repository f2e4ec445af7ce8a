import { type DynamicModule, Module } from '@nestjs/common';
import { Fingerprints } from './fingerprint.js';
import { Installation, type OpenedInstallation } from './installation.js';
import { SecretBox } from './secret-box.js';

/** `SecretBox`, `Fingerprints` and `Installation`, injected by class. */
@Module({})
export class SealingModule {
  static with(opened: OpenedInstallation): DynamicModule {
    return {
      module: SealingModule,
      global: true,
      providers: [
        { provide: SecretBox, useValue: opened.secretBox },
        { provide: Fingerprints, useValue: opened.fingerprints },
        { provide: Installation, useValue: opened.installation },
      ],
      exports: [SecretBox, Fingerprints, Installation],
    };
  }
}
