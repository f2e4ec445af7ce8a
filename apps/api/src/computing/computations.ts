/**
 * The answers of core that a large question makes expensive, in a form that can be computed in another
 * thread: what goes in and comes out are plain values. A secret of an imported file crosses the thread
 * boundary as text and is wrapped again on the other side.
 */
import {
  applyRewrite,
  checkRegistriesYaml,
  type ImportEnvironment,
  type ImportPlan,
  type ImportQuestion,
  maskedSecret,
  matchDockerConfigKeys,
  type NodeConfigDraft,
  type NodeConfigFormat,
  type NodeConfigModel,
  type NodeConfigRegistry,
  planImageList,
  planNodeConfigImport,
  planPull,
  previewNodeConfig,
  type Result,
  type RewriteRule,
  SecretText,
  viewThroughToml,
} from '@moorage/core';

export const computations = {
  checkRegistriesYaml,
  planPull,
  planImageList,
  matchDockerConfigKeys: ({ keys, image }: { keys: readonly string[]; image: string }) =>
    matchDockerConfigKeys(keys, image),
  tryRewrite: ({ repository, ...rule }: RewriteRule & { readonly repository: string }) => ({
    outcome: applyRewrite(rule, repository),
    toml: viewThroughToml(rule),
  }),
  previewNodeConfig: ({ stored, draft, format }: PreviewQuestion) =>
    previewNodeConfig(withMarks(stored), draft, format),
  planNodeConfigImport: ({ question, environment }: ImportInput) =>
    withPlainSecrets(planNodeConfigImport(question, environment)),
} as const;

export type Computation = keyof typeof computations;
export type InputOf<C extends Computation> = Parameters<(typeof computations)[C]>[0];
export type OutputOf<C extends Computation> = ReturnType<(typeof computations)[C]>;

export interface ImportInput {
  readonly question: ImportQuestion;
  readonly environment: ImportEnvironment;
}

type PlainLogin = Omit<ImportPlan['logins'][number], 'password'> & { readonly password: string };
type PlainPlan = Omit<ImportPlan, 'logins'> & { readonly logins: readonly PlainLogin[] };

function withPlainSecrets<E>(planned: Result<ImportPlan, E>): Result<PlainPlan, E> {
  if (!planned.ok) return planned;
  const logins = planned.value.logins.map((login) => ({
    ...login,
    password: login.password.reveal(),
  }));
  return { ok: true, value: { ...planned.value, logins } };
}

export function withWrappedSecrets(plan: PlainPlan): ImportPlan {
  const logins = plan.logins.map((login) => ({
    ...login,
    password: SecretText.of(login.password),
  }));
  return { ...plan, logins };
}

export interface PreviewQuestion {
  readonly stored: MarkedModel;
  readonly draft: NodeConfigDraft;
  readonly format: NodeConfigFormat;
}

type MarkedRegistry = Omit<NodeConfigRegistry, 'credential' | 'tls'> & {
  readonly credential: { readonly id: string; readonly username: string } | null;
  readonly tls: Omit<NodeConfigRegistry['tls'], 'clientKey'> & { readonly hasClientKey: boolean };
};
export type MarkedModel = Pick<NodeConfigModel, 'mirrors'> & {
  readonly registries: readonly MarkedRegistry[];
};

/** The model without its secrets, which are marks anyway. */
export function withoutMarks({ mirrors, registries }: NodeConfigModel): MarkedModel {
  return {
    mirrors,
    registries: registries.map(({ credential, tls, ...registry }) => {
      const { clientKey, ...rest } = tls;
      return {
        ...registry,
        tls: { ...rest, hasClientKey: clientKey !== undefined },
        credential: credential && { id: credential.id, username: credential.username },
      };
    }),
  };
}

const MARK = SecretText.of(maskedSecret);

function withMarks({ mirrors, registries }: MarkedModel): NodeConfigModel {
  return {
    mirrors,
    registries: registries.map(({ credential, tls: { hasClientKey, ...tls }, ...registry }) => ({
      ...registry,
      tls: { ...tls, ...(hasClientKey && { clientKey: MARK }) },
      credential: credential && { ...credential, password: MARK },
    })),
  };
}
