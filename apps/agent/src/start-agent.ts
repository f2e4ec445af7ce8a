/** Puts the agent together from its settings. */
import { setTimeout as delay } from 'node:timers/promises';
import { nodePathsOf } from '@moorage/core';
import { Agent } from './agent.js';
import { ApiConnection } from './cluster/api-connection.js';
import { ConfigWatch } from './cluster/config-watch.js';
import { NodeFacts } from './cluster/node-facts.js';
import { ReportWriter } from './cluster/report-writer.js';
import { RestartLeaseFile } from './cluster/restart-lease.js';
import type { Settings } from './env.js';
import { KeptCopies } from './files/kept-copies.js';
import { NodeDisk } from './files/node-disk.js';
import { NodeFiles } from './files/node-files.js';
import { StateFile } from './files/state-file.js';
import { giveLifeSign } from './life-sign.js';
import type { Log } from './log.js';
import { Health } from './restart/health.js';
import { LoginsReader } from './restart/logins-reader.js';
import { Restarts } from './restart/restarts.js';
import { ServiceStart } from './restart/service-start.js';
import { version } from './version.js';

/** The kubelet renews a token at four fifths of its life, of an hour by default. */
const tokenCheckMs = 60_000;

/** Between two looks at the health of a node that is coming back. */
const healthPauseMs = 2_000;

export async function startAgent(settings: Settings, log: Log, signal: AbortSignal): Promise<void> {
  const api = await ApiConnection.open({
    host: settings.KUBERNETES_SERVICE_HOST,
    port: settings.KUBERNETES_SERVICE_PORT,
    accountDirectory: settings.MOORAGE_AGENT_ACCOUNT_DIR,
    userAgent: `moorage/${version} (agent)`,
  });
  let wake = () => {};
  const watch = new ConfigWatch(api, log, () => wake());
  const agent = buildAgent(settings, api, watch, log);
  wake = () => agent.wake();
  log.info('started', {
    version,
    node: settings.MOORAGE_AGENT_NODE,
    distribution: settings.MOORAGE_AGENT_DISTRIBUTION,
    restart: settings.MOORAGE_AGENT_RESTART,
  });
  watch.start();
  const renewing = renewToken(api, watch, log, signal);
  try {
    await agent.run(signal);
  } finally {
    watch.stop();
    await renewing;
    await api.close();
    log.info('stopped');
  }
}

async function renewToken(
  api: ApiConnection,
  watch: ConfigWatch,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await delay(tokenCheckMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      if (await api.refresh()) watch.start();
    } catch {
      log.warn('the account of the pod cannot be read');
    }
  }
}

function buildAgent(settings: Settings, api: ApiConnection, watch: ConfigWatch, log: Log): Agent {
  const node = settings.MOORAGE_AGENT_NODE;
  const distribution = settings.MOORAGE_AGENT_DISTRIBUTION;
  const now = () => Date.now();
  const signOfLife = () => giveLifeSign(settings.MOORAGE_AGENT_RUN_DIR);
  const disk = new NodeDisk(settings.MOORAGE_AGENT_HOST_ROOT);
  const state = new StateFile(disk, log);
  const facts = new NodeFacts(api, node, distribution);
  const start = new ServiceStart(disk, nodePathsOf(distribution).startMarker);
  const reader = new LoginsReader(distribution, disk, state, start);
  const files = new NodeFiles({
    disk,
    state,
    copies: new KeptCopies(disk),
    log,
    options: {
      distribution,
      disableDefaultEndpoint: settings.MOORAGE_AGENT_DISABLE_DEFAULT_ENDPOINT === 'true',
      embeddedRegistry: settings.MOORAGE_AGENT_EMBEDDED_REGISTRY ?? null,
    },
    now,
  });
  const command = settings.MOORAGE_AGENT_RESTART_COMMAND ?? [];
  const restarts =
    settings.MOORAGE_AGENT_RESTART === 'never'
      ? null
      : new Restarts({
          node,
          command,
          timeLimitMs: settings.MOORAGE_AGENT_TIME_LIMIT_SECONDS * 1000,
          pauseMs: healthPauseMs,
          lease: new RestartLeaseFile(api),
          health: new Health({
            distribution,
            command: settings.MOORAGE_AGENT_HEALTH_COMMAND ?? null,
            url: settings.MOORAGE_AGENT_HEALTH_URL ?? null,
            facts,
          }),
          files,
          state,
          log,
          readAtStart: () => reader.digest(),
          signOfLife,
          now,
        });
  return new Agent({
    node,
    distribution,
    version,
    intervalMs: settings.MOORAGE_AGENT_INTERVAL_SECONDS * 1000,
    watch,
    facts,
    report: new ReportWriter(api, node, now),
    files,
    state,
    reader,
    restarts,
    log,
    signOfLife,
    now,
  });
}
