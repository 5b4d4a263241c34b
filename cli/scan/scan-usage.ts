export const usage = `Usage: csrwatch scan [options] [INPUT…]

Reads Kubernetes audit logs of any format, compressed or not, and evaluates the detection
rules on every event. An INPUT is a file, a tar archive of files, a folder (read recursively),
a quoted pattern such as 'logs/**/*.gz', or s3://BUCKET/PREFIX. Without an INPUT, or with -,
it reads standard input.

  --files-from FILE          read the inputs that FILE lists, one per line; - is standard input
  --log-group NAME           search a log group of CloudWatch Logs; needs --since
  --jobs N                   read up to N inputs at the same time
  --cluster NAME             use this cluster name, whatever the logs contain

Which rules:
  --query KQL                evaluate this condition instead of the rules
  --rule PATH                use this rule file, or folder of rule files, instead of the
                             built-in rules; may be repeated
  --only ID                  evaluate only this rule; may be repeated
  --except NAME              apply a predefined exception (see rules list) or a file of
                             exceptions; may be repeated
  --suggest-exceptions       print exceptions, in KQL, for the activity that is found instead of
                             the findings; never one for a critical finding

Which of their findings:
  --since TIME, --until TIME a date (UTC), a time with its zone, or an age: 2h, 7d
  --min-severity SEVERITY    low, medium, high or critical
  --actor NAME               of this user name or IAM identity; as text, also a timeline of
                             everything the actor did
  --csr NAME                 on the CSR of this name or uid
  --certificate SHA256       on the certificate with this fingerprint; as text, also a
                             timeline of the requests made with it

Output:
  --format FORMAT            text (default), markdown for a ticket, ndjson (one finding per
                             line), json (one document) or csv
  --sort severity|time       the order of the stories, as text and markdown
  --summary                  print only the overview, as text or markdown
  --report FILE.html         also write a page: overview, drawn timeline, stories, filters
  --strict                   treat warnings as errors, and exit with 2 if a record was rejected
                             or is suspicious, or an input contains no audit event
  --help, --version

Examples:
  npx csrwatch scan audit.log
  npx csrwatch scan --format ndjson 'logs/**/*.gz' | head
  npx csrwatch scan --query 'user.name:"alice" and event.outcome:failure' audit.log
  find logs -type f -mtime -7 | npx csrwatch scan --files-from -

Exit status: 0 without findings, 1 with findings, 2 for a usage error, a rule that does not
compile, or an input that could not be read to its end. npx prints nothing and exits with 249 if
the arguments take more than 128 KB: name a folder, quote the pattern, or use --files-from.
`;
