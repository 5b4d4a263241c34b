/** What a message looks like: docs/configuration.md says who reads which. */
export const renderings = ['json', 'text', 'chat', 'alarm'] as const;
export type Rendering = (typeof renderings)[number];
