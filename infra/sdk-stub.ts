// What infra/bundle.ts puts in the place of the SDK's parts that Lambda never reaches.
throw new Error(
  "csrwatch takes its credentials from the environment, as Lambda sets them: its bundle does not contain the SDK's other credential providers",
);
