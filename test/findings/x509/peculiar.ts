/**
 * `@peculiar/x509`, whose container asks for the package reflect-metadata and then makes no use of it here: no class
 * of ours is injected anywhere.
 */
Object.assign(Reflect, {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  defineMetadata: () => {},
});

export const x509 = await import('@peculiar/x509');
