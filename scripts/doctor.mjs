// npm run doctor: what this machine and this checkout have and lack, and what to do about it. Changes nothing.
import { accessSync, constants, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { buildState } from './bootstrap/build.mjs';
import { bundledNodeVersion, isInstalled, npmVersion } from './bootstrap/install.mjs';
import { howToGet, missingParts, sizes } from './bootstrap/parts.mjs';
import { at } from './bootstrap/paths.mjs';
import { main } from './bootstrap/run.mjs';

const MASTER_KEY_BYTES = 32;
const env = process.env;

const good = (text) => ({ mark: 'ok', text });
const note = (text) => ({ mark: 'note', text });
const bad = (text) => ({ mark: 'BAD', text });

function checkTools() {
  const npm = npmVersion();
  const bundled = bundledNodeVersion();
  return [
    Number.parseInt(process.versions.node, 10) >= 20
      ? good(`Node ${process.versions.node} starts the scripts`)
      : bad(`Node ${process.versions.node} is too old: install Node 20 or newer`),
    npm && Number.parseInt(npm, 10) >= 10
      ? good(`npm ${npm}`)
      : bad(`npm ${npm ?? 'was not found'}: install npm 10 or newer`),
    bundled
      ? good(`Node ${bundled} runs the server`)
      : note('Node 24 is not there yet: npm start brings it'),
    isInstalled()
      ? good('packages are as the lock says')
      : note('packages differ from the lock: npm start installs them'),
    buildState('@moorage/api').isFresh
      ? good('the build is current')
      : note('the build is missing or old: npm start makes it'),
  ];
}

function listens(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function checkAddress() {
  const port = Number(env.PORT ?? 8080);
  const host = env.HOST ?? '127.0.0.1';
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    return bad(`PORT is "${env.PORT}", not a port number`);
  const code = await listens(port, host);
  if (code === null) return good(`${host}:${port} is free`);
  return code === 'EADDRINUSE'
    ? bad(`${host}:${port} is taken, perhaps by a Moorage that runs already: end it or set PORT`)
    : bad(`cannot listen on ${host}:${port} (${code}): set HOST or PORT`);
}

function checkMasterKey() {
  const key = env.MOORAGE_MASTER_KEY;
  if (key === undefined) {
    return env.DATABASE_URL
      ? bad(
          'DATABASE_URL is set without MOORAGE_MASTER_KEY: make one with openssl rand -base64 32 and keep it safe',
        )
      : good('the master key is in the data folder');
  }
  const length = Buffer.from(key, 'base64').length;
  return length === MASTER_KEY_BYTES
    ? good('MOORAGE_MASTER_KEY has 32 bytes')
    : bad(
        `MOORAGE_MASTER_KEY decodes to ${length} bytes, not 32: openssl rand -base64 32 makes one`,
      );
}

function checkDataFolder() {
  const folder = env.MOORAGE_DATA_DIR ?? at('.moorage');
  const status = statSync(folder, { throwIfNoEntry: false });
  if (!status) return note(`${folder} does not exist yet: the first start makes it`);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK);
  } catch {
    return bad(
      `${folder} cannot be written by this user: change its owner or set MOORAGE_DATA_DIR`,
    );
  }
  const isPrivate = (status.mode & 0o077) === 0;
  return isPrivate
    ? good(`${folder} is private`)
    : bad(`${folder} is open to others: chmod 700 ${folder}`);
}

const checkParts = () =>
  sizes.map((size) => {
    const missing = missingParts(size);
    return missing.length === 0
      ? good(`test:${size} has all that it needs`)
      : note(
          `test:${size} lacks ${missing.map(({ name }) => name).join(', ')}: ${howToGet(missing)}`,
        );
  });

await main(async () => {
  const findings = [
    ...checkTools(),
    await checkAddress(),
    checkMasterKey(),
    checkDataFolder(),
    ...checkParts(),
  ];
  for (const { mark, text } of findings) console.log(`${mark.padEnd(5)} ${text}`);
  return findings.some(({ mark }) => mark === 'BAD') ? 1 : 0;
});
