import type { ImagePolicy, ImageResolution, StoppedImages } from '@moorage/contract';
import type { Tone } from '../../components/status-badge';

export type PolicyMode = ImagePolicy['mode'];
export type InForceState = ImagePolicy['clusters'][number]['whitelist']['state'];
export type Outcome = ImageResolution['clusters'][number]['outcome'];
type Source = StoppedImages['sources'][number];

/** From weak to strong. */
export const MODES = ['off', 'warn', 'enforce'] as const satisfies readonly PolicyMode[];

export function isWeaker(mode: PolicyMode, than: PolicyMode): boolean {
  return MODES.indexOf(mode) < MODES.indexOf(than);
}

/** The API server applies it, by refusing or by warning. */
export function holds(state: InForceState): boolean {
  return state === 'in-force' || state === 'warns';
}

/** Words in `policy.state`. */
export const IN_FORCE_TONES: Readonly<Record<InForceState, Tone>> = {
  off: 'off',
  'in-force': 'ok',
  warns: 'warn',
  pending: 'wait',
  'not-proven': 'warn',
  failed: 'bad',
  conflict: 'bad',
  unavailable: 'bad',
  unreachable: 'bad',
};

export const OUTCOME_TONES = {
  runs: 'ok',
  warns: 'warn',
  refused: 'bad',
} as const satisfies Record<Outcome, Tone>;

export const ENGINES = ['kubernetes', 'kyverno', 'gatekeeper'] as const;
export type Engine = (typeof ENGINES)[number];
export const ENGINE_NAMES: Readonly<Record<Engine, string>> = {
  kubernetes: 'Kubernetes',
  kyverno: 'Kyverno',
  gatekeeper: 'Gatekeeper',
};

export const SOURCE_TONES = {
  read: 'ok',
  forbidden: 'warn',
  unavailable: 'mute',
  unreachable: 'bad',
} as const satisfies Record<Source['events' | 'metrics']['state'], Tone>;

/** Of the clusters of an impact report. */
export const READING_TONES = { read: 'ok', unreachable: 'bad', forbidden: 'bad' } as const;
