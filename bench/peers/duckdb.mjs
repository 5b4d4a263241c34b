// DuckDB decompresses the gzip itself.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:', { threads: process.argv[3] ?? '2' });
const connection = await instance.connect();
const path = (process.argv[2] ?? '').replaceAll("'", "''");
const result = await connection.runAndReadAll(
  `select count(*) from read_csv('${path}', delim=chr(1), quote='', escape='', header=false, columns={'line': 'varchar'}, max_line_size=67108864)
   where json_extract_string(line, '$.objectRef.resource') = 'certificatesigningrequests'
   and json_extract_string(line, '$.verb') in ('create', 'update', 'patch')`,
);
console.log(String(result.getRows()[0]?.[0]));
