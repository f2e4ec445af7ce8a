import type { SecretText } from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { Fingerprints } from '../sealing/fingerprint.js';
import { type Sealed, SecretBox } from '../sealing/secret-box.js';
import {
  credentialSecretIdentity,
  fingerprintLogin,
  type Login,
  type SealedLogin,
  sealLogin,
} from './credential-secret.js';

/** Seals and opens the secrets of credentials with this installation's keys. */
@Injectable()
export class CredentialSealer {
  constructor(
    private readonly box: SecretBox,
    private readonly fingerprints: Fingerprints,
  ) {}

  seal(credentialId: string, login: Login): SealedLogin {
    return sealLogin(this.box, this.fingerprints, credentialId, login);
  }

  fingerprint(login: Login): Buffer {
    return fingerprintLogin(this.fingerprints, login);
  }

  open(credentialId: string, sealed: Sealed): SecretText {
    return this.box.open(sealed, credentialSecretIdentity(credentialId));
  }
}
