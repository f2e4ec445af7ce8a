/** How many objects one reading of a cluster takes: each leaves a few hundred bytes behind. */

export class TooManyObjects extends Error {
  constructor(max: number) {
    super(`The cluster holds more than ${max} objects that run images; no more are read.`);
  }
}

/** `take`, which throws `TooManyObjects` once it was called `max` times. */
export function upTo<T>(max: number, take: (object: T) => void): (object: T) => void {
  let taken = 0;
  return (object) => {
    taken += 1;
    if (taken > max) throw new TooManyObjects(max);
    take(object);
  };
}
