export { type ImageListCode, imageListCodes } from './codes.js';
export {
  type ImageListPlan,
  type ImageListQuestion,
  type ImageListTargetError,
  planImageList,
} from './plan-image-list.js';
