export { loadDirectory } from '../host/directory.ts';
