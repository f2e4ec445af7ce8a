import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Id } from './page.js';
import { MEMBER_ROLES, PERMISSIONS, USER_ROLES } from './permissions.js';

export const SignIn = z
  .strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(1024) })
  .meta({ id: 'SignIn' });

export const Session = z
  .object({
    user: z.object({
      id: Id,
      username: z.string(),
      displayName: z.string(),
      role: z.enum(USER_ROLES),
    }),
    /** installation-wide permissions of this caller */
    permissions: z.array(z.enum(PERMISSIONS)),
    environments: z.array(
      z.object({
        id: Id,
        name: z.string(),
        displayName: z.string(),
        simulated: z.boolean(),
        role: z.enum([...MEMBER_ROLES, 'admin']),
        permissions: z.array(z.enum(PERMISSIONS)),
      }),
    ),
    version: z.string(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

export const sessionEndpoints = {
  signIn: defineEndpoint({
    id: 'signIn',
    method: 'POST',
    path: '/session',
    tag: 'Session',
    access: 'public',
    status: 204,
    summary: 'Sign in: sets the session cookie',
    body: SignIn,
    problems: ['session.invalid-login', 'request.rate-limited', 'request.cross-site'],
  }),
  getSession: defineEndpoint({
    id: 'getSession',
    method: 'GET',
    path: '/session',
    tag: 'Session',
    access: 'signed-in',
    status: 200,
    summary: 'Who am I, and what may I do where',
    reply: Session,
    problems: [],
  }),
  signOut: defineEndpoint({
    id: 'signOut',
    method: 'DELETE',
    path: '/session',
    tag: 'Session',
    access: 'signed-in',
    status: 204,
    summary: 'Sign out: ends this session',
    problems: [],
  }),
};
