/** The probe, `alive.mjs <run directory>`: a program of its own, so that it costs as little as Node does. */
import { hasLifeSign } from './life-sign.js';

process.exitCode = hasLifeSign(process.argv[2] ?? '', Date.now()) ? 0 : 1;
