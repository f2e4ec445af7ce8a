import type { ApiKey } from '@moorage/contract';
import { call } from '../../lib/api';
import type { Input } from '../../lib/operations';

export const addApiKey = (body: Input<'createApiKey'>['body']) => call('createApiKey', { body });
export const deleteApiKey = ({ id }: ApiKey) => call('deleteApiKey', { keyId: id });
