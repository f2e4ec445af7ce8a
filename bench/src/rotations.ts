/** P6: what a watcher may never see while logins are being rotated. */
import type { Finding } from './finding.js';
import type { PropagationStage } from './propagation-stage.js';

export async function measureRotations(
  stage: PropagationStage,
  rotations: number,
): Promise<readonly Finding[]> {
  await stage.serveFirst();
  stage.watcher.resetForbidden();
  for (let round = 0; round < rotations; round += 1) await stage.rotate();
  const { examples: _, ...counts } = stage.watcher.forbidden();
  await stage.removeTarget();
  const { missing, torn, uidChanged, regressed, detached } = counts;
  return [
    {
      goal: 'P6',
      what: 'seen in rotations: Secret missing, torn, new UID, older again, detached',
      limit: '0, 0, 0, 0, 0',
      figure: [missing, torn, uidChanged, regressed, detached].join(', '),
      isMet: Object.values(counts).every((count) => count === 0),
      sizes: `${stage.namespaces.length} namespaces, ${rotations} rotations`,
    },
  ];
}
