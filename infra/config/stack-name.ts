/** What CloudFormation takes as the name of a stack. */
export const stackNamePattern = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
