import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBasicLogin, passwordMaxBytes, usernameMaxBytes } from './credential-input.js';
import { SecretText } from './secret-text.js';
import { encodeUtf8Base64 } from './utf8-base64.js';

function codes(username: string, password: string): readonly string[] {
  const checked = checkBasicLogin({ username, password: SecretText.of(password) });
  return checked.ok ? [] : checked.error.map(({ code }) => code);
}

const jsonKey = JSON.stringify(
  {
    type: 'service_account',
    project_id: 'p',
    client_email: 'a@p.iam.gserviceaccount.com',
    private_key: 'planted-key',
  },
  null,
  2,
);

describe('accepted as they are', () => {
  it.each<[string, string, string]>([
    ['a plain login', 'ci', 'hunter2'],
    ['a Harbor robot', 'robot$team+ci', '$ecret$'],
    ['blanks inside', 'my user', ' pass word '],
    ['other scripts', 'пользователь', '密码🔑'],
    ['a colon in the password', 'ci', 'a:b:c'],
    ['the longest user name', 'u'.repeat(usernameMaxBytes), 'x'],
    ['the longest password', 'ci', 'p'.repeat(passwordMaxBytes)],
    ['a key file', '_json_key', jsonKey],
    ['a key file in base64', '_json_key_base64', encodeUtf8Base64(jsonKey)],
    [
      'wrapped base64',
      '_json_key_base64',
      `${encodeUtf8Base64(jsonKey).replace(/.{76}/g, '$&\n')}\n`,
    ],
  ])('takes %s', (_what, username, password) => {
    expect(codes(username, password)).toEqual([]);
  });

  it('gives back what it was given', () => {
    const login = { username: 'ci', password: SecretText.of('x') };
    expect(checkBasicLogin(login)).toEqual({ ok: true, value: login });
  });
});

describe('refused', () => {
  it.each<[string, string, readonly string[]]>([
    ['', 'x', ['credential.username-empty']],
    ['  ', 'x', ['credential.username-empty']],
    ['', '', ['credential.username-empty', 'credential.password-empty']],
    ['a:b', 'x', ['credential.username-has-colon']],
    [' ci', 'x', ['credential.username-has-blanks']],
    ['c\ni', 'x', ['credential.username-has-control']],
    ['ci\0', 'x', ['credential.username-has-control']],
    ['\ud800', 'x', ['credential.text-malformed']],
    [`${'u'.repeat(usernameMaxBytes - 1)}ü`, 'x', ['credential.username-too-long']],
    ['ci', '\udc00', ['credential.text-malformed']],
    ['ci', `${'p'.repeat(passwordMaxBytes)}p`, ['credential.password-too-long']],
    ['ci', 'planted\n', ['credential.password-has-line-break']],
    ['ci', 'planted\r\n', ['credential.password-has-line-break']],
    ['ci', 'plan\nted', ['credential.password-has-line-break']],
    ['ci', 'plan\0ted', ['credential.password-has-control']],
    ['ci', 'plan\tted', ['credential.password-has-control']],
    ['_json_key', 'planted', ['credential.json-key-not-json']],
    ['_json_key', '{"private_key": "planted', ['credential.json-key-not-json']],
    ['_json_key', '["planted"]', ['credential.json-key-not-json']],
    ['_json_key', 'null', ['credential.json-key-not-json']],
    ['_json_key', '{"private_key": "planted"}', ['credential.json-key-incomplete']],
    [
      '_json_key',
      jsonKey.replace('service_account', 'authorized_user'),
      ['credential.json-key-incomplete'],
    ],
    ['_json_key_base64', jsonKey, ['credential.json-key-not-base64']],
    ['_json_key_base64', encodeUtf8Base64('planted'), ['credential.json-key-not-json']],
    ['_json_key_base64', '', ['credential.password-empty']],
  ])('user %j with this password', (username, password, expected) => {
    expect(codes(username, password)).toEqual(expected);
  });

  it('tells a line break at the end, the common fault, from one inside', () => {
    const end = checkBasicLogin({ username: 'ci', password: SecretText.of('x\n') });
    const inside = checkBasicLogin({ username: 'ci', password: SecretText.of('x\ny') });
    expect(end.ok ? '' : end.error[0]?.suggestion).toMatch(/^Remove it/);
    expect(inside.ok ? '' : inside.error[0]?.suggestion).toBeUndefined();
  });

  it('names the missing fields of a key file', () => {
    const checked = checkBasicLogin({
      username: '_json_key',
      password: SecretText.of('{"type":"service_account","project_id":"p","private_key":7}'),
    });
    expect(checked.ok ? '' : checked.error[0]?.detail).toContain('client_email, private_key');
  });

  it('shows no part of a password in an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ci', '_json_key', '_json_key_base64'),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (username, before, after) => {
          const password = SecretText.of(`${before}planted-9f3a\n${after}`);
          const checked = checkBasicLogin({ username, password });
          expect(checked.ok).toBe(false);
          expect(JSON.stringify(checked)).not.toContain('planted-9f3a');
        },
      ),
    );
  });
});
