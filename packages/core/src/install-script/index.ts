export { buildInstallScript, type InstallSubject } from './build-install-script.js';
