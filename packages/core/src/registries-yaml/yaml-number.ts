/**
 * Which texts fit the tags `!!int`, `!!float` and `!!timestamp`. Without such a tag nothing in a
 * `registries.yaml` depends on it: fields are texts, and texts stay as written.
 *
 * Source: gopkg.in/yaml.v2 v2.4.0 `resolve.go`; Go `strconv.ParseInt` with base 0.
 *
 * Does not handle: floats beyond the range of 64 bits.
 */
export function fitsNumberTag(tag: 'int' | 'float' | 'timestamp', text: string): boolean {
  // A number begins like one; what looks like a date is a date before it is anything else.
  if (isTimestamp(text)) {
    return tag === 'timestamp';
  }
  if (tag === 'timestamp' || !/^[-+.0-9]/.test(text)) {
    return false;
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text)) {
    return tag === 'float';
  }
  if (text.startsWith('.')) {
    return tag === 'float' && /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/.test(text);
  }
  const plain = text.replaceAll('_', '');
  const integer = integerOf(plain);
  if (integer !== null) {
    // As a float only what fits a signed integer is converted.
    return integer <= (tag === 'float' ? maxSigned : maxUnsigned);
  }
  return (
    tag === 'float' && /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(plain)
  );
}

const maxSigned = 2n ** 63n - 1n;
const maxUnsigned = 2n ** 64n - 1n;

function integerOf(text: string): bigint | null {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (match === null) {
    return null;
  }
  const [, sign = '', digits = ''] = match;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const isInRange =
    sign === '-' ? value <= maxSigned + 1n : value <= (sign === '+' ? maxSigned : maxUnsigned);
  return isInRange ? (sign === '-' ? -value : value) : null;
}

const timestamp =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?$/;

function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (match === null) {
    return false;
  }
  const [year = 0, month = 0, day = 0, ...times] = match.slice(1).map((part) => Number(part ?? 0));
  const [hour = 0, minute = 0, second = 0] = [0, 1, 2].map(
    (i) => (times[i] ?? 0) + (times[i + 3] ?? 0),
  );
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}
