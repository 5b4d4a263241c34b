export { read, skip } from './json-reader';
export { search } from './search';
