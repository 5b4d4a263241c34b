import type { Deployment } from './config.ts';
import { version } from './version.ts';

/** Of the stack and of each resource that can have tags. */
export const ownTags = { application: 'csrwatch', 'csrwatch-version': version };

export const descriptions: Readonly<Record<Deployment['kind'], string>> = {
  detector: 'csrwatch: alerts when a Kubernetes client certificate is requested or approved',
  'source-account': 'csrwatch: sends audit logs to the central account',
};
