/**
 * The key under which the API server states the credential of each request, since Kubernetes 1.32; a client cannot write
 * to it.
 */
export const credentialIdKey = 'authentication.kubernetes.io/credential-id';

/** How Kubernetes begins the credential id of a client certificate; an equals sign and the fingerprint follow. */
export const credentialIdScheme = 'X509SHA256';
