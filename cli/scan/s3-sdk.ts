// Loaded lazily, since most scans read files. A module of its own, so that the package holds only these parts: of a package
// that is imported dynamically, esbuild keeps every command.
export { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
