/** The cluster whose control plane EKS logs to this group, which EKS names after it. */
export function eksClusterOf(logGroup: string): string | undefined {
  return /^\/aws\/eks\/([^/]+)\/cluster$/.exec(logGroup)?.[1];
}
