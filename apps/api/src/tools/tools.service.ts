/** Questions that the pure core answers: nothing is stored, nothing outside is asked. */
import {
  effectiveTag,
  formatFamiliar,
  formatNormalized,
  type ImageListQuestion,
  type ImageListTargetError,
  type ImageReferenceError,
  type PullQuestion,
  parseImageReference,
  type RegistriesYamlQuestion,
  type RewriteRule,
} from '@moorage/core';
import { Injectable } from '@nestjs/common';
import { ComputingService } from '../computing/computing.service.js';
import { Problem } from '../http/problem.js';
import { presentImageList, presentPullPlan, presentReport } from './tools.presenter.js';

@Injectable()
export class ToolsService {
  constructor(private readonly computing: ComputingService) {}

  async checkRegistriesYaml(question: RegistriesYamlQuestion) {
    const { document } = question;
    return presentReport(await this.computing.run('checkRegistriesYaml', question, document));
  }

  async planPull(question: PullQuestion) {
    const text = JSON.stringify(question);
    const planned = await this.computing.run('planPull', question, text);
    if (!planned.ok) throw invalidReference(planned.error);
    return presentPullPlan(planned.value);
  }

  async applyRewrite(question: RewriteRule & { readonly repository: string }) {
    const text = JSON.stringify(question);
    const { outcome, toml } = await this.computing.run('tryRewrite', question, text);
    const { result, changed, compiles } = outcome;
    const { parses, patternSeen } = toml;
    return { result, changed, compiles, toml: { parses, patternSeen } };
  }

  parseImageReference(image: string) {
    const parsed = parseImageReference(image);
    if (!parsed.ok) throw invalidReference(parsed.error);
    const reference = parsed.value;
    return {
      registry: reference.registry,
      repository: reference.repository,
      tag: effectiveTag(reference),
      digest: reference.digest,
      normalized: formatNormalized(reference),
      familiar: formatFamiliar(reference),
    };
  }

  async planImageList(question: ImageListQuestion) {
    const planned = await this.computing.run('planImageList', question, question.document);
    if (!planned.ok) throw invalidTarget(planned.error);
    return presentImageList(planned.value);
  }

  async matchDockerConfig(keys: readonly string[], image: string) {
    const matched = await this.computing.run(
      'matchDockerConfigKeys',
      { keys, image },
      keys.join(''),
    );
    if (!matched.ok) throw invalidReference(matched.error);
    return { matched: [...matched.value] };
  }
}

function invalidReference(error: ImageReferenceError): Problem {
  const detail =
    error.suggestion === undefined ? error.detail : `${error.detail} Try: ${error.suggestion}`;
  return new Problem('image.reference-invalid', detail, {
    errors: [{ pointer: '/image', code: error.code, detail }],
  });
}

function invalidTarget({ code, detail, suggestion }: ImageListTargetError): Problem {
  const words = suggestion === undefined ? detail : `${detail} Try: ${suggestion}`;
  return new Problem('request.invalid', words, {
    errors: [{ pointer: '/target', code, detail: words }],
  });
}
