/** How Kubernetes begins the credential id of a client certificate; an equals sign and the fingerprint follow. */
export const credentialIdScheme = 'X509SHA256';
