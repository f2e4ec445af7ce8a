/** Every reason why a line of an image list is not copied; a reference that cannot be read has its own. */
export const imageListCodes = [
  'image-list.blanks',
  'image-list.is-on-target',
  'image-list.registry-has-no-mirror',
  'image-list.target-taken',
  'image-list.target-too-long',
  'image-list.too-many-images',
  'image-list.too-many-problems',
] as const;

export type ImageListCode = (typeof imageListCodes)[number];
