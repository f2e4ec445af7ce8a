/** Put in when the agent is bundled, from its package.json. */
declare const AGENT_VERSION: string;

export const version: string = typeof AGENT_VERSION === 'string' ? AGENT_VERSION : 'development';
