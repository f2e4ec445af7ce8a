export { type ImageListCode, imageListCodes } from './codes.js';
export { type ImageListPlan, type ImageListQuestion, planImageList } from './plan-image-list.js';
