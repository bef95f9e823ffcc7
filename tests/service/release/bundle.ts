import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The last release as operators run it, with the packages it had: what `npm run bundle` made of it. */

const FILE = join(import.meta.dirname, 'bundle.tar.zst');
const SAME_BYTES = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=go=rX'];
const MOST_BYTES = 64 * 1024 * 1024;

/** @param folder with a bundle */
export function saveBundle(folder: string): void {
  const tar = execFileSync('tar', ['-C', folder, ...SAME_BYTES, '-cf', '-', '.'], { maxBuffer: MOST_BYTES });
  const params = {
    [constants.ZSTD_c_compressionLevel]: 19,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    [constants.ZSTD_c_windowLog]: 24,
  };
  writeFileSync(FILE, zstdCompressSync(tar, { params }));
}

/** @returns the folder that it was unpacked to */
export function unpackBundle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-release-'));
  const input = zstdDecompressSync(readFileSync(FILE), { maxOutputLength: MOST_BYTES });
  execFileSync('tar', ['-C', folder, '-xf', '-'], { input });
  return folder;
}
